"""A payment and a shut-off at the same instant: whichever locks the account first is seen whole by the other."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from lamplighter.credit.operations.certifying import certify
from lamplighter.credit.rules.facts import Reason
from lamplighter.journeys.severing import Sent, turn_off
from lamplighter.payments.operations import reverse_event
from lamplighter.platform.models import Event
from tests.accounts.conftest import furnish
from tests.credit.conftest import DANA, MONDAY, Debtor, make_ready
from tests.worklist.conftest import committed  # noqa: F401 - a fixture

ROUNDS = 12
ALL_BUT_LITTLE = 18642 - 4000


@pytest.fixture
def ready(committed):  # noqa: F811
    with transaction.atomic():
        return make_ready(Debtor(furnish()))


def race(ready, certificate, first: int) -> tuple[Sent, object]:
    """Both begin together, in transactions of their own."""
    gate, done = Barrier(2), {}

    def act(name, work):
        try:
            gate.wait()
            with transaction.atomic():
                done[name] = work()
        finally:
            connection.close()

    def cut():
        return turn_off(certificate=certificate, send=lambda made: f"SO-{made.pk}", by=DANA, at=MONDAY)

    works = [("paid", lambda: ready.pays(ALL_BUT_LITTLE)), ("cut", cut)]
    threads = [Thread(target=act, args=pair) for pair in (works if first else works[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done["cut"], done["paid"]


def test_nothing_is_sent_after_a_payment_committed(ready):
    with transaction.atomic():
        certificate = certify(agreement=ready.agreement, reason=Reason.NON_PAYMENT, by=DANA, at=MONDAY)
    assert certificate.allowed
    for number in range(ROUNDS):
        cut, paid = race(ready, certificate, number % 2)
        taken = Event.objects.get(name="payments.payment.taken", subject=paid.subject).pk
        judged = Event.objects.get(subject=cut.certificate.subject).pk
        assert bool(cut.number) == cut.certificate.allowed == (judged < taken), "in the order of the lock, and no other"
        with transaction.atomic():
            reverse_event(event=paid, reason="entry-error", **ready.now)
