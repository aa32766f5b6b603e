"""What the night does by itself: settle what was asked for, charge who is late, bill who has left and every window."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta

from lamplighter.billing.models import CycleWindow, RebillRequest
from lamplighter.billing.queries.due import accounts_to_bill, never_tried
from lamplighter.billing.rules import FIRST_SERVICE_DAYS
from lamplighter.journeys.billing import leaving
from lamplighter.journeys.charging import accounts_late
from lamplighter.kernel.actors import Actor
from lamplighter.platform.models import Run
from lamplighter.platform.operations.queueing import AlreadyQueued, queue_run

MADE_UP_FOR = timedelta(days=10)
"""How long after its last night a window is still tried where nobody was: past that, a person decides."""


def queue_window(*, window: CycleWindow, on: date, by: Actor, at: datetime) -> Run:
    """Ask for a window's run, as issued `on`. Raises AlreadyQueued."""
    return queue_run(
        "billing.bill-window", kind="billing.window", subject=str(window), alone=f"window:{window.pk}", by=by, at=at,
        window=window.pk, on=on.isoformat(),
    )  # fmt: skip


def queue_again(*, on: date, by: Actor, at: datetime) -> Run:
    """Ask for the waiting requests to bill again that `by` may decide to be carried out, as issued `on`; for those that
    change no bill, anybody may, and so the night does. Raises AlreadyQueued."""
    return queue_run(
        "billing.settle-rebills", kind="billing.rebills", subject="To bill again", alone="rebills", by=by, at=at,
        on=on.isoformat(),
    )  # fmt: skip


def queue_late_charges(*, on: date, by: Actor, at: datetime) -> Run:
    """Ask for the late charges of a day. Raises AlreadyQueued."""
    return queue_run(
        "billing.charge-late", kind="billing.late-charges", subject="Late charges", alone="late-charges", by=by, at=at,
        on=on.isoformat(),
    )  # fmt: skip


def queue_finals(*, on: date, by: Actor, at: datetime) -> Run:
    """Ask for the final bills of who has left. Raises AlreadyQueued."""
    return queue_run(
        "billing.bill-finals", kind="billing.finals", subject="Final bills", alone="finals", by=by, at=at,
        on=on.isoformat(),
    )  # fmt: skip


def begin_night(*, on: date, by: Actor, at: datetime) -> list[Run]:
    """Queue what is due; corrections first, so that the bills that follow stand on them. What waits is let be."""
    begun = list[Run]()
    if RebillRequest.objects.filter(state=RebillRequest.State.WAITING).exists():
        with suppress(AlreadyQueued):
            begun.append(queue_again(on=on, by=by, at=at))
    if accounts_late(on).exists():
        with suppress(AlreadyQueued):
            begun.append(queue_late_charges(on=on, by=by, at=at))
    if leaving(on).exists():
        with suppress(AlreadyQueued):
            begun.append(queue_finals(on=on, by=by, at=at))
    for window in _windows(on):
        with suppress(AlreadyQueued):
            begun.append(queue_window(window=window, on=on, by=by, at=at))
    return begun


def first_window(cycle: str, *, since: date, on: date) -> CycleWindow | None:
    """The window that bills a service begun `since` for the first time, as things stand on a day: it is read when the
    service is more than a few days old, and its nights are not over (a start may lie before the last reading)."""
    rows = CycleWindow.objects.filter(
        cycle=cycle, reads_on__gt=since + timedelta(days=FIRST_SERVICE_DAYS), closes_on__gte=on - MADE_UP_FOR
    )
    return rows.order_by("reads_on").first()


def _windows(on: date) -> list[CycleWindow]:
    """Those that are open and have somebody to bill; and those that closed lately before any run had come to everybody,
    as when no worker ran on their nights: their customers would have no bill, and nobody a list of them."""
    lately = CycleWindow.objects.filter(opens_on__lte=on, closes_on__gte=on - MADE_UP_FOR).order_by("reads_on", "cycle")
    open_now, closed = (lately.filter(closes_on__gte=on), lately.filter(closes_on__lt=on, freeze=True))
    return [one for one in closed if never_tried(one).exists()] + [
        one for one in open_now if accounts_to_bill(one).exists()
    ]
