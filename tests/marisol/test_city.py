"""The demo city stands on any day: planned the same twice, built by real operations, its books whole."""

from datetime import date, timedelta

import pytest

from lamplighter.billing.models import Bill, Parked
from lamplighter.journeys.control import controls
from lamplighter.payments.models import Payment
from lamplighter.platform.models import Approval, User
from lamplighter.town.build import Here, build
from lamplighter.town.calendar import at
from lamplighter.town.census import plan_city
from lamplighter.town.plan import DEFAULT, Size

TINY = Size(homes=23, hourly=6, shops=1, medium=0, months=3)
DAYS = [
    date(2026, 11, 20),
    date(2027, 1, 1),
    date(2028, 2, 29),
    date(2027, 3, 14),  # 23 hours
    date(2026, 11, 1),  # 25 hours
]


@pytest.fixture
def store(settings, tmp_path):
    settings.INTERVAL_STORE = str(tmp_path / "intervals")


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_same_day_gives_the_same_plan(day):
    one, two = plan_city(day, DEFAULT), plan_city(day, DEFAULT)
    assert [c.person for c in one.customers] == [c.person for c in two.customers]
    assert one.begins == two.begins < day - timedelta(days=365)


@pytest.mark.parametrize("day", DAYS[:1] + DAYS[2:3] + DAYS[4:], ids=str)
def test_a_small_city_is_built_and_its_books_are_whole(db, store, day):
    told = []
    build(plan_city(day, TINY), now=at(day, 10), tell=lambda stage, *_: told.append(stage), shares=Here())
    assert Bill.objects.count() > 30
    assert Payment.objects.exists()
    assert Bill.objects.latest("issued_on").issued_on < day
    assert {control.name: control.differences for control in controls() if control.differences} == {}
    assert not Parked.objects.filter(state="open", code="billing.calculators").exists()
    assert Approval.objects.filter(state="waiting").exists(), "something waits for a second person"
    assert User.objects.filter(username__in=["dana", "renee", "iris", "admin", "thihoa"]).count() == 5
    assert told[0] == "Founding the utility"
    assert told[-1] == "This morning"
