"""Merge fields: what a template may ask for, of which type, and how a value is written in each language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from lamplighter.kernel.findings import Finding
from lamplighter.kernel.money import Money
from lamplighter.notices.languages import Language, full_date, short_day

Value = str | Money | date | int
NAME = re.compile(r"[a-z][a-z0-9_]*")
STANDING = {
    "utility": "the utility's name",
    "phone": "its telephone number",
    "website": "its web address",
    "office": "its counter's address and hours",
}


class FieldType(StrEnum):
    TEXT = "text"  # one line
    MONEY = "money"
    DAY = "day"  # "Thu, Dec 3"
    DATE = "date"  # "Nov 18, 2026"
    COUNT = "count"  # 1,240
    CHOICE = "choice"  # a key, whose words the template has in each language


@dataclass(frozen=True, slots=True)
class Field:
    """A merge field, with a sample as it would be typed: `186.42`, `2026-12-03`."""

    name: str
    type: FieldType
    sample: str

    @property
    def sample_value(self) -> Value:
        """The sample as a value of the type. Raises ValueError or, of no number, ArithmeticError."""
        match self.type:
            case FieldType.TEXT | FieldType.CHOICE:
                return self.sample
            case FieldType.MONEY:
                return Money.exactly(self.sample)
            case FieldType.DAY | FieldType.DATE:
                return date.fromisoformat(self.sample)
            case FieldType.COUNT:
                return int(self.sample)


def check_values(
    fields: Iterable[Field], values: Mapping[str, Value], options: Mapping[str, tuple[str, ...]]
) -> tuple[Finding, ...]:
    """Every field has a value of its type, and every value a field; each that does not is named.

    `options` are the keys among which each choice field chooses.
    """
    declared = {field.name: field for field in fields}
    missing = [f"{name} is missing." for name in declared if name not in values]
    unknown = [f"{name} is not a field of this template." for name in values if name not in declared]
    wrong = [
        f"{name} must be {_EXPECTED[field.type]}, not {type(values[name]).__name__}."
        for name, field in declared.items()
        if name in values and not _fits(values[name], field.type)
    ]
    wrong += [
        f"{name} must be one of {', '.join(options.get(name, ()))}."
        for name, field in declared.items()
        if field.type is FieldType.CHOICE and name in values and values[name] not in options.get(name, ())
    ]
    return tuple(Finding("notices.values", message) for message in (*missing, *unknown, *wrong))


def written(value: Value, kind: FieldType, language: Language) -> str:
    """The value as that language's reader expects it; money always as $1,240.00. A choice has words of its own."""
    assert kind is not FieldType.CHOICE
    assert _fits(value, kind), f"{value!r} is no {kind}"
    match kind, value:
        case FieldType.DAY, date():
            return short_day(value, language)
        case FieldType.DATE, date():
            return full_date(value, language)
        case FieldType.COUNT, int():
            return f"{value:,}"
        case _:
            return str(value)


def _fits(value: Value, kind: FieldType) -> bool:
    match kind:
        case FieldType.TEXT | FieldType.CHOICE:
            return isinstance(value, str) and bool(value.strip()) and value.isprintable()
        case FieldType.MONEY:
            return isinstance(value, Money)
        case FieldType.DAY | FieldType.DATE:
            return isinstance(value, date) and not isinstance(value, datetime)
        case FieldType.COUNT:
            return isinstance(value, int) and not isinstance(value, bool)


_EXPECTED = {
    FieldType.TEXT: "one line of text",
    FieldType.MONEY: "an amount of money",
    FieldType.DAY: "a day",
    FieldType.DATE: "a day",
    FieldType.COUNT: "a whole number",
    FieldType.CHOICE: "the key of a choice",
}
