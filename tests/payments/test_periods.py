"""Sources that take payments by themselves: a period a day, balanced against what the sender itself says."""

from datetime import UTC, datetime, timedelta

import pytest

from lamplighter.jobs.payments import end_periods
from lamplighter.journeys.control import controls, sources_are_balanced
from lamplighter.kernel.actors import staff, system
from lamplighter.kernel.money import ZERO, Money
from lamplighter.payments import operations as payments
from lamplighter.payments.cash.chain import broken, untold_tenders
from lamplighter.payments.models import TenderControl
from lamplighter.payments.queries import to_balance
from lamplighter.payments.rules import CannotTake, TenderIn
from lamplighter.worklist.models import Item
from tests.accounts.conftest import place  # noqa: F401

KIOSK, RENEE = system("kiosk"), staff("renee")
AT = datetime(2026, 11, 19, 18, tzinfo=UTC)
State = TenderControl.State


class Kiosk:
    """A machine in the lobby that sends what people pay there."""

    def __init__(self, place):  # noqa: F811
        self.account = place.account(place.luis)
        self.source = payments.define_source(
            key="kiosk", name="Kiosk", kind="electronic", opening_float=ZERO, gl_code="ach-clearing"
        )

    def takes(self, cents, at=AT, kind="card"):
        control = payments.standing_control(source=self.source, by=KIOSK, at=at)
        return payments.post_event(
            control=control, tenders=[TenderIn(kind, Money(cents), Money(cents), "A1")],
            payments={self.account: Money(cents)}, on=at.date(), by=KIOSK, at=at,
        )  # fmt: skip

    def says(self, control=None, *, reason="", by=KIOSK, **totals):
        found = {kind: Money(cents) for kind, cents in totals.items()}
        return payments.say_total(
            control=control or to_balance(self.source), totals=found, by=by, at=AT + timedelta(hours=9), reason=reason
        )

    def states(self):
        return list(self.source.controls.order_by("pk").values_list("state", flat=True))


@pytest.fixture
def kiosk(place):  # noqa: F811
    made = Kiosk(place)
    yield made
    assert list(broken()) == list(untold_tenders()) == []
    assert not [one for one in controls() if one.differences]


def test_an_equal_total_balances_the_period_and_the_next_payment_opens_another(kiosk):
    kiosk.takes(2500)
    kiosk.takes(1000, kind="check")
    assert kiosk.says(card=2500, check=1000).differences == {}
    kiosk.takes(700)
    assert kiosk.states() == [State.BALANCED, State.OPEN]
    with pytest.raises(CannotTake, match="balanced already"):
        kiosk.says(kiosk.source.controls.first(), card=2500, check=1000)


def test_the_night_ends_what_nobody_ended_and_payments_go_on(kiosk):
    kiosk.takes(2500)
    assert end_periods.func() == "1 periods ended, 1 without a total"
    assert end_periods.func() == "0 periods ended, 1 without a total"
    kiosk.takes(400, at=AT + timedelta(days=1))
    assert kiosk.states() == [State.BALANCING, State.OPEN]
    assert Item.objects.filter(kind="payments.control-total", ended_at__isnull=True).count() == 1
    assert kiosk.says(card=2500).differences == {}
    assert kiosk.states() == [State.BALANCED, State.OPEN]
    assert not Item.objects.filter(kind="payments.control-total", ended_at__isnull=True).exists()


def test_a_difference_waits_for_a_person_until_it_is_explained(kiosk):
    kiosk.takes(2500)
    told = kiosk.says(card=3500)
    assert (told.differences, told.control.state) == ({"card": Money(1000)}, State.BALANCING)
    said = kiosk.says(told.control, card=3500, reason="One payment never reached us; they send it again", by=RENEE)
    assert said.control.state == State.BALANCED
    assert said.control.totals.latest("pk").reason.startswith("One payment")


def test_a_day_on_which_nothing_came_balances_by_itself(kiosk):
    payments.standing_control(source=kiosk.source, by=KIOSK, at=AT)
    assert end_periods.func() == "1 periods ended, 0 without a total"
    assert kiosk.states() == [State.BALANCED]


def test_a_period_that_nobody_ends_is_found_by_the_check(kiosk):
    for days in range(3):
        kiosk.takes(100, at=AT + timedelta(days=days))
    assert sources_are_balanced().differences == ("Kiosk: a period has payments of 3 days",)
    payments.end_period(control=kiosk.source.controls.get(), by=KIOSK, at=AT)


def test_a_drawer_is_not_ended_so(kiosk):
    drawer = payments.define_source(key="d", name="D", kind="drawer", opening_float=ZERO, gl_code="cash-drawers")
    with pytest.raises(CannotTake, match="by its cashier"):
        payments.end_period(control=payments.open_control(source=drawer, by=RENEE, at=AT), by=RENEE, at=AT)
