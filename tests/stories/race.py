"""A payment and a truck at one instant, in transactions of their own, and what must be true whichever was first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

from django.db import connection, transaction

from lamplighter.billing.models import Adjustment
from lamplighter.credit.rules.facts import Reason
from lamplighter.fieldwork.models import Order
from lamplighter.fieldwork.operations.reporting import CannotReport, CannotStart
from lamplighter.fieldwork.reports import ReportIn
from lamplighter.journeys.completing import report_order
from lamplighter.journeys.disconnecting import Cut, order_off
from lamplighter.journeys.severing import begin_order
from lamplighter.kernel.actors import staff
from lamplighter.metering.models import SwitchState
from lamplighter.payments.operations import reverse_event
from lamplighter.platform.models import Event
from tests.credit.conftest import DANA, MONDAY, Debtor

ALL_BUT_LITTLE = 18642 - 4000
"""What stays is under the least debt for which power may go off, and enough that collection goes on."""
SAM = staff("sam")


@dataclass
class Race:
    """Rounds on one account. `came` counts how they ended."""

    ready: Debtor
    came: Counter[str] = field(default_factory=Counter)

    def send_and_pay(self, *, first: bool) -> None:
        """The order leaves while the customer pays."""
        cut, paid = self._both(lambda: order_off(agreement=self.ready.agreement, reason=Reason.NON_PAYMENT,
                                                 on=self.ready.today, by=DANA, at=MONDAY), first=first)  # fmt: skip
        assert isinstance(cut, Cut)
        taken = Event.objects.get(name="payments.payment.taken", subject=paid.subject).pk
        judged = Event.objects.get(subject=cut.certificate.subject).pk
        assert bool(cut.orders) == cut.certificate.allowed == (judged < taken), "in the order of the lock, and no other"
        for order in cut.orders:
            order.refresh_from_db()
            assert order.state == "discarded", "the payment called it back"
        self._settle(paid, "sent, and called back" if cut.orders else "never sent")

    def cut_and_pay(self, *, first: bool) -> None:
        """The crew is at the door while the customer pays, and cuts if it may; its report comes after both."""
        with transaction.atomic():
            cut = order_off(agreement=self.ready.agreement, reason=Reason.NON_PAYMENT, on=self.ready.today, by=DANA,
                            at=MONDAY)  # fmt: skip
        (order,) = cut.orders
        why, paid = self._both(lambda: begin_order(order=order, on=self.ready.today, by=SAM, at=MONDAY), first=first)
        order.refresh_from_db()
        assert order.state == "discarded"
        if why == "":
            with transaction.atomic():
                at = MONDAY + timedelta(minutes=1)
                report_order(order=order, report=ReportIn(uuid4(), done=True, found_at=at, switch="off"), by=SAM, at=at)
            back = Order.objects.get(kind="reconnect", origin_key=order.subject)
            assert back.state == "waiting", "power comes back at once"
            with transaction.atomic():
                at = MONDAY + timedelta(minutes=2)
                on = ReportIn(uuid4(), done=True, found_at=at, switch="on", safe=True)
                report_order(order=back, report=on, by=SAM, at=at)
        assert not Adjustment.objects.filter(kind="fee").exists(), "free of charge"
        off = SwitchState.objects.filter(point=self.ready.place.point, state="off")
        assert not off.filter(span__contains=MONDAY + timedelta(hours=1)).exists()
        self._settle(paid, "undone, free" if why == "" else "stopped at the door")

    def _both(self, cut: Callable[[], object], *, first: bool) -> tuple[object, object]:
        """Both begin together; how each ended, or the words of its refusal."""
        gate, done = Barrier(2), {}

        def act(name: str, work: Callable[[], object]) -> None:
            try:
                gate.wait()
                with transaction.atomic():
                    done[name] = work()
            except (CannotStart, CannotReport) as refused:
                done[name] = str(refused)
            finally:
                connection.close()

        works = [("paid", lambda: self.ready.pays(ALL_BUT_LITTLE)), ("cut", cut)]
        threads = [Thread(target=act, args=pair) for pair in (works if first else works[::-1])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return done["cut"], done["paid"]

    def _settle(self, paid: object, how: str) -> None:
        self.came[how] += 1
        with transaction.atomic():
            reverse_event(event=paid, reason="entry-error", **self.ready.now)
