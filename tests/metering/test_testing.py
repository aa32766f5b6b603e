"""A meter is tested: who asked pays or gets it back, a letter tells, two correct bills, lots wait for samples.

On FLAT a kWh costs 15 cents; Ada's meter shows 1 kWh an hour since July 1: July and August are $111.60 each.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction

from lamplighter.billing.fees import Fees
from lamplighter.billing.models import Adjustment
from lamplighter.billing.operations.fees import set_fees
from lamplighter.fieldwork.models import Order
from lamplighter.fieldwork.reports import ReportIn
from lamplighter.journeys import amending
from lamplighter.journeys.amendments import MultiplierWas
from lamplighter.journeys.completing import report_order
from lamplighter.journeys.metertests import (
    WantedTest,
    ask_for_test,
    cancel_work,
    keep_test,
    open_request,
    proposed,
)
from lamplighter.kernel.actors import staff
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.metering.kinds import METER_KINDS
from lamplighter.metering.models import Lot, Meter, MeterTest, Whereabouts
from lamplighter.metering.operations import (
    CannotInstall,
    CannotTest,
    LotIn,
    MeterTestIn,
    install,
    move_meters,
    receive_meters,
    record_test,
    remove,
)
from lamplighter.metering.queries import sample
from lamplighter.notices.models import Notice
from lamplighter.notices.operations import load_starter_templates, set_sender
from lamplighter.platform.models import Approval
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.limits import set_limit
from lamplighter.premises.models import ServicePoint
from lamplighter.worklist.models import Item
from tests.billing.conftest import town
from tests.billing.test_retroactive import billed, live, owes
from tests.town import ANALYST, DANA, FLAT, NIGHTLY
from tests.web.conftest import make_person

__all__ = ["town"]

TESTED = date(2026, 9, 5)


@pytest.fixture
def ada(town):
    set_sender(utility="Test Town Power", phone="(510) 555-0100", website="x.example", office="1 A St",
               email="help@x.example", by=DANA, at=town.at)  # fmt: skip
    load_starter_templates(by=NIGHTLY, at=town.at, demo_town=True)
    return billed(town, "Ada", town.adopts(FLAT))


def asks(town, home, **more) -> Order:
    return ask_for_test(request=WantedTest(home.account, home.point, **more), on=town.today, by=DANA, at=town.at)


def crew(town, order, full, light, **more):
    found = ReportIn(uuid4(), done=True, found_at=town.at, full_load=Decimal(full), light_load=Decimal(light), **more)
    report_order(order=order, report=found, by=DANA, at=town.at + timedelta(minutes=5))
    return MeterTest.objects.get(order=order.number)


def waiting(kind="fieldwork.wrong-meter") -> list[str]:
    return [item.summary for item in Item.objects.waiting().filter(kind=kind)]


def letter() -> str:
    (notice,) = Notice.objects.filter(template__code="meter-test")
    return " ".join(part.body for part in notice.words.read)


def fees(home) -> list[tuple[str, int]]:
    rows = Adjustment.objects.filter(agreement=home.agreement, kind="fee").order_by("id")
    return [(row.label, row.amount.cents) for row in rows]


def test_a_fast_meter_costs_the_customer_nothing_and_its_bills_are_put_right_by_two(town, ada):
    """Installed on July 1, tested on September 5: 66 days, half of them since August 3. August was 48 kWh before that
    and 696 kWh shown, which were 696 / 1.04 = 669.23: $107.58."""
    order = asks(town, ada)
    assert fees(ada) == [("Meter test", 4000)]
    assert owes(ada) == Money(22320 + 4000)
    test = crew(town, order, "104.2", "103.2")
    assert (test.average, test.verdict, test.why, test.where) == (Decimal("104.000"), "fast", "customer", "field")
    assert fees(ada) == [("Meter test", 4000), ("Meter test fee given back", -4000)]
    assert waiting() == [f"Meter {ada.channel.meter}: 104 % at the test of Sep 5, 2026."]
    told = letter()
    assert "104.2 % of what is used at full load, and 103.2 % at light load" in told
    assert "Your meter was fast" in told
    assert "taken off your account" in told
    assert [(one.kind, one.account) for one in Order.objects.filter(origin="meter-wrong")] == [
        ("exchange", ada.account)
    ]

    change = proposed(test)
    assert change == MultiplierWas(ada.channel.pk, Decimal("0.961538"), Period(date(2026, 8, 3)))
    drafted = amending.draft(change, on=town.today, by=ANALYST, at=town.at)
    assert drafted.difference == Money(-402)
    asked = amending.issue(change=change, mark=drafted.mark, remark="Tested.", on=town.today, by=ANALYST, at=town.at)
    assert isinstance(asked, Approval), "who bills does not set what is metered alone"
    make_person("renee", "Renee Abernathy", "supervisor")
    set_limit(role="supervisor", permission="adjustments.approve", amount=Money(50000), on=town.today, by=DANA,
              at=town.at)  # fmt: skip
    approvals.approve(approval=asked, by=staff("renee"), at=town.at)
    assert live(ada) == [(date(2026, 7, 1), Money(11160)), (date(2026, 8, 1), Money(10758))]
    assert owes(ada) == Money(11160 + 10758)
    assert waiting() == [], "its bills are corrected"


def test_the_fee_is_the_one_of_the_schedule_in_force(town, ada):
    set_fees(fees=Fees(meter_test=Money(5500), citation="Resolution 26-77"), on=town.today, by=DANA, at=town.at)
    asks(town, ada)
    assert fees(ada) == [("Meter test", 5500)]


def test_a_meter_that_is_right_keeps_its_bills_and_the_fee(town, ada):
    test = crew(town, asks(town, ada), "100.4", "99.1")
    assert (test.verdict, test.is_left_right, proposed(test)) == ("in-limits", True, None)
    assert fees(ada) == [("Meter test", 4000)]
    assert waiting() == []
    assert "Your meter is right" in letter()
    assert "stays on your account" in letter()
    assert not Order.objects.filter(origin="meter-wrong").exists()


def test_a_slow_meter_that_was_adjusted_stays_and_is_right_from_the_test_on(town, ada):
    test = crew(town, asks(town, ada), "95", "94", left_full=Decimal("100.1"), left_light=Decimal("99.9"))
    assert (test.verdict, test.is_left_right) == ("slow", True)
    assert not Order.objects.filter(origin="meter-wrong").exists()
    change = proposed(test)
    assert change == MultiplierWas(ada.channel.pk, Decimal("1.054852"), Period(date(2026, 8, 3), TESTED))
    drafted = amending.draft(change, on=town.today, by=ANALYST, at=town.at)
    assert drafted.difference == Money(573), "696 kWh / 0.948 are 38.18 kWh more"
    next_year = amending.draft(change, on=date(2027, 9, 5), by=ANALYST, at=town.at + timedelta(days=365))
    assert [line.stays for line in next_year.lines] == ["too-old"], "undercharge is billed for twelve months"


def test_what_shows_next_to_nothing_is_estimated_not_multiplied(town, ada):
    test = crew(town, asks(town, ada), "3", "0")
    assert (test.verdict, proposed(test)) == ("slow", None)


def test_a_test_that_is_not_made_costs_nothing(town, ada):
    order = asks(town, ada)
    cancel_work(order=order, reason="customer-asked", words="", on=town.today, by=DANA, at=town.at)
    assert owes(ada) == Money(22320)
    assert fees(ada)[-1] == ("Meter test fee given back", -4000)


def test_in_the_shop_another_meter_is_set_first_and_the_result_answers_the_wish(town, ada):
    old = ada.channel.meter
    (new,) = receive_meters(
        badges=["E-9001"], kind=METER_KINDS["hourly"], multiplier=Decimal(1), maker="", model="", on=date(2026, 7, 1),
        by=DANA, at=town.at,
    )  # fmt: skip
    order = asks(town, ada, in_shop=True)
    assert (order.kind, open_request(old)) == ("exchange", None)
    found = ReportIn(uuid4(), done=True, found_at=town.at, set_badge=new.badge)
    report_order(order=order, report=found, by=DANA, at=town.at)
    assert Whereabouts.objects.get(meter=old, span__contains=town.at).place == "returned"
    assert not Whereabouts.objects.filter(meter=new, span__contains=town.at).exists(), "it left the warehouse"
    assert open_request(old) == order
    result = MeterTestIn("customer", "shop", town.at, (Decimal(97), Decimal(97)), order=order.number)
    test = keep_test(meter=old, test=result, on=town.today, by=DANA, at=town.at)
    assert (test.verdict, open_request(old)) == ("slow", None)
    assert "Your meter was slow" in letter()
    change = proposed(test)
    assert change is not None
    assert change.period == Period(date(2026, 8, 3), TESTED), "it does not stand there any more"
    with pytest.raises(CannotTest, match="known already"):
        keep_test(meter=old, test=result, on=town.today, by=DANA, at=town.at)
    with pytest.raises(CannotInstall, match="left it outside its limits"):
        install(meter=old, point=ada.point, at=town.at, by=DANA, recorded_at=town.at)


def test_a_lot_waits_for_the_tests_of_its_samples(town, ada):
    badges = [f"E-70{number:02}" for number in range(10)]
    lot = LotIn("EST-2026-7", Decimal("0.5"), 2)
    more = {
        "kind": METER_KINDS["hourly"],
        "multiplier": Decimal(1),
        "maker": "Estuary",
        "model": "Q4",
        "by": DANA,
        "at": town.at,
    }
    receive_meters(badges=badges, on=town.today, lot=lot, **more)
    with pytest.raises(CannotInstall, match="Lot EST-2026-7 came before"), transaction.atomic():
        receive_meters(badges=["E-8000", "E-8001"], on=town.today, lot=lot, **more)
    row = Lot.objects.get()
    first, second = sample(row).chosen
    remove(meter=ada.channel.meter, at=town.at, by=DANA, recorded_at=town.at)
    other = Meter.objects.get(badge=next(badge for badge in badges if badge not in {first, second}))

    def sets(meter):
        with transaction.atomic():
            install(meter=meter, point=ada.point, at=town.at, by=DANA, recorded_at=town.at)
            transaction.set_rollback(True)

    def tests(badge, *loads):
        meter = Meter.objects.get(badge=badge)
        result = MeterTestIn("sample", "shop", town.at, (Decimal(loads[0]), Decimal(loads[1])))
        return record_test(meter=meter, test=result, by=DANA, at=town.at)

    with pytest.raises(CannotInstall, match="2 of 2 still to be tested"):
        sets(other)
    assert tests(first, "100.3", "99.6").verdict == "in-limits"
    assert tests(second, "100.3", "99.4").verdict == "slow", "a new meter is judged at either load"
    with pytest.raises(CannotInstall, match=f"refused: {second} not within its class"):
        sets(other)
    assert tests(second, "100.0", "99.9").is_right
    sets(other)
    with pytest.raises(CannotTest, match="is of no lot"):
        record_test(
            meter=ada.channel.meter,
            test=MeterTestIn("sample", "shop", town.at, (Decimal(100), Decimal(100))),
            by=DANA,
            at=town.at,
        )


def test_meters_move_between_the_warehouse_and_trucks_and_retired_ones_stay_retired(town, ada):
    receive_meters(
        badges=["E-9001", "E-9002"], kind=METER_KINDS["hourly"], multiplier=Decimal(1), maker="", model="",
        on=town.today, by=DANA, at=town.at,
    )  # fmt: skip
    later = town.at + timedelta(hours=1)
    move_meters(badges=["E-9001", "E-9002"], place="truck", holder="Truck 1", by=DANA, at=later)
    now = Whereabouts.objects.filter(span__contains=later)
    assert {(str(row.meter), str(row)) for row in now.select_related("meter")} == {
        ("E-9001", "On a truck Truck 1"), ("E-9002", "On a truck Truck 1"),
    }  # fmt: skip
    for badges, place, holder, why in (
        (["E-9001"], "truck", "", "Name the truck"), (["E-9001"], "shop", "Truck 1", "Name the truck"),
        (["E-9001", "E-0"], "shop", "", "E-0: no such meter"),
        ([ada.channel.meter.badge], "shop", "", "set at a service point"),
    ):  # fmt: skip
        with pytest.raises(CannotInstall, match=why), transaction.atomic():
            move_meters(badges=badges, place=place, holder=holder, by=DANA, at=later)
    move_meters(badges=["E-9002"], place="retired", holder="", by=DANA, at=later)
    with pytest.raises(CannotInstall, match="retired"), transaction.atomic():
        move_meters(badges=["E-9002"], place="warehouse", holder="", by=DANA, at=later)
    retired, point = Meter.objects.get(badge="E-9002"), ServicePoint.objects.get(pk=ada.point.pk)
    with pytest.raises(CannotInstall, match="is retired"):
        install(meter=retired, point=point, at=later, by=DANA, recorded_at=later)
