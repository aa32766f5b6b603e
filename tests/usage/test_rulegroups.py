"""Rules of readings adopted from a day on: they hold for what is judged then, and what held before stays on record."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lamplighter.intervals.vee.groups import SHIPPED, Role, Step
from lamplighter.intervals.vee.rules import PeakChange, Spike, SumCheck
from lamplighter.usage.models import IntervalException, RuleGroup
from lamplighter.usage.operations.rulegroups import CannotAdoptRule, adopt_rule, drop_rule
from lamplighter.usage.queries.rulegroups import FURTHER, every_group_on, groups_on
from tests.town import ANALYST
from tests.usage.feeds import HOURLY, USUAL, hours, open_rules
from tests.usage.test_deciding import spiked

JUNE = date(2026, 6, 1)
WH = next(step for step in SHIPPED[Role.INITIAL_LOAD].steps if isinstance(step.rule, Spike))


def adopt(town, step, on=JUNE, role=Role.INITIAL_LOAD):
    return adopt_rule(role=role, step=step, on=on, citation="Rule 21", by=ANALYST, at=town.at)


def spikes(day):
    return [step.rule.percent for step in groups_on(day)[Role.INITIAL_LOAD].steps if isinstance(step.rule, Spike)]


def test_a_threshold_holds_from_its_day_in_the_place_of_the_old(town):
    adopt(town, Step(Spike(percent=900, floor=WH.rule.floor), units=WH.units))
    assert (spikes(JUNE - timedelta(days=1)), spikes(JUNE)) == ([180, 180], [900, 180])
    assert groups_on(JUNE)[Role.ESTIMATION].steps == SHIPPED[Role.ESTIMATION].steps


def test_a_class_has_its_own_threshold_beside_the_others(town):
    adopt(town, Step(Spike(percent=400), classes=frozenset({"industrial"})))
    assert spikes(JUNE) == [180, 180, 400]
    drop_rule(role=Role.INITIAL_LOAD, step=WH, on=date(2026, 7, 1), citation="Rule 22", by=ANALYST, at=town.at)
    assert (spikes(JUNE), spikes(date(2026, 7, 1))) == ([180, 180, 400], [180, 400])
    assert [row.citation for row in RuleGroup.objects.order_by("period")] == ["Rule 21", "Rule 22"]


def test_what_is_not_said_by_whom_or_is_not_there_is_refused(town):
    with pytest.raises(CannotAdoptRule, match="rule book"):
        adopt_rule(role=Role.INITIAL_LOAD, step=WH, on=JUNE, citation=" ", by=ANALYST, at=town.at)
    with pytest.raises(CannotAdoptRule, match="no such rule"):
        drop_rule(role=Role.MANUAL_OVERRIDE, step=WH, on=JUNE, citation="x", by=ANALYST, at=town.at)
    adopt(town, WH)
    with pytest.raises(CannotAdoptRule, match="after"):
        adopt(town, WH, on=JUNE - timedelta(days=9))


def test_readings_are_judged_by_what_is_adopted(town, home, feed):
    adopt(town, Step(Spike(percent=1_000_000), units=WH.units), on=date(2020, 1, 1))
    feed(hours("2026-05-04", spiked()))
    assert not IntervalException.objects.filter(rule="vee.spike").exists()


def test_a_meter_of_its_own_kind_has_its_own_threshold(town, home, feed):
    """What is a spike in any home is every day's welding at Ada's, and no more than hers is let through."""
    adopt(town, Step(Spike(percent=5_000), channels=frozenset({home.channel.pk}), units=WH.units), on=date(2020, 1, 1))
    feed(hours("2026-05-04", spiked()))
    assert not IntervalException.objects.filter(rule="vee.spike").exists()
    feed(hours("2026-05-11", spiked(count=90_000)))
    assert IntervalException.objects.get(rule="vee.spike").threshold > 40_000


def test_a_rule_that_fired_runs_a_group_of_our_own(town, home, feed):
    adopt(town, Step(PeakChange(percent=1)), role=f"{FURTHER}look", on=date(2020, 1, 1))
    adopt(town, replace(WH, then="look"), on=date(2020, 1, 1))
    steps = every_group_on(JUNE)
    assert [step.rule.code for step in steps["then-look"]] == ["vee.peak-change"]
    assert groups_on(JUNE)[Role.INITIAL_LOAD].further["look"] == steps["then-look"]
    drop = {"on": JUNE, "citation": "Rule 22", "by": ANALYST, "at": town.at}
    with pytest.raises(CannotAdoptRule, match="Change that one first"):
        drop_rule(role="then-look", step=steps["then-look"][0], **drop)
    drop_rule(role=Role.INITIAL_LOAD, step=replace(WH, then="look"), **drop)
    drop_rule(role="then-look", step=steps["then-look"][0], **drop)


def test_a_group_that_is_not_there_or_runs_in_circles_is_refused(town):
    with pytest.raises(CannotAdoptRule, match="no group “look”"):
        adopt(town, replace(WH, then="look"))
    with pytest.raises(CannotAdoptRule, match="does not run another"):
        adopt(town, replace(WH, then="look"), role=f"{FURTHER}look")
    with pytest.raises(CannotAdoptRule, match="a name of"):
        adopt(town, WH, role=f"{FURTHER}Look here")
    adopt(town, WH, role=f"{FURTHER}look")
    with pytest.raises(CannotAdoptRule, match="neither in nor before"):
        adopt(town, Step(SumCheck(), then="look"))


def test_what_the_head_end_flags_in_a_row_waits_for_a_person(town, home, feed):
    mapping = HOURLY.replace('E = "estimated-reference-day"', 'Q = "questionable"')
    rows = [(*row, "Q" if 30 <= at < 34 else "") for at, row in enumerate(hours("2026-05-04", USUAL))]
    feed(rows, mapping=mapping)
    assert open_rules() == [("vee.flagged-run", "2026-05-05", 6)]
    feed(hours("2026-05-11", USUAL))
    assert open_rules() == [("vee.flagged-run", "2026-05-05", 6)], "other days say nothing about it"
