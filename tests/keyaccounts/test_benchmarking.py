"""What is given to Portfolio Manager: whole months, a sum that hides every tenant, and never without leave."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from itertools import pairwise
from zipfile import ZipFile

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.kernel.energy import Quality
from lamplighter.kernel.instants import midnight
from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.benchmarking import (
    FEWEST_CUSTOMERS,
    MonthGiven,
    MonthLeft,
    Use,
    last_months,
    one_service,
    whole_building,
)
from lamplighter.keyaccounts.models import DataConsent, DataRelease
from lamplighter.keyaccounts.queries.benchmarks import draft_release
from lamplighter.metering import operations as metering
from lamplighter.metering.models import Channel
from lamplighter.premises.models import Premise
from tests.keyaccounts.conftest import BOOK, JOEL, known_as
from tests.keyaccounts.world import Clock, answers
from tests.town import ZONE, Town
from tests.web.filling import fills

MAY = Period(date(2026, 5, 1), date(2026, 6, 1))
ON = date(2026, 6, 10)


def use(customer, kwh, **more):
    return Use(customer, more.pop("whole", True), None if kwh is None else Decimal(kwh), **more)


def why(month):
    assert isinstance(month, MonthLeft)
    return month.why


def test_four_customers_with_none_over_half_are_given_as_their_sum():
    month = whole_building(MAY, [use(1, 300), use(2, 100), use(3, 100), use(4, 100)])
    assert isinstance(month, MonthGiven)
    assert month.kwh == 600


def test_one_over_half_is_not_given():
    assert "more than 50%" in why(whole_building(MAY, [use(1, 301), use(2, 100), use(3, 100), use(4, 100)]))


def test_three_customers_are_not_given_however_many_services_they_have():
    assert "Fewer than 4" in why(whole_building(MAY, [use(1, 90), use(1, 90), use(2, 100), use(3, 100)]))


def test_who_moved_in_within_the_month_does_not_count_among_the_four():
    uses = [use(1, 100), use(2, 100), use(3, 100), use(4, 50, whole=False)]
    assert "Fewer than 4" in why(whole_building(MAY, uses))


def test_services_of_one_customer_count_together_for_the_half():
    assert "One customer" in why(whole_building(MAY, [use(1, 60), use(1, 60), use(2, 30), use(3, 30), use(4, 30)]))


def test_one_month_without_readings_is_left_out_and_says_so():
    assert "missing" in why(whole_building(MAY, [use(1, None), use(2, 1), use(3, 1), use(4, 1)]))
    assert "missing" in why(one_service(MAY, [use(1, None)]))


def test_a_month_that_service_did_not_run_through_is_left_out():
    assert "every day" in why(one_service(MAY, [use(1, 5, whole=False)]))
    assert "every day" in why(one_service(MAY, []))


def test_estimates_and_exchanged_meters_are_told():
    month = one_service(MAY, [use(1, 500, estimated_kwh=Decimal("12.5"), exchanges=1)])
    assert isinstance(month, MonthGiven)
    assert month.estimated
    assert month.notes == ("12.5 kWh estimated", "1 meter exchanged")


@settings(max_examples=60)
@given(st.lists(st.builds(Use, st.integers(1, 6), st.booleans(), st.decimals(0, 1000, places=3)), max_size=12))
def test_nobody_is_ever_over_half_of_what_is_given_nor_among_fewer_than_four(uses):
    month = whole_building(MAY, uses)
    if isinstance(month, MonthGiven):
        of = {one.customer: sum(u.kwh for u in uses if u.customer == one.customer) for one in uses}
        assert len(of) >= FEWEST_CUSTOMERS
        assert max(of.values()) * 2 <= month.kwh == sum(of.values())


def test_the_months_are_the_twelve_whole_ones_before_the_day():
    months = last_months(date(2026, 1, 31))
    assert (months[0].start, months[-1]) == (date(2025, 1, 1), Period(date(2025, 12, 1), date(2026, 1, 1)))
    assert len(months) == 12
    assert all(one.end == other.start for one, other in pairwise(months))


@pytest.fixture
def court(db, tmp_path):
    """Five customers at one address since 1 February, a sixth elsewhere; 1, 2, 3, 4 and 5 kWh an hour until June."""
    with override_settings(INTERVAL_STORE=str(tmp_path / "intervals"), STATE=tmp_path):
        yield _settled()


def _settled():
    town = Town(date(2026, 2, 1)).on("2026-02-01")
    rate = town.adopts_book(f"{BOOK}/gs-1_2024-07-01.toml", "commercial")
    for number, who in enumerate(("Ana", "Ben", "Cal", "Dot", "Eve", "Far"), start=1):
        home = town.moves_in(who, rate)
        if who != "Far":
            Premise.objects.filter(pk=home.agreement.premise_id).update(street="7 Court Sq", unit=f"#{number}")
            home.agreement.refresh_from_db()
        town.uses(who, Period(date(2026, 2, 1), date(2026, 6, 1)), number * 1000)
    organisation = known_as(town.homes["Ana"], "Court Square Owners", at=town.at)
    return town.on(ON.isoformat()), organisation


def test_a_building_is_the_sum_of_its_own_tenants_by_calendar_month(court):
    town, organisation = court
    draft = draft_release(organisation, town.homes["Ana"].agreement, building=True, on=ON)
    assert {one.why for one in draft.left} == {
        "Fewer than 4 customers had service all month: one could be told from the sum."
    }
    assert [(one.month.start.month, one.kwh) for one in draft.given] == [
        (2, 15 * 672),
        (3, 15 * 743),
        (4, 15 * 720),
        (5, 15 * 744),
    ]
    assert len(draft.left) == 8


def test_queries_grow_with_neither_tenants_nor_months(court, django_assert_max_num_queries):
    town, organisation = court
    draft_release(organisation, town.homes["Ana"].agreement, building=True, on=ON)
    with django_assert_max_num_queries(16):
        draft_release(organisation, town.homes["Ana"].agreement, building=True, on=ON)


def test_estimated_hours_and_an_exchange_stand_in_their_month_alone(court):
    town, organisation = court
    home, swap = town.homes["Ana"], midnight(date(2026, 3, 15), ZONE)
    metering.remove(meter=home.channel.meter, at=swap, by=JOEL, recorded_at=town.at)
    channel = Channel(name="kWh", unit="Wh", power=0, interval=3600)
    meter = metering.add_meter(badge="E-9000", channels=[channel], on=date(2026, 3, 15), by=JOEL, at=town.at)
    metering.install(meter=meter, point=home.point, at=swap, by=JOEL, recorded_at=town.at)
    home.channel = channel
    town.uses("Ana", Period(date(2026, 3, 15), date(2026, 6, 1)), 1000)
    town.uses("Ana", Period(date(2026, 4, 10), date(2026, 4, 11)), 1000, quality=int(Quality.ESTIMATED_LINEAR))
    draft = draft_release(organisation, home.agreement, building=False, on=ON)
    assert [(one.month.start.month, one.kwh, one.estimated, one.notes) for one in draft.given] == [
        (2, 672, False, ()), (3, 743, False, ("1 meter exchanged",)), (4, 720, True, ("24.0 kWh estimated",)),
        (5, 744, False, ()),
    ]  # fmt: skip


@pytest.fixture
def joel_at_court(court, joel, monkeypatch):
    monkeypatch.setattr("lamplighter.web.visits.timezone", Clock)
    client = Client()
    client.force_login(joel)
    return client


def key(name, *args):
    return reverse(f"key:{name}", args=["court-square-owners", *args])


def consents(client, service, given="yes"):
    return fills(client, key("do-data-consent"), service=str(service.pk), receiver="Green Deeds LLC", given=given,
                 said_by="Ana Town, owner")  # fmt: skip


def sheets(client, release):
    book = ZipFile(io.BytesIO(b"".join(client.get(key("release", release.pk)).streaming_content)))
    return "".join(book.read(name).decode() for name in sorted(book.namelist()) if name.endswith(".xml"))


def test_a_service_is_given_to_whom_its_customer_allowed_and_what_was_given_is_kept(court, joel_at_court):
    service = court[0].homes["Ana"].agreement
    assert "Nobody may be given it yet" in answers(joel_at_court.get(key("do-give-service", service.pk)))
    consents(joel_at_court, service)
    held = DataConsent.objects.get()
    shown = joel_at_court.post(key("do-give-service", service.pk), {
        "consent": held.pk, **{name: joel_at_court.get(key("do-give-service", service.pk)).context["form"][name].value()
                               for name in ("seen", "request_key")},
    })  # fmt: skip
    assert "743 kWh" in answers(shown)
    assert not DataRelease.objects.exists()
    fills(joel_at_court, key("do-give-service", service.pk), consent=str(held.pk), meter="4711")
    made = DataRelease.objects.get()
    assert (made.receiver, made.months, made.consent) == ("Green Deeds LLC", 4, held)
    text = sheets(joel_at_court, made)
    assert all(one in text for one in ("Meter Consumption Data", "Electric - Grid", "4711", "<v>743</v>"))
    assert "4 months of 7 Court Sq #1 to Green Deeds LLC" in answers(joel_at_court.get(key("papers")))


def test_consent_that_was_taken_back_or_ran_out_gives_nothing(court, joel_at_court):
    service = court[0].homes["Ana"].agreement
    consents(joel_at_court, service)
    opened = joel_at_court.get(key("do-give-service", service.pk)).context["form"]
    sent = {name: opened[name].value() for name in ("seen", "request_key")} | {"consent": DataConsent.objects.get().pk}
    consents(joel_at_court, service, given="no")
    answer = joel_at_court.post(key("do-give-service", service.pk), {**sent, "confirmed": "1"})
    assert answer.status_code == 422
    assert not DataRelease.objects.exists()


def test_a_building_needs_no_consent_of_its_tenants_and_names_none(court, joel_at_court):
    service = court[0].homes["Ana"].agreement
    fills(joel_at_court, key("do-give-building", service.pk), receiver="Court Square Owners", grounds="Deed of 2019")
    made = DataRelease.objects.get()
    assert (made.building, made.consent, made.grounds) == (True, None, "Deed of 2019")
    text = sheets(joel_at_court, made)
    assert f"<v>{15 * 743}</v>" in text
    assert not any(word in text for word in ("#1", "#5", "Town", "E-000"))


def test_a_lone_service_is_no_building_and_nothing_is_made(court, joel_at_court):
    service = court[0].homes["Ana"].agreement
    Premise.objects.filter(pk=service.premise_id).update(street="1 Far Rd")
    answer = fills(joel_at_court, key("do-give-building", service.pk), receiver="Owners", grounds="Deed of 2019")
    assert "No month can be given" in answer.content.decode()
    assert not DataRelease.objects.exists()


def test_figures_that_changed_since_they_were_seen_are_not_given(court, joel_at_court):
    town, _ = court
    service = town.homes["Ana"].agreement
    opened = joel_at_court.get(key("do-give-building", service.pk)).context["form"]
    sent = {name: opened[name].value() for name in ("seen", "request_key")}
    town.uses("Ben", Period(date(2026, 4, 1), date(2026, 4, 2)), 2500)
    answer = joel_at_court.post(key("do-give-building", service.pk), {
        **sent, "receiver": "Owners", "grounds": "Deed", "confirmed": "1",
    })  # fmt: skip
    assert "changed since you looked" in answer.content.decode()
    assert not DataRelease.objects.exists()
