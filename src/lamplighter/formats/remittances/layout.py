"""A sender's layout: which lines a file has, and in which columns what stands. TOML; docs/algorithms/remittances.md.

A layout says how a file proves itself: every one has a last line with totals.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

TENDERS = frozenset({"cash", "check", "money-order"})
"""What lies at the sender until it comes to the bank; cards and transfers settle on ways of their own."""
CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,38}")
WIDEST, MOST_COLUMN, MOST_SCALE = 2000, 500, 6


class BadLayout(ValueError):
    """A layout can't be used; the message says where and what was expected."""


class Line(StrEnum):
    """What a line is. `batch` proves the payments since the last batch, `total` the whole file."""

    HEADER = "header"
    PAYMENT = "payment"
    BATCH = "batch"
    TOTAL = "total"
    OTHER = "other"


class Role(StrEnum):
    """What a field says. `file` is the sender's own number of the file, `scan` a stub's scan line."""

    FILE = "file"
    ACCOUNT = "account"
    SCAN = "scan"
    AMOUNT = "amount"
    PAID_ON = "paid-on"
    TENDER = "tender"
    REFERENCE = "reference"
    COUNT = "count"
    SUM = "sum"


@dataclass(frozen=True, slots=True)
class Field:
    """Where it stands, 1-based: columns `first` to `last` of a fixed line, or the `first`-th of a delimited one. Money
    has so many decimals by `scale` without a point, or None with one; a day has its `pattern` (strptime)."""

    role: Role
    first: int
    last: int
    scale: int | None = None
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A kind of line: those that begin with (or, delimited, whose first value is) `starts`; "" is any other line."""

    line: Line
    starts: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """`delimiter` is "" for lines of `width` columns. `tenders` translate the sender's words; what has no tender field
    is `tender`. `source` says where the layout was taken from."""

    code: str
    title: str
    source: str
    valid_from: date
    delimiter: str
    width: int
    tender: str
    records: tuple[Record, ...]
    tenders: Mapping[str, str] = field(default_factory=dict)


def layout_of(text: str) -> Layout:
    """Raises BadLayout for what is no layout, has no payments, or no totals that prove them."""
    try:
        data = tomllib.loads(text)
        made = _layout(data)
    except tomllib.TOMLDecodeError as wrong:
        raise BadLayout(f"This is no TOML: {wrong}.") from wrong
    except (KeyError, TypeError, AttributeError) as lacking:
        raise BadLayout(f"The layout lacks or misspells {lacking}.") from lacking
    _check(made)
    return made


def _layout(data: Mapping[str, Any]) -> Layout:
    delimiter, width = str(data.get("delimiter", "")), data.get("width", 0)
    if (len(delimiter) == 1) == bool(width) or not isinstance(width, int) or not 0 <= width <= WIDEST:
        raise BadLayout(f"Give a delimiter of one character, or a width of at most {WIDEST} columns.")
    records = tuple(_record(one, fixed=not delimiter) for one in data["record"])
    if not isinstance(data["valid_from"], date):
        raise BadLayout("valid_from is a day, such as 2026-03-01.")
    tenders = {str(word): str(kind) for word, kind in data.get("tenders", {}).items()}
    return Layout(
        str(data["code"]), str(data["title"]), str(data["source"]), data["valid_from"], delimiter, width,
        str(data.get("tender", "check")), records, tenders,
    )  # fmt: skip


def _record(data: Mapping[str, Any], *, fixed: bool) -> Record:
    try:
        line = Line(str(data["line"]))
    except ValueError as unknown:
        raise BadLayout(f"{unknown}: a line is one of {', '.join(Line)}.") from unknown
    fields = tuple(_field(role, said, fixed=fixed) for role, said in data.items() if role not in {"line", "starts"})
    return Record(line, str(data.get("starts", "")), fields)


def _field(role: str, said: Any, *, fixed: bool) -> Field:
    """`account = [11, 22]` or `account = 3`; with more to say a table: `{ at = [23, 32], scale = 2 }`."""
    if role not in set(Role):
        raise BadLayout(f"{role} is no field: known are {', '.join(Role)}.")
    told = said if isinstance(said, Mapping) else {"at": said}
    at = told["at"]
    first, last = (at[0], at[-1]) if isinstance(at, list) and len(at) == 2 else (at, at)
    if not isinstance(first, int) or not isinstance(last, int) or not 1 <= first <= last <= MOST_COLUMN:
        raise BadLayout(f"{role}: columns are numbers from 1, the first and the last, not {at}.")
    if not fixed and first != last:
        raise BadLayout(f"{role}: a delimited field has one place, not {at}.")
    scale, pattern = told.get("scale"), str(told.get("pattern", ""))
    if scale is not None and not (isinstance(scale, int) and 0 <= scale <= MOST_SCALE):
        raise BadLayout(f"{role}: a scale is 0 to {MOST_SCALE} decimals, not {scale}.")
    return Field(Role(role), first, last, scale, pattern)


def _reads_days(pattern: str) -> bool:
    """Whether what it writes of a day is read as that day again."""
    day = datetime(2026, 12, 4)  # noqa: DTZ001 - a day has no zone
    try:
        return datetime.strptime(day.strftime(pattern), pattern) == day  # noqa: DTZ007
    except (ValueError, re.error):
        return False


def _check(layout: Layout) -> None:
    if not CODE.fullmatch(layout.code):
        raise BadLayout(f"{layout.code!r} is no code: small letters, digits and hyphens.")
    lines = [one.line for one in layout.records]
    if lines.count(Line.PAYMENT) != 1 or lines.count(Line.TOTAL) != 1:
        raise BadLayout("A layout has one kind of payment line and one line of totals.")
    if len({one.starts for one in layout.records}) != len(layout.records):
        raise BadLayout("Two kinds of lines begin alike.")
    for one in layout.records:
        roles = {each.role for each in one.fields}
        if one.line is Line.PAYMENT and not (Role.AMOUNT in roles and roles & {Role.ACCOUNT, Role.SCAN}):
            raise BadLayout("A payment has an amount, and an account or a scan line.")
        if one.line in {Line.TOTAL, Line.BATCH} and not {Role.COUNT, Role.SUM} <= roles:
            raise BadLayout(f"A line {one.line} has a count and a sum: they prove the file.")
        for each in one.fields:
            if each.role is Role.PAID_ON and not _reads_days(each.pattern):
                raise BadLayout(f"A day has a pattern that reads it, such as %y%m%d, not {each.pattern!r}.")
        if layout.width and any(each.last > layout.width for each in one.fields):
            raise BadLayout(f"A field lies beyond the {layout.width} columns of a line.")
    if unknown := {layout.tender, *layout.tenders.values()} - TENDERS:
        raise BadLayout(f"{', '.join(sorted(unknown))}: a tender is one of {', '.join(sorted(TENDERS))}.")
