"""A place that nobody has is turned off on a certificate too: of whoever had it last, at the crew's door."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.models import Certificate
from lamplighter.credit.rules.facts import Reason, Tenants
from lamplighter.fieldwork.models import Order
from lamplighter.fieldwork.operations.ordering import OrderIn, raise_order
from lamplighter.fieldwork.operations.reporting import CannotStart, start_order
from lamplighter.fieldwork.types import OrderKind
from lamplighter.journeys.collecting import protect, tenants_depend
from lamplighter.journeys.completing import report_order
from lamplighter.journeys.moving import start_service, stop_service
from lamplighter.journeys.severing import begin_order
from lamplighter.kernel.actors import staff
from lamplighter.kernel.periods import Period
from tests.credit.conftest import DANA, MONDAY, skies
from tests.credit.test_cut_and_back import report

SAM = staff("sam")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def left(debtor):
    """Service ended on Friday; nobody comes after them."""
    debtor.on("2026-12-04")
    stop_service(agreement=debtor.agreement, **debtor.now)
    return debtor.on("2026-12-07")


def ordered(left, reason="move-out") -> Order:
    asked = OrderIn(OrderKind.DISCONNECT, left.place.point, left.today, None, reason=reason, origin="stop")
    return raise_order(order=asked, by=DANA, at=MONDAY)


def begins(left, order: Order, at=MONDAY + MINUTE) -> str:
    return begin_order(order=order, on=left.today, by=SAM, at=at)


def somebody_comes(left, on="2026-12-07") -> None:
    other = left.place.account(left.place.hannah)
    start_service(account=other, points=(left.place.point,), schedule=left.place.schedule, on=date.fromisoformat(on),
                  by=DANA, at=MONDAY)  # fmt: skip


def test_it_is_certified_when_the_crew_begins_and_carries_that_certificate(left):
    skies(MONDAY)
    order = ordered(left)
    assert order.certificate == ""
    assert begins(left, order) == ""
    order.refresh_from_db()
    kept = Certificate.objects.get()
    assert (order.state, order.certificate) == ("in-progress", kept.number)
    assert (kept.reason, kept.allowed, kept.sending, kept.agreement) == (Reason.MOVE_OUT, True, True, left.agreement)


def heat(left):
    skies(MONDAY, "Extreme Heat Warning")


def nothing_known(left):
    """The weather was not asked for."""


def ill(left):
    skies(MONDAY)
    protect(account=left.account, kind=HoldKind.MEDICAL, period=Period(left.today), evidence="Dr. Ruiz", **left.now)


def next_customer(left):
    skies(MONDAY)
    somebody_comes(left)


def comes_next_week(left):
    skies(MONDAY)
    somebody_comes(left, "2026-12-14")


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (heat, "Extreme Heat Warning today"),
        (nothing_known, "Nothing is known of the weather"),
        (ill, "Medical certificate"),
        (next_customer, "Somebody else has or begins service here"),
        (comes_next_week, "Somebody else has or begins service here"),
    ],
)
def test_the_crew_is_stopped_at_the_door_and_the_refusal_is_kept(left, happens, why):
    order = ordered(left)
    happens(left)
    assert begins(left, order).startswith(f"Do not disconnect. {why}")
    order.refresh_from_db()
    assert order.state == "waiting"
    assert not Certificate.objects.get().allowed
    with pytest.raises(CannotStart, match=why):
        start_order(order=order, on=left.today, by=SAM, at=MONDAY + MINUTE)


def test_tenants_of_a_landlord_who_left_are_told_first(debtor):
    debtor.on("2026-11-30")
    tenants_depend(agreement=debtor.agreement, how=Tenants.MASTER, evidence="A visit", **debtor.now)
    debtor.on("2026-12-04")
    stop_service(agreement=debtor.agreement, **debtor.now)
    debtor.on("2026-12-07")
    skies(MONDAY)
    assert begins(debtor, ordered(debtor)).startswith("Do not disconnect. A notice stands on every door")


def test_service_that_goes_on_after_all_is_not_turned_off(left):
    skies(MONDAY)
    order = ordered(left)
    left.agreement.refresh_from_db()
    type(left.agreement).objects.filter(pk=left.agreement.pk).update(period=Period(left.agreement.period.start))
    assert begins(left, order) == "Do not disconnect. The customer's service goes on."


def test_what_was_done_to_somebody_who_had_come_is_undone_at_once(left):
    skies(MONDAY)
    order = ordered(left)
    somebody_comes(left)
    report_order(order=order, report=report(order, MONDAY + 10 * MINUTE), by=SAM, at=MONDAY + 20 * MINUTE)
    order.refresh_from_db()
    assert order.state == "discarded"
    back = Order.objects.get(kind="reconnect")
    assert (back.state, back.account.pk) == ("waiting", left.place.point.agreements.latest("pk").agreement.account_id)


def test_a_danger_at_a_place_that_nobody_has_waits_for_nothing_but_is_not_done_to_who_came(left):
    order = ordered(left, "hazard")
    somebody_comes(left)
    with pytest.raises(CannotStart, match="the danger needs a certificate of theirs"):
        begins(left, order)


def test_a_danger_at_a_place_that_nobody_has_needs_no_weather(left):
    order = ordered(left, "hazard")
    assert begins(left, order) == ""
    order.refresh_from_db()
    assert order.state == "in-progress"
