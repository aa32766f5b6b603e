"""Rules of readings adopted from a day on: they hold for what is judged then, and what held before stays on record."""

from datetime import date, timedelta

import pytest

from lamplighter.intervals.vee.groups import SHIPPED, Role, Step
from lamplighter.intervals.vee.rules import Spike
from lamplighter.usage.models import IntervalException, RuleGroup
from lamplighter.usage.operations.rulegroups import CannotAdoptRule, adopt_rule, drop_rule
from lamplighter.usage.queries.rulegroups import groups_on
from tests.town import ANALYST
from tests.usage.feeds import hours
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
    assert groups_on(JUNE)[Role.ESTIMATION] == SHIPPED[Role.ESTIMATION]


def test_a_class_has_its_own_threshold_beside_the_others(town):
    adopt(town, Step(Spike(percent=400), classes=frozenset({"industrial"})))
    assert spikes(JUNE) == [180, 180, 400]
    drop_rule(role=Role.INITIAL_LOAD, step=groups_on(JUNE)[Role.INITIAL_LOAD].steps[6], on=date(2026, 7, 1),
              citation="Rule 22", by=ANALYST, at=town.at)  # fmt: skip
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
