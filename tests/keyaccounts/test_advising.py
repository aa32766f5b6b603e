"""Advice on a service: the twelve bills that a comparison tells, its saving the difference of two, answered at once."""

from __future__ import annotations

from datetime import date, timedelta
from time import process_time

import pytest
from django.db import connection

from lamplighter.accounts.models import Agreement
from lamplighter.advice.assumptions import CannotAdvise
from lamplighter.advice.scenario import scenario_of_words
from lamplighter.billing.models import Segment
from lamplighter.billing.queries.comparing_rates import compare_rates
from lamplighter.kernel.actors import staff
from lamplighter.kernel.money import total
from lamplighter.keyaccounts.models import AdoptedSurroundings
from lamplighter.keyaccounts.operations.surroundings import adopt_surroundings
from lamplighter.keyaccounts.queries.advising import desk, surroundings
from lamplighter.keyaccounts.queries.portfolio import known
from lamplighter.keyaccounts.rules import CannotKeep, beside
from lamplighter.platform.transactions import unit_of_work
from lamplighter.tariffs.models import Schedule
from tests.advice.test_scenario import CARBON, SITE
from tests.keyaccounts.conftest import BEGAN, TODAY
from tests.keyaccounts.world import NOW, world

JOEL = staff("joel")


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    with world(tmp_path_factory.mktemp("advice"), django_db_blocker) as made:
        yield made


@pytest.fixture
def agreement(built, db):
    return Agreement.objects.get()


def test_the_bills_now_are_those_of_the_rate_comparison_at_todays_prices(agreement):
    compared = {one.code: one.year.total for one in compare_rates(agreement, on=TODAY, prices_of=TODAY).options}
    found = desk(agreement, on=TODAY).asked(scenario_of_words(["efficiency"]), every_rate=True)
    told = {rate.code: rate.now.total for rate in found.rates if rate.now is not None}
    assert told == compared
    assert next(rate.code for rate in found.rates if rate.current) == "GS-2"


def test_what_the_rules_let_nobody_ask_for_is_named_and_not_compared(agreement):
    large = Schedule.objects.get(code="GS-3").pk
    found = compare_rates(agreement, on=TODAY, ruled_out={large: "Nobody asks for it."})
    assert [one.code for one in found.options] == ["GS-2"]
    assert ("GS-3", "Nobody asks for it.") in [(one.code, one.why) for one in found.not_offered]
    own = compare_rates(agreement, on=TODAY, ruled_out={found.current.schedule: "Not theirs."})
    assert own.current.code == "GS-2", "the rate that they are on is always told"


def test_holding_the_kettle_lowers_the_peak_and_every_bill_that_it_ratcheted(agreement):
    found = desk(agreement, on=TODAY).asked(scenario_of_words(["stagger.level_kw=280"]), every_rate=False)
    assert (found.peaks.now_kw, found.peaks.then_kw) == (412, pytest.approx(280, abs=0.1))
    assert found.on.saving.cents > 0
    assert len(found.rates) == 1, "one rate is priced while the sliders move"


def test_a_battery_run_by_the_ratcheted_rate_saves_and_never_breaks_its_bounds(agreement):
    stand = desk(agreement, on=TODAY)
    found = stand.asked(scenario_of_words(["battery.kwh=100", "battery.kw=80"]), every_rate=False)
    pricer = stand.options[0].pricer
    now, then = (pricer.price(curve).last(12).total for curve in (stand.service.curve, found.on.curve))
    assert found.on.saving == now - then
    assert found.on.saving.cents > 0
    assert abs(found.on.curve.kw_net() - stand.service.curve.kw_net()).max() <= 80 + 0.01


def test_a_slider_is_answered_within_half_a_second_of_work(agreement):
    desk(agreement, on=TODAY).asked(scenario_of_words(["stagger"]), every_rate=False)
    begins = process_time()
    desk(agreement, on=TODAY).asked(scenario_of_words(["stagger.level_kw=290"]), every_rate=False)
    assert process_time() - begins < 0.5


def test_fewer_than_twelve_bills_are_refused_with_the_reason(agreement):
    with pytest.raises(CannotAdvise, match="A comparison needs 12 bills over 330 days of its own use"):
        desk(agreement, on=date(2026, 3, 10))


def test_surroundings_hold_from_their_day_and_a_broken_file_is_refused(agreement):
    assert surroundings(on=TODAY).site.name == "Boulder, Colorado"
    text = SITE + CARBON.format(since="2024-01-01", value=200)
    with unit_of_work(JOEL):
        adopt_surroundings(text=text, since=TODAY, by=JOEL, at=NOW)
    assert surroundings(on=TODAY).site.name == "Here"
    assert surroundings(on=BEGAN).site.name == "Boulder, Colorado"
    with unit_of_work(JOEL), pytest.raises(CannotKeep, match=r"no \[\[carbon\]\]"):
        adopt_surroundings(text=SITE, since=TODAY, by=JOEL, at=NOW)
    assert AdoptedSurroundings.objects.count() == 1


def test_the_portfolio_tells_twelve_bills_whether_or_not_this_months_was_made(built, agreement):
    bills = Segment.objects.filter(agreement=agreement, cancelled_at__isnull=True).order_by("-period")[:12]
    for on in (TODAY, TODAY + timedelta(days=25), TODAY + timedelta(days=50)):
        (found,) = known([built.kelp], on=on)
        assert found.standing.kwh == sum(one.kwh for one in bills)
        assert found.standing.revenue == total(one.total for one in bills)
    assert found.standing.months == 1, "thirteen bills: one month has one a year before it"


def test_a_month_whose_rate_changed_is_one_of_the_twelve(built, agreement):
    every = Segment.objects.filter(agreement=agreement, cancelled_at__isnull=True).order_by("-period")
    newest = every[0]
    assert len(every) == 13
    with connection.cursor() as cursor:  # as if the two newest bills were the two rates of one month
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE billing_segment SET month = %s WHERE id = %s", [newest.month, every[1].pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
    (found,) = known([built.kelp], on=TODAY)
    assert found.standing.kwh == sum(one.kwh for one in every)
    assert found.standing.revenue == total(one.total for one in every)


def test_a_change_is_told_with_the_months_that_were_compared():
    assert beside(12) == "in a year"
    assert beside(1) == "in 1 month beside the same a year before"
