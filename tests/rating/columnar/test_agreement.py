"""Random tariffs over the whole model: the calculators are never a cent apart, line by line, and refuse alike."""

from __future__ import annotations

import ast
from pathlib import Path

from hypothesis import HealthCheck, given, settings

import lamplighter.rating.columnar
from lamplighter.kernel.findings import Severity
from lamplighter.rating import check
from lamplighter.rating.columnar import compile
from tests.rating.columnar.both import agreed
from tests.rating.strategies import priceable, schedules

EXACT = {
    "price",
    "rows",
    "pieces",
    "counting",
    "demand",
    "derived",
    "tiers",
    "proration",
    "exact",
    "measure",
    "needs",
    "explain",
    "year",
}
COLUMNAR = Path(lamplighter.rating.columnar.__file__).parent


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(priceable())
def test_both_calculators_say_the_same(case):
    versions, bills = case
    agreed(compile(versions), versions, bills)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(schedules())
def test_the_random_tariffs_are_valid(versions):
    faults = [finding.message for version in versions for finding in check(version)
              if finding.severity is Severity.ERROR]  # fmt: skip
    assert faults == []


def test_the_second_calculator_imports_nothing_of_how_the_first_one_works():
    """A fault that both share would be seen by neither."""
    used = {
        node.module
        for path in COLUMNAR.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module
    }
    assert used.isdisjoint({f"lamplighter.rating.{name}" for name in EXACT} | {"lamplighter.rating"})
    assert any(module.startswith("lamplighter.rating.columnar.") for module in used)
