"""Read the tables of a tariff file word by word; whatever is amiss becomes a finding with file, line and remedy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from lamplighter.kernel.findings import Finding, Place, Severity
from lamplighter.rating.files.positions import Path, line_of, positions
from lamplighter.rating.spelling import did_you_mean

E = TypeVar("E", bound=StrEnum)
MOST, DECIMALS = Decimal(10) ** 12, 30  # no figure of a rate book is larger or finer


@dataclass(slots=True)
class Notes:
    """Findings about one file, in the order in which they were made. Where its words stand is looked up with the
    first of them: most files have none."""

    file: str
    text: str
    findings: list[Finding] = field(default_factory=list)
    lines: Mapping[Path, int] | None = field(default=None, init=False, repr=False)

    def add(self, path: Path, code: str, message: str, remedy: str = "", severity: Severity = Severity.ERROR) -> None:
        self.lines = positions(self.text) if self.lines is None else self.lines
        place = Place(self.file, line_of(self.lines, path), shown(path))
        finding = Finding(f"tariff.{code}", message, severity, place, remedy)
        if finding not in self.findings:
            self.findings.append(finding)

    @property
    def failed(self) -> bool:
        return any(finding.severity is Severity.ERROR for finding in self.findings)


def shown(path: Path) -> str:
    """A path for people: `line[2].tier[1].price`, counted from 1."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def number_of(value: object) -> Decimal | None:
    """A number that a rate book could print; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    found = Decimal(value)
    exponent = found.as_tuple().exponent
    return found if isinstance(exponent, int) and exponent >= -DECIMALS and found.copy_abs() < MOST else None


class Table:
    """A table of the file. It remembers what it was asked for, so that `close` can refuse unknown words."""

    def __init__(self, values: Mapping[str, Any], path: Path, notes: Notes) -> None:
        self.values, self.path, self.notes = values, path, notes
        self.asked: set[str] = set()

    def __contains__(self, name: str) -> bool:
        self.asked.add(name)
        return name in self.values

    def raw(self, name: str) -> Any:
        self.asked.add(name)
        return self.values.get(name)

    def text(self, name: str, default: str | None = None) -> str:
        value = self.raw(name)
        if value is None:
            return self._absent(name, "a text", "") if default is None else default
        if not isinstance(value, str):
            self.wrong(name, f"{value!s} is not a text.", 'Write it in quotes: "...".')
            return ""
        return value

    def number(self, name: str, default: Decimal | None = None) -> Decimal:
        value = self.raw(name)
        if value is None:
            return self._absent(name, "a number", Decimal(0)) if default is None else default
        return self.as_number(name, value)

    def as_number(self, name: str, value: object) -> Decimal:
        found = number_of(value)
        if found is None:
            self.wrong(name, f"{value!s} is not a number.", "Write it without quotes and units: 0.13934.")
        return found or Decimal(0)

    def integer(self, name: str, default: int | None = None) -> int:
        value = self.number(name, None if default is None else Decimal(default))
        if value != value.to_integral_value():
            self.wrong(name, f"{value} is not a whole number.")
        return int(value)

    def integers(self, name: str, low: int, high: int) -> frozenset[int]:
        """A list of whole numbers, such as months."""
        value = self.raw(name)
        if value is None:
            return frozenset()
        if not isinstance(value, list) or not all(type(item) is int and low <= item <= high for item in value):
            self.wrong(name, f"{value!s} is not a list of numbers from {low} to {high}.")
            return frozenset()
        return frozenset(value)

    def truth(self, name: str, *, default: bool = False) -> bool:
        value = self.raw(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.wrong(name, f"{value!s} is neither true nor false.", "Write true or false, without quotes.")
            return default
        return value

    def day(self, name: str, *, needed: bool = False) -> date | None:
        value = self.raw(name)
        if value is None:
            return self._absent(name, "a date", None) if needed else None
        if isinstance(value, datetime) or not isinstance(value, date):
            self.wrong(name, f"{value!s} is not a date.", "Write it without quotes: 2026-07-01.")
            return None
        return value

    def word(self, name: str, kind: type[E], default: E) -> E:
        """One word of a closed list."""
        value = self.text(name, str(default))
        if value not in {str(member) for member in kind}:
            self.unknown(name, value, [str(member) for member in kind])
            return default
        return kind(value)

    def words(self, name: str) -> tuple[str, ...]:
        """A list of texts; one text stands for a list of one."""
        value = self.raw(name)
        if value is None:
            return ()
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
            self.wrong(name, f"{value!s} is not a list of texts.", 'Write ["one", "two"].')
            return ()
        return tuple(listed)

    def table(self, name: str) -> Table | None:
        value = self.raw(name)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self.wrong(name, f"{value!s} is not a table.", f"Write {name} = {{ ... }} or [{name}].")
            return None
        return Table(value, (*self.path, name), self.notes)

    def tables(self, name: str) -> list[Table]:
        value = self.raw(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
            self.wrong(name, f"{name} is not a list of tables.", f"Write [[{name}]] above each.")
            return []
        return [Table(item, (*self.path, name, i), self.notes) for i, item in enumerate(value)]

    def wrong(self, name: str, message: str, remedy: str = "") -> None:
        self.notes.add((*self.path, name), "wrong", message, remedy)

    def unknown(self, name: str, word: str, known: Sequence[str]) -> None:
        self.notes.add((*self.path, name), "unknown_word", f"“{word}” is not known here.", did_you_mean(word, known))

    def close(self) -> None:
        """Refuse what nobody asked for: a word that is not understood is never dropped."""
        for name in self.values:
            if name not in self.asked:
                self.notes.add(
                    (*self.path, name), "unknown_word", f"“{name}” is not known here.", did_you_mean(name, self.asked)
                )

    def _absent(self, name: str, what: str, fallback: Any) -> Any:
        self.notes.add((*self.path, name), "missing", f"{name} is missing: {what} is expected.")
        return fallback
