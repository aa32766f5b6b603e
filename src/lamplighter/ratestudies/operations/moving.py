"""Move customers to the schedule on which they belong: notice first, then a second person, then the rate changes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from lamplighter.accounts.operations import CannotServe, change_rate
from lamplighter.kernel.actors import Actor
from lamplighter.platform.models import Approval
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.approvals import CannotDecide
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction
from lamplighter.ratestudies.models import Move, Review
from lamplighter.ratestudies.queries.rules import rules_on

MOVES = "ratestudies.moves"


class CannotMove(Exception):
    """Nobody is moved so; the message says why."""


@in_transaction
def propose_moves(
    *, review: Review, moves: Collection[int], effective_on: date, by: Actor, at: datetime, remark: str = ""
) -> Approval:
    """Put moves before whoever may approve them, for a day that leaves the notice that each rule asks for. The caller
    gives the notice in the same unit of work (journeys.reclassing)."""
    rows = held(moves, Move.State.FOUND)
    if not rows or {row.review_id for row in rows} != {review.pk}:
        raise CannotMove("Choose customers of this review who wait to be moved.")
    rules, today = rules_on(at.date()), at.date()
    days = max((rules[row.schedule_id].notice_days for row in rows if row.schedule_id in rules), default=0)
    if effective_on < today + timedelta(days=days):
        earliest = today + timedelta(days=days)
        raise CannotMove(f"The rules ask for {days} days of notice. The earliest day is {earliest:%b %-d, %Y}.")
    Move.objects.filter(pk__in=[row.pk for row in rows]).update(state=Move.State.TOLD, effective_on=effective_on)
    for row in rows:
        record(
            "ratestudies.move.proposed", subject=row.agreement.subject, account=row.agreement.account_id, by=by, at=at,
            schedule=row.schedule_id, on=effective_on.isoformat(), why=row.why,
        )  # fmt: skip
    who = "1 customer" if len(rows) == 1 else f"{len(rows)} customers"
    return approvals.ask(
        kind=MOVES, subject=f"moves:{review.pk}:{min(row.pk for row in rows)}", permission="rates.approve", by=by,
        at=at, remark=remark, summary=f"Move {who} to another rate from {effective_on:%b %-d, %Y}",
        proposal={"review": review.pk, "moves": [row.pk for row in rows], "effective_on": effective_on.isoformat()},
    )  # fmt: skip


@approvals.on_approval(MOVES)
def _move(approval: Approval, *, by: Actor, at: datetime) -> None:
    """Exactly those who were proposed and told, on the day that they were told."""
    effective_on = date.fromisoformat(approval.proposal["effective_on"])
    for row in held(approval.proposal["moves"], Move.State.TOLD):
        try:
            change_rate(agreement=row.agreement, schedule=row.schedule, on=effective_on, by=by, at=at)
        except CannotServe as refused:
            raise CannotDecide(f"{row.agreement.account.number}: {refused}") from refused
        row.state, row.decided_by = Move.State.MOVED, by
        row.save(update_fields=["state", "decided_by"])


def held(moves: Collection[int], state: Move.State) -> list[Move]:
    """These moves, if all are in this state; in the order of their keys."""
    rows = list(
        Move.objects.select_for_update(of=("self",))
        .select_related("agreement__account", "schedule")
        .filter(pk__in=moves)
        .order_by("pk")
    )
    if len(rows) != len(set(moves)) or any(row.state != state for row in rows):
        raise CannotMove("Somebody decided about one of these meanwhile. Look at the list again.")
    return rows
