"""Run the window of a cycle, and say what came of it and what is parked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone

from lamplighter.billing.models import CycleWindow, Parked
from lamplighter.cli.telling import columns
from lamplighter.journeys.billing import bill_cycle
from lamplighter.kernel.actors import Actor


def run(
    window: CycleWindow, *, on: date, trial: bool, by: Actor, progress: Callable[[int, int], None]
) -> dict[str, Any]:
    """Bill what is due, or with `trial` work it out only. Every agreement that waits in the window is told."""
    window.freeze = window.freeze and not trial  # of this run; the window itself stays as it is
    outcome = bill_cycle(
        window=window, on=on, by=by, at=timezone.now(), progress=progress, processes=settings.PROCESSES
    )
    waiting = Parked.objects.filter(window=window, state=Parked.State.OPEN).select_related("agreement__account")
    return {
        "cycle": window.cycle_id, "month": f"{window.month:%Y-%m}", "on": on.isoformat(), "trial": not window.freeze,
        "billed": outcome.billed, "total": str(outcome.total.dollars), "nothing_due": outcome.nothing_due,
        "parked": [
            {"account": row.agreement.account.number, "code": row.code, "message": row.message}
            for row in waiting.order_by("agreement__account__number", "pk")
        ],
    }  # fmt: skip


def in_words(result: dict[str, Any]) -> str:
    billed = "worked out, not owed" if result["trial"] else "billed"
    head = (
        f"Cycle {result['cycle']}, {result['month']}: {result['billed']:,} {billed}, ${result['total']} in charges; "
        f"{len(result['parked']):,} parked; {result['nothing_due']:,} with nothing due yet."
    )
    if not result["parked"]:
        return head
    rows = [(one["account"], one["code"], one["message"]) for one in result["parked"]]
    return f"{head}\n\n{columns(('parked', 'rule', 'why'), rows)}"
