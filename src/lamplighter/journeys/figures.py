"""The figures of parameters, as people read and type them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from lamplighter.kernel.money import Money
from lamplighter.kernel.numerals import ungrouped


class CannotRead(Exception):
    """A figure that was typed can't be read; the message says which and what is expected."""


class Kind(StrEnum):
    MONEY = "money"
    WHOLE = "whole"
    PERCENT = "percent"
    YES = "yes"
    TIME = "time"


EXPECTED = {Kind.MONEY: "an amount, like 12.50", Kind.WHOLE: "a whole number", Kind.PERCENT: "a number",
            Kind.YES: "yes or no", Kind.TIME: "a time of the day, like 8:30 or 17:00"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a parameter. As text: `12.50`, `21`, `0.75`, `yes`; empty where `empty` says what that means."""

    name: str
    label: str
    kind: Kind
    empty: str = ""

    def read(self, typed: str) -> Any:
        """Raises CannotRead."""
        said = ungrouped(typed.replace("$", "").replace("%", "").strip())
        if not said and self.empty:
            return None
        try:
            match self.kind:
                case Kind.MONEY:
                    return Money.exactly(said)
                case Kind.WHOLE:
                    return int(said)
                case Kind.YES:
                    return {"yes": True, "no": False}[said.lower()]
                case Kind.TIME:
                    return datetime.strptime(said, "%H:%M").time()  # noqa: DTZ007 - an hour of no day
                case Kind.PERCENT:
                    number = Decimal(said)
        except (InvalidOperation, KeyError, ValueError) as wrong:
            raise CannotRead(f"{self.label}: “{typed}” is not {EXPECTED[self.kind]}.") from wrong
        if not number.is_finite():
            raise CannotRead(f"{self.label}: “{typed}” is not a number.")
        return number

    def words(self, text: str) -> str:
        """The figure as people read it: `$12.50`, `21`, `0.75 %`."""
        if not text:
            return self.empty or "not set"
        match self.kind:
            case Kind.MONEY:
                return str(Money.exactly(text))
            case Kind.PERCENT:
                return f"{text} %"
        return text

    def text(self, value: Any) -> str:
        match value:
            case None:
                return ""
            case bool():
                return "yes" if value else "no"
            case Money():
                return str(value.dollars)
            case time():
                return f"{value:%-H:%M}"
            case Decimal():
                return f"{value.normalize():f}"
        return str(value)
