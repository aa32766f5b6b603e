"""The supervisor says what the weather is and who can reconnect; every certificate of the day reads it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lamplighter.accounts.models import Agreement
from lamplighter.credit.models import Cover, WeatherReport
from lamplighter.credit.operations.holding import record_weather
from lamplighter.credit.queries.certificates import judge
from lamplighter.credit.rules.facts import Reason
from lamplighter.kernel.periods import Period
from lamplighter.platform.models import Event
from lamplighter.platform.transactions import unit_of_work
from lamplighter.premises.models import Jurisdiction
from tests.web.desk.town import DANA, NOW, TODAY

from .conftest import words

HERE = "/lead/conditions/"


@pytest.fixture
def renee(at_desk):
    return at_desk("renee")


@pytest.fixture
def place(town):
    return Jurisdiction.objects.get().pk


@pytest.fixture
def checks(number):
    """What a certificate for non-payment would say now of one condition, and whether it holds."""

    def of(code: str):
        agreement = Agreement.objects.get(account__number=number("Thi Hoa Nguyen"), kind="energy")
        _, decision = judge(agreement, reason=Reason.NON_PAYMENT, at=NOW)
        return next((check.passed, check.says) for check in decision.checks if check.code == code)

    return of


def sends(client, act: str, **answers):
    url = f"{HERE}do/{act}/"
    key = client.get(url).context["form"]["request_key"].value()
    return client.post(url, {"request_key": key, **answers}, headers={"HX-Request": "true"})


def test_nothing_is_known_until_somebody_says_it(renee, checks):
    said = words(renee.get(HERE))
    assert "Nobody has asked: no power goes off here." in said
    assert "Nobody can reconnect: power goes off nowhere." in said
    assert checks("weather") == (False, "Nothing is known of the weather.")
    assert not checks("reconnection")[0]


def test_a_day_without_alert_is_said_with_its_source_and_read_by_certificates(renee, place, checks):
    assert sends(renee, "weather", place=place, alert="none", source="NWS, asked by Renee").status_code == 204
    said = words(renee.get(HERE))
    assert "City of Marisol Bay: no alert" in said
    assert "NWS, asked by Renee, asked just now" in said
    assert checks("weather") == (True, "No heat alert today (NWS, asked by Renee).")
    assert str(Event.objects.get(name="credit.weather.reported").actor) == "staff:renee"


def test_a_heat_alert_keeps_power_on(renee, place, checks):
    assert sends(renee, "weather", place=place, alert="Extreme Heat Warning", source="NWS").status_code == 204
    assert "Power stays on" in words(renee.get(HERE))
    assert checks("weather") == (False, "Extreme Heat Warning today.")


def test_a_cold_alert_is_kept_and_shown_and_the_page_does_not_promise_what_no_rule_says(renee, place):
    assert sends(renee, "weather", place=place, alert="Extreme Cold Warning", source="NWS").status_code == 204
    said = words(renee.get(HERE))
    assert "Nothing stops" in said
    assert "Extreme Cold Warning" in said


def test_what_was_asked_too_long_ago_is_shown_as_too_old(renee, place, checks):
    today = Period(TODAY, TODAY + timedelta(days=1))
    with unit_of_work(DANA):
        record_weather(
            area=place, owner="NWS", asked_at=NOW - timedelta(hours=7), covers=today, alerts=[], by=DANA, at=NOW
        )
    said = words(renee.get(HERE))
    assert "Too old" in said
    assert "asked 7 hours ago. Ask again: no power goes off here." in said
    assert not checks("weather")[0]


def test_a_crew_is_entered_and_can_reconnect(renee, checks):
    answers = {"crew": "North", "on": "2026-11-20", "start": "08:00", "end": "17:00"}
    assert sends(renee, "cover", **answers).status_code == 204
    said = words(renee.get(HERE))
    assert "There now" in said
    assert "North, Fri, Nov 20, 8:00 am to 5:00 pm" in said
    assert "Entered by Renee Abernathy, just now" in said
    assert checks("reconnection")[0]


@pytest.mark.parametrize(("start", "end"), [("10:00", "09:30"), ("08:00", "08:00"), ("06:00", "08:30")])
def test_a_crew_that_ends_before_it_begins_or_is_gone_is_refused(renee, start, end):
    refused = sends(renee, "cover", crew="North", on="2026-11-20", start=start, end=end)
    assert refused.status_code == 422
    assert not Cover.objects.exists()


def test_whoever_does_not_decide_on_credit_enters_neither(dana):
    assert [dana.get(path).status_code for path in (HERE, f"{HERE}do/weather/", f"{HERE}do/cover/")] == [403] * 3
    assert not WeatherReport.objects.exists()
