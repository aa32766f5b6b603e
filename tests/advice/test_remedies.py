"""What trouble with power costs and what remedies spare, by figures worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lamplighter.advice.assumptions import CannotAdvise
from lamplighter.advice.remedies import Site, Upset, annuity, cost_of, trouble, weigh

LARGE, SMALL = Site(kwh=900_000, kw=200, reserve_a_kw=88), Site(kwh=30_000, kw=10)
COSTS = {"trouble": {"short": 1000, "hour": 600}}
DIP, OUTAGE = Upset(0, dip=True, lacks=3.2), Upset(130)


def weighed(upsets, said=(), site=LARGE):
    return {one.remedy.name: one for one in weigh(upsets, site, {**COSTS, **dict(said)})}


def test_an_upset_costs_a_short_one_and_the_slope_of_the_survey():
    large, small = ({one.name: one.value for one in trouble(site)} for site in (LARGE, SMALL))
    assert cost_of(Upset(240), large) == pytest.approx(39_458, abs=3)
    assert cost_of(Upset(240), small) == 1880
    assert cost_of(DIP, large) == 12_952


def test_what_a_site_has_already_is_not_offered():
    assert "feed" in weighed([OUTAGE])
    assert "feed" not in weighed([OUTAGE], site=replace(LARGE, have=frozenset({"feed"})))


def test_a_battery_spares_dips_and_what_is_not_longer_than_it_holds():
    short = weighed([DIP, OUTAGE], {"battery": {"hours": 2}})["battery"]
    long = weighed([DIP, OUTAGE], {"battery": {"hours": 3}})["battery"]
    assert (short.helps, short.worth) == (1, 1000)
    assert (long.helps, long.worth) == (2, 1000 + 1000 + 1300)
    assert long.first == 200 * 3 * 700 + 60_000


def test_a_ups_keeps_its_part_away_and_costs_its_losses():
    found = weighed([DIP, OUTAGE], {"ups": {"kw": 10, "part": 50, "life": 10}, "trouble": {
        "short": 1000, "hour": 600, "interest": 0}})["ups"]  # fmt: skip
    assert (found.helps, found.worth) == (1, 500)
    assert found.first == 12_000
    assert found.yearly == pytest.approx(1200 + 10 * 8760 * 0.05 * 0.2)


def test_a_second_line_shortens_outages_to_its_switch_and_keeps_capacity_in_reserve():
    found = weighed([DIP, OUTAGE], {"feed": {"transfer": 60}})["feed"]
    assert found.helps == 1
    assert found.worth == pytest.approx(600 * 129 / 60)
    assert found.yearly == pytest.approx(200 * 88 + 350_000 * annuity(0.05, 30))


def test_a_tap_spares_the_dips_that_lack_no_more_than_its_steps():
    assert weighed([DIP, OUTAGE], {"taps": {"steps": 1}})["taps"].helps == 0
    assert weighed([DIP, OUTAGE], {"taps": {"steps": 2}})["taps"].worth == 1000


def test_a_transformer_of_its_own_spares_the_share_of_dips_that_they_make():
    assert weighed([DIP, DIP, OUTAGE], {"apart": {"share": 25}})["apart"].worth == 500


def test_equal_payments_pay_a_loan_off():
    owed, payment = 1.0, annuity(0.05, 10)
    for _ in range(10):
        owed = owed * 1.05 - payment
    assert owed == pytest.approx(0)


@pytest.mark.parametrize("said", [{"battery": {"hours": 99}}, {"trouble": {"hour": "many"}}, {"ups": {"size": 1}}])
def test_a_figure_out_of_bounds_is_refused_by_name(said):
    with pytest.raises(CannotAdvise) as refused:
        weigh([DIP], LARGE, said)
    assert refused.value.field
