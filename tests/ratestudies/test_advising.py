"""Every rate that a customer may be on, ranked over a year of their own use."""

from datetime import date

from django.utils import timezone

from lamplighter.journeys.reclassing import tell_of_better_rates
from lamplighter.notices.models import Notice
from lamplighter.ratestudies.models import Advice
from lamplighter.ratestudies.operations.advice import keep_advice
from lamplighter.ratestudies.queries.advising import advised, ranking
from tests.ratestudies.town import UNTIL, quietly
from tests.town import ANALYST, DANA


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
    assert (found.refused.code, found.best) == ("advice.too-short", None)
    assert "7 bills" in found.refused.message


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
