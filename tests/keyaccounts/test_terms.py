"""Terms of a contract: what they refuse, how they read, what changed, and the clause that bills are priced with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from lamplighter.kernel.money import Money
from lamplighter.keyaccounts.clauses import clause
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.keyaccounts.terms import Terms, in_words, redlines, terms_of
from lamplighter.rating.files import parse

PLAIN = Terms(date(2026, 10, 1), 60, 180)
FULL = Terms(
    date(2026, 10, 1), 60, 180, energy_percent=Decimal("3.5"), demand_percent=Decimal(2), facilities=Money(125_000),
    minimum=Money(10_000_000), least_kwh=Decimal(40_000), renewable_percent=Decimal(50),
    renewable_dollars=Decimal("0.0075"),
)  # fmt: skip


def test_a_term_of_months_ends_on_the_same_day_of_the_month():
    assert PLAIN.period.closed_end == date(2031, 10, 1)
    assert Terms(date(2026, 8, 31), 6, 30).period.closed_end == date(2027, 2, 28)
    assert PLAIN.notice_on == date(2031, 4, 4)


def test_terms_come_back_as_they_were_stored():
    assert terms_of(FULL.stored()) == FULL
    assert terms_of(PLAIN.stored()) == PLAIN


def test_a_redline_names_what_came_what_went_and_what_changed():
    after = replace(FULL, energy_percent=Decimal(4), facilities=Money(0))
    assert [(one.label, one.before, one.after) for one in redlines(in_words(FULL), in_words(after))] == [
        ("Energy charges", "3.5 % less", "4 % less"),
        ("Facilities charge", "$1,250.00 a month", ""),
    ]
    assert redlines(in_words(FULL), in_words(FULL)) == []
    assert {one.before for one in redlines(in_words(PLAIN), in_words(FULL))} == {""}


def test_the_sheet_says_every_term_and_nothing_that_is_not_asked():
    assert list(in_words(PLAIN)) == ["Term", "Notice of what comes after"]
    assert in_words(FULL)["Renewable share"] == "50 % of the energy, at $0.0075 more for each such kWh"
    assert in_words(FULL)["Minimum take"] == "40,000 kWh in each bill"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"months": 0}, "1 to 360 months"),
        ({"notice_days": 2000}, "within the term"),
        ({"energy_percent": Decimal(60)}, "0 to 50 percent"),
        ({"renewable_percent": Decimal(101)}, "0 to 100 percent"),
        ({"renewable_dollars": Decimal("0.01")}, "renewable share that is paid for"),
        ({"minimum": Money(-1)}, "not below nothing"),
    ],
)
def test_what_no_contract_can_say_is_refused_by_name(wrong, words):
    with pytest.raises(CannotKeep, match=words):
        replace(PLAIN, **wrong)


def test_the_clause_is_a_rider_without_findings_whose_minimum_is_last():
    text = clause(FULL, utility="Marisol Bay Power", code="SC-05", name='Firm "power"', version=3,
                  adopted_by="Resolution 2026-31")  # fmt: skip
    read = parse(text, "sc-05.toml")
    assert list(read.findings) == []
    assert read.tariff is not None
    assert read.tariff.rider
    assert [line.code for line in read.tariff.lines] == [
        "contract_energy", "contract_demand", "contract_renewable", "contract_facilities", "contract_minimum"
    ]  # fmt: skip
    assert read.tariff.name == 'Firm "power"'
    assert read.tariff.valid.start == FULL.start
