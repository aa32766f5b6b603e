"""AutoPay while others act: with real commits, and so in a file of its own."""

from __future__ import annotations

from threading import Barrier, Thread

from django.db import connection

from lamplighter.journeys.autopaying import send_drafts
from lamplighter.kernel.money import ZERO, Money
from lamplighter.payments.models import DraftStep
from lamplighter.platform.transactions import unit_of_work
from tests.accounts.conftest import furnish
from tests.credit.conftest import DANA
from tests.payments.test_autopay import Payer
from tests.worklist.conftest import committed  # noqa: F401 - a fixture


def test_two_jobs_and_the_counter_at_once_take_each_cent_once(committed, settings, tmp_path):  # noqa: F811
    """Two files are written and somebody pays at the counter, all in one moment: in whichever order, the debt is paid
    once. What the counter takes beyond it is a credit; the draft is never more than was left."""
    settings.STATE = tmp_path
    with unit_of_work(DANA):
        payer = Payer(furnish()).on("2026-11-02").is_billed(8466, "2026-11-02", "2026-11-24")
        payer.authorizes()
        payer.on("2026-11-23")
    start, files = Barrier(3), []

    def at_once(act):
        try:
            start.wait(timeout=10)
            with unit_of_work(DANA):
                files.append(act())
        finally:
            connection.close()

    acts = [lambda: send_drafts(**payer.now), lambda: send_drafts(**payer.now), lambda: payer.pays(5000) and None]
    threads = [Thread(target=at_once, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(files) == 3, "none failed"
    (made,) = filter(None, files)
    assert made.amount in (Money(8466), Money(3466))
    assert payer.balance().current == ZERO
    assert DraftStep.objects.filter(act="sent").count() == 1
