"""Canonical JSON: keys sorted, no blanks, numbers as decimal strings, days as ISO dates, so that equal values have
equal bytes and the same SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from lamplighter.kernel.periods import Period

CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False)
quoted: Callable[[str], str] = json.encoder.encode_basestring
Statement = dict[str, Any]
T = TypeVar("T")
R = TypeVar("R")


def canonical(made: Any) -> str:
    return CANONICAL.encode(made)


def read(text: str) -> Statement:
    found: Statement = json.loads(text)
    return found


def digest(made: Statement) -> str:
    return digest_of(canonical(made))


def digest_of(text: str) -> str:
    """The SHA-256 of what is canonical JSON already."""
    return hashlib.sha256(text.encode()).hexdigest()


def number(value: Decimal) -> str:
    """Plain digits without an exponent or trailing zeros, so that equal values are written alike."""
    text = str(value)
    if "E" in text:
        text = f"{value:f}"
    if text[-1] == "0":  # as of few
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return "0" if text == "-0" else text
    return text


def number_written(value: Decimal) -> str:
    return f'"{number(value)}"'


def days_written(period: Period) -> str:
    end = f'"{period.end.isoformat()}"' if period.end else "null"
    return f'["{period.start.isoformat()}",{end}]'


def object_written(parts: Mapping[str, str]) -> str:
    return "{" + ",".join([f"{quoted(name)}:{parts[name]}" for name in sorted(parts)]) + "}"


def list_written(items: Iterable[str]) -> str:
    return "[" + ",".join(items) + "]"


def period_of(days: Sequence[str | None]) -> Period:
    """Days as `days_written` tells them."""
    start, end = days
    assert start is not None
    return Period(date.fromisoformat(start), date.fromisoformat(end) if end else None)


class Kept:
    """The text of what many bills share, the very same tuple. It is kept with it, so that no other can take its id; and
    it never changes."""

    LIMIT = 4096

    def __init__(self) -> None:
        self._kept: dict[int, tuple[object, Any]] = {}

    def of(self, shared: T, write: Callable[[T], R]) -> R:
        found = self._kept.get(id(shared))
        if found is None:
            if len(self._kept) >= self.LIMIT:
                self._kept.clear()
            found = self._kept[id(shared)] = shared, write(shared)
        text: R = found[1]
        return text
