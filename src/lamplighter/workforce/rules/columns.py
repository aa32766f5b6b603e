"""The columns of a log as data: read from one line of text each, and checked where a line is written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from lamplighter.kernel.numerals import ungrouped

LINE = re.compile(r"(?P<label>[^:]+?)(?P<free>\s*\(optional\))?\s*:\s*(?P<kind>\w+)(?:\s+of\s+(?P<choices>.+))?")
DOLLARS = re.compile(r"-?\d+(\.\d{1,2})?")
MOST, LONGEST = 8, 200


class CannotKeep(Exception):
    """A log or a line of it can't be kept so; the message is fit to be read aloud."""


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DAY = "day"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class LogColumn:
    label: str
    kind: Kind
    choices: tuple[str, ...] = ()
    required: bool = True

    def as_data(self) -> dict[str, Any]:
        return {"label": self.label, "kind": self.kind, "choices": list(self.choices), "required": self.required}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> LogColumn:
        return cls(data["label"], Kind(data["kind"]), tuple(data["choices"]), data["required"])


def columns_from(text: str) -> tuple[LogColumn, ...]:
    """One column a line: `Key: text`, `Amount: money`, `Why: choice of repair, visit`, `Note (optional): text`."""
    found = [_column(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not 1 <= len(found) <= MOST:
        raise CannotKeep(f"A log has one to {MOST} columns; this names {len(found)}.")
    labels = [one.label.casefold() for one in found]
    if twice := next((one.label for one in found if labels.count(one.label.casefold()) > 1), None):
        raise CannotKeep(f"The column “{twice}” stands there twice.")
    return tuple(found)


def checked(columns: Sequence[LogColumn], said: Sequence[str]) -> list[str]:
    """The values of a line in the order of the columns, each in the form in which it is kept. Raises CannotKeep."""
    return [_value(column, typed.strip()) for column, typed in zip(columns, said, strict=True)]


def _column(number: int, line: str) -> LogColumn:
    found = LINE.fullmatch(line)
    if found is None or found["kind"] not in set(Kind):
        kinds = ", ".join(Kind)
        raise CannotKeep(f"Line {number}: write “Name: kind”, where the kind is one of {kinds}.")
    kind, choices = (
        Kind(found["kind"]),
        tuple(one.strip() for one in (found["choices"] or "").split(",") if one.strip()),
    )
    if (kind is Kind.CHOICE) != (len(choices) > 1):
        raise CannotKeep(
            f"Line {number}: only a choice names its choices, two or more: “Why: choice of repair, visit”."
        )
    return LogColumn(found["label"].strip()[:40], kind, choices, required=not found["free"])


def _value(column: LogColumn, typed: str) -> str:
    if not typed:
        if column.required:
            raise CannotKeep(f"Fill in “{column.label}”.")
        return ""
    match column.kind:
        case Kind.NUMBER:
            return _number(column, typed)
        case Kind.MONEY:
            plain = ungrouped(typed.replace("$", ""))
            if not DOLLARS.fullmatch(plain):
                raise CannotKeep(f"“{column.label}” is an amount in dollars, such as 12.50.")
            return f"{Decimal(plain):.2f}"
        case Kind.DAY:
            return _day(column, typed)
        case Kind.CHOICE if typed not in column.choices:
            raise CannotKeep(f"“{column.label}” is one of {', '.join(column.choices)}.")
    return typed[:LONGEST]


def _number(column: LogColumn, typed: str) -> str:
    try:
        found = Decimal(ungrouped(typed))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise CannotKeep(f"“{column.label}” is a number.")
    return f"{found:f}"


def _day(column: LogColumn, typed: str) -> str:
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        raise CannotKeep(f"“{column.label}” is a day, such as 2026-11-20.") from None
