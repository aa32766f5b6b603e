"""A tariff as though it had been in force in another year."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from lamplighter.kernel.periods import Period
from lamplighter.rating.asif import as_if
from lamplighter.rating.figures import Factor
from lamplighter.rating.files import parse
from tests.town import BOOKS

NEW = parse((BOOKS / "marisol-bay-power" / "r-1_2026-07-01.toml").read_text(), "r-1").tariff
BEFORE = Period(date(2024, 1, 1), date(2025, 1, 1))


def test_a_version_holds_on_days_before_it_began():
    assert as_if(NEW, BEFORE).valid == BEFORE
    assert as_if(NEW, BEFORE).lines == NEW.lines


def test_a_factor_had_its_first_value_before_it():
    power = Factor("power", ((date(2024, 7, 1), Decimal(1)), (date(2026, 7, 1), Decimal(2))))
    found = as_if(replace(NEW, factors=(power,)), BEFORE).factor("power")
    assert [found.on(day) for day in (date(2024, 1, 1), date(2024, 8, 1), date(2026, 8, 1))] == [1, 1, 2]


def test_a_line_for_some_days_holds_throughout_or_not_at_all():
    first, *rest = NEW.lines
    for days, kept in ((Period(date(2026, 7, 1), date(2026, 8, 1)), True), (Period(date(2027, 1, 1), None), False)):
        dated = replace(NEW, lines=(replace(first, valid=days), *rest))
        lines = as_if(dated, BEFORE).lines
        assert (lines[0].code == first.code) is kept
        assert all(line.valid is None for line in lines)
