"""The days of the law, counted by hand with a wall calendar in front of the reader."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from lamplighter.credit.law import PACKS, NoLaw, pack_for
from lamplighter.credit.law.california import MUNICIPAL as CALIFORNIA
from lamplighter.credit.law.days import clock, floor, notice_from, why_not_at, why_not_on
from lamplighter.credit.law.parameters import HoldKind, Pack, Rule
from lamplighter.credit.law.washington import BEFORE_HEAT
from lamplighter.credit.law.washington import UTILITY as WASHINGTON
from lamplighter.kernel.money import Money

ZONE = ZoneInfo("America/Los_Angeles")
BY_HAND = """
mailed      begins      pay by      ask by      off from    because
2026-11-18  2026-11-23  2026-12-03  2026-12-01  2026-12-07  Thu Dec 3; then Friday, Saturday, Sunday
2026-11-11  2026-11-16  2026-11-30  2026-11-24  2026-12-01  day 10 is Thanksgiving, then the day after, a weekend
2026-12-08  2026-12-13  2026-12-23  2026-12-21  2026-12-28  Dec 24 is before a holiday, then Christmas, a weekend
2026-12-14  2026-12-19  2026-12-29  2026-12-28  2026-12-30  the 13th day is a Sunday
2026-12-16  2026-12-21  2026-12-31  2026-12-29  2027-01-04  New Year's Day is a Friday
2027-01-04  2027-01-09  2027-01-19  2027-01-19  2027-01-20  Jan 17 is a Sunday, Jan 18 is Dr. King's day
2027-01-02  2027-01-07  2027-01-19  2027-01-15  2027-01-20  day 10 is a Sunday before Dr. King's day
2027-01-28  2027-02-02  2027-02-16  2027-02-10  2027-02-17  Lincoln's day is a Friday; Presidents' Day the Monday
2026-06-16  2026-06-21  2026-07-01  2026-06-29  2026-07-06  July 4 is a Saturday, observed on Friday, July 3
2026-02-13  2026-02-18  2026-03-02  2026-02-26  2026-03-03  day 10 is Saturday, February 28
"""
TABLE = [[date.fromisoformat(word) for word in row.split()[:5]] for row in BY_HAND.strip().splitlines()[1:]]


@pytest.mark.parametrize(("mailed", "begins", "pay_by", "ask_by", "off"), TABLE, ids=lambda day: day.isoformat())
def test_ten_californian_notices_counted_by_hand(mailed, begins, pay_by, ask_by, off):
    counted = clock(mailed, CALIFORNIA)
    assert (counted.begins_on, counted.pay_by, counted.ask_by, counted.off_on) == (begins, pay_by, ask_by, off)


def test_in_california_nobody_is_cut_off_before_the_34th_day_after_the_bill():
    bill = date(2026, 10, 30)
    assert notice_from(bill, CALIFORNIA) == date(2026, 11, 18)
    assert floor(bill, CALIFORNIA) == date(2026, 12, 3)
    assert (floor(bill, CALIFORNIA) - bill).days == 34


@pytest.mark.parametrize(
    ("mailed", "pay_by", "ask_by", "off"),
    [
        ("2026-11-16", "2026-11-30", "2026-11-24", "2026-12-01"),  # Nov 29 is a Sunday
        ("2026-11-13", "2026-11-30", "2026-11-23", "2026-12-01"),  # Nov 26 is Thanksgiving
        ("2026-08-03", "2026-08-17", "2026-08-11", "2026-08-18"),  # Aug 16 is a Sunday
    ],
)
def test_washington_notices_counted_by_hand(mailed, pay_by, ask_by, off):
    counted = clock(date.fromisoformat(mailed), WASHINGTON)
    assert [str(day) for day in (counted.pay_by, counted.ask_by, counted.off_on)] == [pay_by, ask_by, off]


@pytest.mark.parametrize(
    ("day", "rule"),
    [
        ("2026-12-07", None),  # a Monday
        ("2026-12-04", CALIFORNIA.open_days_after),  # a Friday
        ("2026-12-05", CALIFORNIA.calendar),
        ("2026-12-06", CALIFORNIA.calendar),
        ("2026-11-11", CALIFORNIA.calendar),  # Veterans Day
        ("2026-11-10", CALIFORNIA.open_days_after),  # the eve of it
        ("2026-03-31", CALIFORNIA.calendar),  # Cesar Chavez Day, a Tuesday
    ],
)
def test_weekends_holidays_and_their_eves_keep_the_power_on(day, rule):
    assert why_not_on(date.fromisoformat(day), CALIFORNIA) is rule


@pytest.mark.parametrize(("hour", "minute", "open_"), [(8, 29, False), (8, 30, True), (16, 59, True), (17, 0, False)])
def test_power_goes_off_only_while_the_office_is_open(hour, minute, open_):
    why = why_not_at(datetime(2026, 12, 7, hour, minute, tzinfo=ZONE), CALIFORNIA)
    assert why is (None if open_ else CALIFORNIA.office)


def test_the_winter_of_washington_runs_over_new_year():
    winter = WASHINGTON.winter.value
    for day, inside in (("11-14", False), ("11-15", True), ("12-31", True), ("01-01", True), ("03-15", True),
                        ("03-16", False), ("07-01", False)):  # fmt: skip
        assert (date.fromisoformat(f"2026-{day}") in winter) is inside, day
    assert HoldKind.WINTER in WASHINGTON.holds
    assert HoldKind.WINTER not in CALIFORNIA.holds


def test_a_winter_payment_is_seven_percent_of_income_and_a_twelfth_of_the_arrears():
    plan = WASHINGTON.winter_plan.value
    assert plan.share == Decimal("0.07")
    assert plan.most(Money(200000), Money(60000)) == Money(14000 + 5000)


def test_heat_alerts_count_by_the_old_and_the_new_names_since_the_law_came():
    assert pack_for("washington", on=date(2023, 7, 22)) is BEFORE_HEAT
    assert pack_for("washington", on=date(2023, 7, 23)) is WASHINGTON
    assert not BEFORE_HEAT.heat_alerts.value
    assert {"Excessive Heat Warning", "Extreme Heat Warning"} <= WASHINGTON.heat_alerts.value


def test_no_law_is_known_for_a_day_or_a_place_without_a_pack():
    with pytest.raises(NoLaw, match="Known are california-municipal, washington"):
        pack_for("atlantis", on=date(2026, 1, 1))
    with pytest.raises(NoLaw):
        pack_for("washington", on=date(2018, 12, 31))


def test_versions_of_a_jurisdiction_follow_each_other_without_gap_or_overlap():
    for key in {pack.key for pack in PACKS}:
        mine = sorted((pack for pack in PACKS if pack.key == key), key=lambda pack: pack.version)
        for before, after in pairwise(mine):
            assert before.in_force.end == after.in_force.start
        assert mine[-1].in_force.open


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_every_parameter_says_where_it_stands(pack: Pack):
    rules = [getattr(pack, name) for name in Pack.__slots__]
    found = [rule for rule in rules if isinstance(rule, Rule)]
    found += [*pack.holds.values(), *pack.tenant_notice_days.values()]
    assert len(found) > 20
    assert all(rule.cites and rule.says.endswith(".") for rule in found)
