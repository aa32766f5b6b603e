"""Rules that a utility writes itself: comparisons of named quantities of a channel, read as text, never run as code.

    max > 3 * before_peak and day > 1.5 * season_day

Quantities are of the ordinary days that are judged (whole, served, without an outage), in the plain unit (Wh). What is
not known makes a comparison false, so that a formula is silent about it.
"""

from __future__ import annotations

import ast
import operator
import warnings
from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import numpy.typing as npt

from lamplighter.intervals.arrays import Bool
from lamplighter.intervals.vee.hits import Hits, hits
from lamplighter.intervals.vee.rules import Formula
from lamplighter.intervals.vee.subject import Subject

Numbers = npt.NDArray[np.float64]
QUANTITIES = {
    "sum": "all that was used", "min": "the lowest interval", "max": "the highest interval", "mean": "the average one",
    "median": "the middle one", "deviation": "the standard deviation", "zeros": "how many intervals are zero",
    "outages": "how many intervals a known outage touches", "days": "how many days are judged",
    "day": "use in an average day", "before_day": "the same in the days before",
    "season_day": "the same in these days last year", "before_peak": "the highest interval of the days before",
}  # fmt: skip
LONGEST, MOST = 200, 60
"""Characters of a formula, and parts that it may have."""
SUMS: Mapping[type[ast.operator], Callable[[Numbers, Numbers], Numbers]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip
TESTS: Mapping[type[ast.cmpop], Callable[[Numbers, Numbers], Bool]] = {
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Eq: operator.eq,
}  # fmt: skip


class NoFormula(ValueError):
    """A text that is no formula; the message says what to write instead."""


def formula(rule: Formula, subject: Subject) -> Hits:
    """One hit per channel, over the whole block; measured and threshold are the sides of the comparison that told."""
    known = quantities(subject)
    with np.errstate(all="ignore"):
        fired, left, right = _tests(parsed(rule.formula), known)
    rows = np.flatnonzero(fired & (known["days"] > 0))
    return hits(
        rows, np.zeros_like(rows), np.full_like(rows, subject.block.calendar.slots),
        measured=np.rint(left[rows]).astype(np.int64), threshold=np.rint(right[rows]).astype(np.int64),
    )  # fmt: skip


@cache
def parsed(text: str) -> ast.expr:
    """The formula as a tree of allowed parts alone. Raises NoFormula."""
    if len(text) > LONGEST:
        raise NoFormula(f"A formula has at most {LONGEST} characters.")
    try:
        with warnings.catch_warnings(action="ignore"):  # what Python says of odd numbers is nobody's concern here
            tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise NoFormula(f"“{text}” is not like “max > 3 * before_peak”.") from None
    if sum(1 for _ in ast.walk(tree)) > MOST:
        raise NoFormula("This has too many parts. Make two rules of it.")
    _check_test(tree)
    return tree


def quantities(subject: Subject) -> dict[str, Numbers]:
    """Every named quantity of each channel (C); NaN where it is not known."""
    block, calendar = subject.block, subject.block.calendar
    ordinary = subject.ordinary_days[:, calendar.day_of]
    scale = 10.0**subject.measure.power
    values = np.where(ordinary, block.values * scale, np.nan)
    total, days = subject.use
    used: Numbers = (total * scale).astype(np.float64)
    count, slots = days.astype(np.float64), ordinary.sum(axis=1)
    some = np.where(slots[:, None] > 0, values, 0.0)  # a channel without such days has no middle; it is left out above
    outages = np.zeros(len(days)) if subject.outage is None else subject.outage.sum(axis=1).astype(np.float64)
    found: dict[str, Numbers] = {
        "sum": used, "min": np.nanmin(some, axis=1), "max": np.nanmax(some, axis=1),
        "mean": np.nanmean(some, axis=1), "median": np.nanmedian(some, axis=1), "deviation": np.nanstd(some, axis=1),
        "zeros": (ordinary & (block.values == 0)).sum(axis=1).astype(np.float64), "outages": outages, "days": count,
        "day": used / np.maximum(count, 1),
    }  # fmt: skip
    return found | _before(subject, scale)


def _before(subject: Subject, scale: float) -> dict[str, Numbers]:
    unknown = np.full(len(subject.block.channels), np.nan)
    history = subject.history
    if history is None:
        return dict.fromkeys(("season_day", "before_day", "before_peak"), unknown)
    season, before = (
        np.where(totals_days > 0, totals * scale / np.maximum(totals_days, 1), np.nan)
        for totals, totals_days in (
            (history.season_totals, history.season_days), (history.previous_totals, history.previous_days),
        )
    )  # fmt: skip
    peaks = unknown if history.previous_peaks is None else history.previous_peaks * scale
    known = history.previous_days > 0
    return {"season_day": season, "before_day": before, "before_peak": np.where(known, peaks, np.nan)}


def _check_test(node: ast.expr) -> None:
    match node:
        case ast.BoolOp(values=values):
            for one in values:
                _check_test(one)
        case ast.Compare(left=left, ops=[test], comparators=[right]) if type(test) in TESTS:
            _check_number(left)
            _check_number(right)
        case _:
            raise NoFormula(f"“{ast.unparse(node)}” compares nothing. Write like “max > 3 * before_peak”.")


def _check_number(node: ast.expr) -> None:
    match node:
        case ast.BinOp(left=left, op=op, right=right) if type(op) in SUMS:
            _check_number(left)
            _check_number(right)
        case ast.Name(id=name):
            if name not in QUANTITIES:
                raise NoFormula(f"There is no {name!r}. There are: {', '.join(QUANTITIES)}.")
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            pass
        case _:
            raise NoFormula(f"“{ast.unparse(node)}” is no number and no sum of numbers.")


def _tests(node: ast.expr, known: Mapping[str, Numbers]) -> tuple[Bool, Numbers, Numbers]:
    """Where it holds, with the sides of the first comparison that held."""
    match node:
        case ast.BoolOp(op=op, values=values):
            parts = [_tests(one, known) for one in values]
            fired = [part[0] for part in parts]
            holds: Bool = np.logical_and.reduce(fired) if isinstance(op, ast.And) else np.logical_or.reduce(fired)
            first = np.argmax(np.array(fired), axis=0)
            rows = np.arange(len(first))
            left, right = (np.array([part[side] for part in parts])[first, rows] for side in (1, 2))
            return holds, left, right
        case ast.Compare(left=one, ops=[test], comparators=[other]):
            a, b = _number(one, known), _number(other, known)
            return TESTS[type(test)](a, b), a, b
    raise AssertionError(f"checked before: {ast.unparse(node)}")


def _number(node: ast.expr, known: Mapping[str, Numbers]) -> Numbers:
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            found = SUMS[type(op)](_number(left, known), _number(right, known))
            return np.where(np.isfinite(found), found, np.nan)
        case ast.Name(id=name):
            return known[name]
        case ast.Constant(value=int() | float() as value):
            return np.full(len(known["days"]), float(value))
    raise AssertionError(f"checked before: {ast.unparse(node)}")
