"""Every rate that a customer may be on, ranked over a year of their own use."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from lamplighter.billing.queries.comparing_rates import compare_rates
from lamplighter.billing.queries.history import too_little
from lamplighter.billing.queries.service_years import CannotCompare
from lamplighter.journeys.reclassing import tell_of_better_rates
from lamplighter.notices.models import Notice
from lamplighter.ratestudies.models import Advice
from lamplighter.ratestudies.operations.advice import keep_advice
from lamplighter.ratestudies.queries.advising import advised, choosable, ranking
from lamplighter.ratestudies.queries.rules import ruled_out
from lamplighter.rating.availability import Availability, why_not
from tests.ratestudies.town import UNTIL, quietly
from tests.town import ANALYST, BOOKS, DANA


def ranked(harbor, who, until=UNTIL):
    return ranking(
        harbor.homes[who].agreement.pk, schedule=harbor.rates["r-1"].pk, customer_class="residential", until=until,
        on=UNTIL,
    )  # fmt: skip


def test_who_uses_power_at_night_is_cheaper_by_the_hour(harbor):
    found = ranked(harbor, "Ada")
    assert [one.schedule for one in found.rates] == [harbor.rates["r-tou"].pk, harbor.rates["r-1"].pk]
    assert found.best.schedule == harbor.rates["r-tou"].pk
    assert found.quality.words.startswith("12 bills over 365 days, ")
    assert found.quality.words.endswith("kWh by interval readings, none of it estimated.")


def test_a_rate_that_rules_assign_is_ruled_out_for_who_asks(harbor):
    assert list(ruled_out(harbor.homes["Bo"].agreement, on=UNTIL)) == [harbor.rates["gs-2"].pk]
    assert ruled_out(harbor.homes["Ada"].agreement, on=UNTIL) == {}, "R-TOU is hers to choose"


def test_who_uses_it_in_the_evening_stays(harbor):
    found = ranked(harbor, "Ben")
    assert found.best is found.present is found.rates[0]


def test_dials_leave_a_rate_untold_and_say_why(harbor):
    found = ranked(harbor, "Cleo")
    assert [(one.total is None, one.present) for one in found.rates] == [(False, True), (True, False)]
    assert "dials" in found.rates[1].why
    assert "register reads" in found.quality.words


def test_a_history_that_is_too_short_is_refused(harbor):
    found = ranked(harbor, "Ada", until=date(2026, 6, 1))
    assert (found.refused.code, found.best) == ("compare.short", None)
    assert "7 bills" in found.refused.message


def test_the_desk_and_the_account_manager_refuse_the_same_history_in_the_same_words(harbor):
    june = date(2026, 6, 1)
    with pytest.raises(CannotCompare) as refused:
        compare_rates(harbor.homes["Ada"].agreement, on=june)
    assert str(refused.value) == ranked(harbor, "Ada", until=june).refused.message


@pytest.mark.parametrize(("bills", "days", "estimated", "code"), [
    (12, 365, "0", None), (12, 330, "0.10", None), (11, 365, "0", "compare.short"), (12, 329, "0", "compare.short"),
    (12, 365, "0.101", "compare.estimated"),
])  # fmt: skip
def test_one_gate_says_what_is_enough(bills, days, estimated, code):
    why = too_little(bills=bills, days=days, estimated=Decimal(estimated))
    assert (why and why.code) == code


def test_everybody_is_looked_at_and_who_saves_is_written_to_once(harbor):
    def look():
        rows = advised(until=UNTIL, on=UNTIL, at=timezone.now(), progress=quietly)
        keep_advice(found=rows, by=ANALYST, at=timezone.now())

    look()
    better = Advice.objects.get(saving__gt=0)
    assert Advice.objects.count() == 3
    assert better.agreement == harbor.homes["Ada"].agreement
    assert tell_of_better_rates(advice=[better.pk], on=UNTIL, by=DANA, at=timezone.now()) == 1
    assert tell_of_better_rates(advice=[better.pk], on=UNTIL, by=DANA, at=timezone.now()) == 0
    look()
    assert Advice.objects.get(saving__gt=0).told_at is not None, "what was told stays told"
    assert Notice.objects.filter(template__code="better-rate").count() == 1


@pytest.mark.parametrize("who", ["Ada", "Ben"])
def test_the_desk_and_the_account_manager_tell_the_same_totals(harbor, who):
    """One prices what bills kept, by columns, for everybody; the other a load curve, bill by bill. Both open and close
    rates by the same clause (`closed_to`)."""
    beside = compare_rates(harbor.homes[who].agreement, on=UNTIL, prices_of=UNTIL)
    assert {one.schedule: one.year.total for one in beside.options} == {
        one.schedule: one.total for one in ranked(harbor, who).rates
    }
    assert {one.code for one in beside.not_offered} == {"GS-1", "GS-2"}


def test_a_rate_that_is_closed_to_new_customers_is_neither_ranked_nor_offered(harbor):
    """The rules let everybody choose it; the book says that it is closed since November."""
    book = (BOOKS / "marisol-bay-power/r-tou_2026-07-01.toml").read_text().split("[[bill]]")[0]
    frozen = book.replace('status = "open"', 'status = "closed"').replace("2026-07-01", "2026-11-01")
    harbor.on(UNTIL.isoformat()).adopts(frozen, "r-tou_2026-11-01.toml")
    found = ranked(harbor, "Ada")
    closed = found.rates[-1]
    assert (closed.schedule, closed.total, closed.why) == (
        harbor.rates["r-tou"].pk, None, "It is closed to new customers.",
    )  # fmt: skip
    assert found.best is found.present
    asked = {"schedule": harbor.rates["r-1"].pk, "customer_class": "residential", "until": UNTIL, "on": UNTIL}
    assert choosable(harbor.homes["Ada"].agreement.pk, **asked) == []


def test_what_goes_by_demand_is_closed_to_who_has_no_demand_meter(harbor):
    available = Availability(to=("residential",), kw_below=Decimal(50))
    told = "It goes by demand, and no meter tells this customer's."
    assert why_not(available, customer_class="residential", kw_peak=None) == told
    assert why_not(Availability(), customer_class="residential", kw_peak=None) == ""
    assert why_not(available, customer_class="residential", kw_peak=Decimal(49)) == ""
