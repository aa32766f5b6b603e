"""From a debt to a certificate and to the moment of sending, with real notices, calls, weather and crews."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.models import Certificate
from lamplighter.credit.operations.certifying import certify
from lamplighter.credit.queries.standing import draft_plan
from lamplighter.credit.rules.facts import Reason
from lamplighter.journeys.arranging import cancel_plan, give_time, make_plan
from lamplighter.journeys.charging import invoice
from lamplighter.journeys.collecting import protect
from lamplighter.journeys.reviewing import pass_a_day
from lamplighter.journeys.severing import turn_off
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.network.certificates import why_not
from lamplighter.notices.models import Notice
from lamplighter.notices.operations.deliveries import Step as DeliveryStep
from lamplighter.notices.operations.deliveries import record_deliveries
from lamplighter.notices.rules.steps import DeliveryStep as Kind
from lamplighter.payments.operations import reverse_event
from tests.credit.conftest import DANA, MONDAY, make_ready, noon, skies

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(debtor):
    return make_ready(debtor)


def ask(debtor, at=MONDAY, reason=Reason.NON_PAYMENT) -> Certificate:
    return certify(agreement=debtor.agreement, reason=reason, by=DANA, at=at)


def failed(certificate: Certificate) -> list[str]:
    return [check["code"] for check in certificate.checks if not check["passed"]]


class Truck:
    """Whoever would be told to turn it off."""

    def __init__(self):
        self.sent = []

    def __call__(self, certificate):
        self.sent.append(certificate.agreement_id)
        return f"SO-{len(self.sent)}"


def test_a_certificate_is_given_and_keeps_all_that_it_read(ready):
    given = ask(ready)
    assert given.allowed, failed(given)
    assert given.pack == "california-municipal/1"
    assert given.facts["debts"] == [{"mailed_on": "2026-09-20", "due_on": "2026-10-11", "amount": 18642}]
    assert given.facts["mailings"][0]["mailed_on"] == "2026-11-18"
    assert given.facts["weather"]["owner"] == "duty officer"
    assert given.off_on == date(2026, 12, 7)
    assert all(check["cites"] for check in given.checks)


def test_a_certificate_is_never_changed(ready):
    given = ask(ready)
    for change in (
        lambda: Certificate.objects.update(allowed=True),
        lambda: Certificate.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()
    assert Certificate.objects.get() == given


def test_it_is_checked_again_when_it_is_sent(ready):
    truck = Truck()
    sent = turn_off(certificate=ask(ready), send=truck, by=DANA, at=MONDAY + timedelta(minutes=20))
    assert sent.number == "SO-1"
    assert (sent.certificate.sending, sent.certificate.allowed) == (True, True)
    assert sent.certificate.rechecks is not None


def plans(ready):
    draft = draft_plan(ready.account, down=None, months=3, on=ready.today)
    make_plan(account=ready.account, draft=draft, consent="signed", **ready.now)


def plans_and_cancels(ready):
    plans(ready)
    cancel_plan(account=ready.account, **ready.now)


BETWEEN = {
    "pays": (lambda ready: ready.pays(18642), "debt"),
    "pays all but little": (lambda ready: ready.pays(18642 - 4999), "debt"),
    "arranges": (plans, "debt"),
    "arranges and cancels": (plans_and_cancels, "notice"),
    "is given time": (lambda r: give_time(account=r.account, until=date(2026, 12, 18), **r.now), "extension"),
    "brings a doctor's certificate": (
        lambda r: protect(account=r.account, kind=HoldKind.MEDICAL, period=Period(r.today), evidence="MC-4", **r.now),
        "holds",
    ),
    "is hit by a heat wave": (lambda _: skies(MONDAY + timedelta(minutes=10), "Extreme Heat Warning"), "weather"),
}


@pytest.mark.parametrize(("happens", "code"), BETWEEN.values(), ids=BETWEEN)
def test_what_happens_between_the_certificate_and_the_truck_stops_the_truck(ready, happens, code):
    given = ask(ready)
    assert given.allowed
    happens(ready)
    truck = Truck()
    sent = turn_off(certificate=given, send=truck, by=DANA, at=MONDAY + timedelta(minutes=20))
    assert (sent.number, truck.sent) == ("", [])
    assert code in failed(sent.certificate)
    assert sent.certificate.sending, "the refusal is kept too"


def test_a_command_to_the_switch_needs_the_certificate_of_its_point_and_that_it_holds_at_each_try(ready):
    number, point = ask(ready).number, ready.place.point.pk
    assert why_not(number, point=point, at=MONDAY) == ""
    for wrong in (("C-0", point), (number, point + 1), (number, None), ("", point)):
        assert "is not of this service point" in why_not(wrong[0], point=wrong[1], at=MONDAY)
    ready.pays(18642)
    assert "$0.00 is past due" in why_not(number, point=point, at=MONDAY)


def test_a_certificate_that_was_refused_is_never_sent(ready):
    early = ask(ready, at=MONDAY - timedelta(days=3))
    assert not early.allowed
    truck = Truck()
    assert turn_off(certificate=early, send=truck, by=DANA, at=MONDAY).number == ""
    assert truck.sent == []


@pytest.mark.parametrize(
    ("later", "codes"),
    [
        (timedelta(hours=5, minutes=1), ["reconnection"]),
        (timedelta(hours=7), ["calendar", "weather", "reconnection"]),
        (timedelta(days=1), ["weather", "reconnection"]),
    ],
)
def test_time_alone_takes_the_permission_away(ready, later, codes):
    assert failed(ask(ready, at=MONDAY + later)) == codes


def test_a_notice_that_came_back_counts_for_nothing(ready):
    notice = Notice.objects.get(template__code="past-due")
    back = DeliveryStep(notice.pk, Kind.RETURNED, noon(date(2026, 11, 30)), "bag 3")
    record_deliveries(steps=[back], by=DANA, at=noon(date(2026, 11, 30)))
    assert "notice" in failed(ask(ready))


def test_a_notice_is_spent_once_its_debt_was_paid(ready):
    event = ready.pays(18642)
    reverse_event(event=event, reason="returned", **ready.now)
    assert failed(ask(ready)) == ["notice", "contact"], "the debt is back, and is noticed anew"


def test_nothing_but_written_is_not_mailed(debtor):
    debtor.owes(18642, "2026-09-20").on("2026-11-18")
    pass_a_day(**debtor.now)
    assert "notice" in failed(ask(debtor))
    assert ask(debtor).off_on is None


def test_a_debt_of_another_agreement_turns_no_power_off(ready):
    ready.pays(18642)
    invoice(
        account=ready.account, label="Pole", amount=Money(90000),
        gl_code="revenue-fees", on=date(2026, 10, 1), by=DANA, at=ready.at,
    )  # fmt: skip
    assert "debt" in failed(ask(ready))


def test_service_that_somebody_else_begins_is_not_turned_off_for_a_move(ready):
    assert failed(ask(ready, reason=Reason.MOVE_OUT)) == ["stopped"]
