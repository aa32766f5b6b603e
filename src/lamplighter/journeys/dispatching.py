"""A bill that the post brought back: the notice days that stand on its mailing stop with it."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.billing.models import BillPiece, PieceStep
from lamplighter.billing.operations.printing import keep_returned
from lamplighter.journeys.recalling import recall
from lamplighter.kernel.actors import Actor
from lamplighter.platform.transactions import advisory_lock, in_transaction


@in_transaction
def bill_came_back(*, piece: BillPiece, why: str, on: date, by: Actor, at: datetime) -> PieceStep:
    """Nobody got it, so nobody is turned off on a notice about it; somebody finds out where they are."""
    advisory_lock(f"account:{piece.bill.account_id}")
    step = keep_returned(piece=piece, why=why, on=on, by=by, at=at)
    recall(accounts=[piece.bill.account_id], by=by, at=at)
    return step
