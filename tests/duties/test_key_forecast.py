"""AM-08, played through the pages: a year of sales and revenue foretold, handed to the rate lab, and a budget kept."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from lamplighter.accounts.models import Account
from lamplighter.billing.models import Segment
from lamplighter.formats.dayweather import WeatherIn
from lamplighter.jobs import ratestudies as jobs
from lamplighter.kernel.money import Money
from lamplighter.platform.models import Run
from lamplighter.ratestudies.adoption import assumptions
from lamplighter.ratestudies.models import Forecast, ForecastMonth, Study
from lamplighter.usage.operations.weather import record_day_weather
from tests.duties.playing import DONE, fills
from tests.duties.test_sup_rates import furnished, harbor
from tests.keyaccounts.world import answers, fill
from tests.town import ANALYST
from tests.web.conftest import make_person
from tests.web.wording import wording

__all__ = ["furnished", "harbor"]
FIRST = date(2026, 11, 1)
R1 = "marisol-bay-power/r-1_2026-07-01.toml"


class Clock:
    """It is Friday, November 20, 2026, 9:02 am."""

    localdate = staticmethod(timezone.localdate)

    @staticmethod
    def now() -> datetime:
        return datetime(2026, 11, 20, 17, 2, tzinfo=UTC)


@pytest.fixture
def joel(harbor, monkeypatch, be):
    """An account manager of the harbor, whose station knows the year's temperatures."""
    monkeypatch.setattr("lamplighter.web.visits.timezone", Clock)
    make_person("joel", "Joel Castellanos", "account-manager")
    days = [date(2025, 10, 1) + timedelta(days=at) for at in range(400)]
    said = [WeatherIn(day, *(Decimal(40 + 5 * min(day.month, 12 - day.month) + more) for more in (-5, 0, 5)))
            for day in days]  # fmt: skip
    record_day_weather(station="HARBOR", days=said, by=ANALYST, at=harbor.at)
    return be("joel")


def url(name, *args):
    return reverse(f"key:{name}", args=args)


def foretells(joel, name, **said):
    """Through the form and the worker; the forecast as it was kept."""
    usual = {one.name: f"{one.value:g}" for one in assumptions(Account.CustomerClass.values)}
    fill(joel, url("do-forecast"), **{"name": name, "first": FIRST.isoformat(), "counts": "none", **usual, **said})
    made = Forecast.objects.latest("pk")
    run = Run.objects.get(pk=made.run_id)
    jobs.forecast(run=run.pk, by=str(run.started_by), forecast=made.pk)
    made.refresh_from_db()
    return made


def rows(client, address, panel):
    page = client.get(address, {"panel": panel, "export": "csv"})
    assert page.status_code == 200
    return b"".join(page.streaming_content).decode("utf-8-sig").splitlines()


def test_am_08_a_year_of_sales_and_revenue_is_foretold_with_its_range_and_its_errors_in_hindsight(joel):
    made = foretells(joel, "As it is")
    page = answers(joel.get(url("forecast", made.pk)))
    assert made.state == "done", made.result
    assert made.rows.count() == 24, "two classes, twelve months"
    for row in made.rows.all():
        assert row.kwh_low <= row.kwh <= row.kwh_high
        assert row.revenue_low <= row.revenue <= row.revenue_high
    assert "lay in their range, which is to hold eight of ten." in page
    assert "no trend can be told: growth is what is assumed" in page
    assert "Off by, on average: Commercial" in page
    table = rows(joel, url("forecast", made.pk), "worth")[1:]
    cents = {one.split(",")[1]: Decimal(0) for one in table}
    for one in table:
        cents[one.split(",")[1]] += Decimal(one.split(",")[3])
    assert cents["All"] == cents["Residential"] + cents["Commercial"], "to the cent"
    assert len(rows(joel, url("forecast", made.pk), "hindsight")) == 1 + 2 * 6, "six months of each class"
    assert "What it takes as given" in answers(joel.get(url("forecast", made.pk), {"print": "1"}))


@pytest.mark.windowless
def test_am_08_the_highest_hour_of_each_month_is_foretold_by_class_and_of_all_together(joel):
    made = foretells(joel, "As it is")
    grown = foretells(joel, "A tenth more shops", growth_commercial="10")
    shops = {row.month: row for row in made.rows.filter(customer_class="commercial")}
    billed = Segment.objects.filter(agreement__account__customer_class="commercial", month__lt=FIRST)
    used = sum(one.kwh for one in billed) / sum(one.period.days for one in billed) / 24
    assert all(used < row.kw_low <= row.kw <= row.kw_high < used * 24 for row in shops.values()), "more than its mean"
    homes = {f"{row.month:%Y-%m}": row.kw for row in made.rows.filter(customer_class="residential")}
    for month, _, all_kw, _ in made.result["peaks"]["all"]:
        own = float(shops[date.fromisoformat(f"{month}-01")].kw)
        assert own <= all_kw <= own + float(homes[month]), "one hour of all is at most the sum of their highest"
    october = date(2027, 10, 1)
    more = grown.rows.get(customer_class="commercial", month=october).kw / shops[october].kw
    assert float(more) == pytest.approx(1.1 ** (11.5 / 12), abs=1e-4), "the highest hour grows with the customers"
    page = answers(joel.get(url("forecast", made.pk)))
    assert "The highest hour of each month, foretold in the same way, was off by: All together" in page
    assert re.search("by the hours of 1 meter, (99|100|101)% of the use", page)


@pytest.mark.windowless
def test_am_08_what_is_assumed_shows_and_two_forecasts_stand_beside_each_other_and_stay(joel):
    plain = foretells(joel, "As it is")
    cars = foretells(joel, "With cars", evs="12", ev_kwh="1200")
    page = answers(joel.get(url("forecast", cars.pk), {"beside": plain.pk}))
    assert "12 a year. From the utility's own plan." in page
    assert "This one beside “As it is”" in page
    more = {one.month: one.added for one in cars.rows.filter(customer_class="residential")}
    assert more[FIRST] == 50, "12 cars a year make half a car in the middle of the first month, at 100 kWh a month"
    assert sum(more.values()) == 7200
    assert "+7,200 kWh" in page
    for rewrites in (lambda: ForecastMonth.objects.update(kwh=0), lambda: ForecastMonth.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            rewrites()


@pytest.mark.windowless
def test_am_08_a_past_that_is_too_short_is_refused_with_why(joel):
    made = foretells(joel, "Too early", first="2026-08-01")
    assert made.state == "refused"
    assert "Nothing was billed for August 2025" in answers(joel.get(url("forecast", made.pk)))


def test_am_08_the_forecast_year_is_the_base_of_a_study_in_the_rate_lab(joel, harbor):
    made = foretells(joel, "Half as much again", growth_residential="50")
    version = harbor.rates["r-1"].versions.latest("pk")
    begin = f"{reverse('lead:do-study')}?version={version.pk}"
    page = fills(joel, begin, name="On the forecast", until=FIRST.isoformat(), scope="rate", forecast=made.pk,
                 text=version.source.text)  # fmt: skip
    assert page.status_code in DONE, wording(page)
    study = Study.objects.get()
    run = Run.objects.get(pk=study.run_id)
    jobs.study(run=run.pk, by=str(run.started_by), study=study.pk)
    study.refresh_from_db()
    assert "The year of “Half as much again”" in answers(joel.get(reverse("lead:study", args=[study.pk])))
    residential = made.rows.filter(customer_class="residential")
    foretold = sum((row.revenue for row in residential), Money(0))
    assert study.result["present"] == foretold.cents, "the same bills at the same rates"
    assert study.result["differing"] == 0
    kwh = sum(year.kwh for year in study.years.all())
    assert abs(kwh - sum(row.kwh for row in residential)) < 1


BUDGET = """month,class,kwh,revenue
2026-09,residential,1000,250.00
2026-10,residential,0,10.00
2026-12,residential,1000,250.00
"""


@pytest.mark.windowless
def test_am_08_revenue_stands_against_the_budget_by_volume_and_price(joel):
    fill(joel, url("do-budget"), name="Resolution 26-11", file=SimpleUploadedFile("b.csv", BUDGET.encode()))
    of = Segment.objects.filter(month=date(2026, 9, 1), agreement__account__customer_class="residential")
    kwh, revenue = sum(one.kwh for one in of), sum((one.total for one in of), Money(0))
    lines = rows(joel, url("budget", 2026), "months")[1:]
    september, october = (one for one in lines if "Residential" in one)
    forgotten = next(one for one in lines if one.startswith("Sep 2026,Commercial")).split(",")
    assert forgotten[2] == "0", "a class that the budget forgot is held against nothing"
    assert forgotten[6] == forgotten[5] != "0.00"
    found = [Decimal(one) for one in september.split(",")[2:]]
    assert found[:2] == [1000, kwh]
    assert found[3] == Decimal(revenue.cents) / 100
    assert found[4] == found[3] - 250
    assert found[5] == ((kwh - 1000) * Decimal("0.25")).quantize(Decimal("0.01"))
    assert found[5] + found[6] == found[4], "volume and price make the difference, to the cent"
    assert october.split(",")[7] in {"0.00", "0"}, "nothing was budgeted to be sold: all of it is price"
    assert "of it is volume other than budgeted" in answers(joel.get(url("budget", 2026)))


@pytest.mark.windowless
@pytest.mark.parametrize(
    ("text", "why"),
    [("month,class,kwh\n", "Line 1: the columns must be month, class, kwh, revenue"),
     ("month,class,kwh,revenue\n2026-13,residential,1,1\n", "Line 2: '2026-13' is no month"),
     ("month,class,kwh,revenue\n2026-01,homes,1,1\n", "Line 2: 'homes' is no class of customer"),
     ("month,class,kwh,revenue\n2026-01,residential,x,1\n", "Line 2: 'x' is no number (kwh)"),
     ("month,class,kwh,revenue\n2026-01,residential,1,1\n2027-01,residential,1,1\n", "A budget is of one year")],
)  # fmt: skip
def test_am_08_a_budget_that_is_wrong_is_refused_by_its_line(joel, text, why):
    page = fills(joel, url("do-budget"), name="B", file=SimpleUploadedFile("b.csv", text.encode()))
    assert page.status_code == 422
    assert why in page.content.decode().replace("&#x27;", "'")
