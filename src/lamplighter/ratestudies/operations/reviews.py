"""Keep a review with whom it found on another schedule; keep somebody where they are, with a reason."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.kernel.actors import Actor
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.ratestudies.models import Move, Review
from lamplighter.ratestudies.operations.moving import CannotMove
from lamplighter.ratestudies.queries.reviewing import Misplaced, Reviewed


@in_transaction
def keep_review(*, found: Reviewed, until: date, on: date, by: Actor, at: datetime) -> Review:
    """Who has a move waiting from an earlier review is not found twice."""
    advisory_lock("ratestudies.review")
    review = Review.objects.create(
        until=until, on=on, looked_at=found.looked_at, unjudged=dict(found.unjudged), made_by=by, made_at=at
    )
    waiting = set(Move.objects.filter(state__in=["found", "told"]).values_list("agreement", flat=True))
    Move.objects.bulk_create(_move(review, one) for one in found.misplaced if one.customer.agreement not in waiting)
    record(
        "ratestudies.review.made", subject=review.subject, by=by, at=at, looked_at=found.looked_at,
        found=len(found.misplaced),
    )  # fmt: skip
    return review


@in_transaction
def keep_on_rate(*, move: Move, reason: str, by: Actor, at: datetime) -> Move:
    """The customer stays where they are; the reason is kept with the review."""
    if not reason.strip():
        raise CannotMove("Say why the customer stays.")
    held = Move.objects.select_for_update(of=("self",)).select_related("agreement").get(pk=move.pk)
    if held.state != Move.State.FOUND:
        raise CannotMove(f"This was decided already: {held.get_state_display().lower()}.")
    held.state, held.reason, held.decided_by = Move.State.KEPT, reason.strip()[:200], by
    held.save(update_fields=["state", "reason", "decided_by"])
    record(
        "ratestudies.move.kept", subject=held.agreement.subject, account=held.agreement.account_id, by=by, at=at,
        remark=reason, schedule=held.schedule_id,
    )  # fmt: skip
    return held


def _move(review: Review, one: Misplaced) -> Move:
    return Move(
        review=review, agreement_id=one.customer.agreement, present_schedule_id=one.customer.schedule,
        schedule_id=one.judged.schedule, why=one.judged.why[:200],
        months=[
            [f"{used.month:%Y-%m}", f"{used.kwh:f}", None if used.kw is None else f"{used.kw:f}"]
            for used in one.judged.months
        ],
    )  # fmt: skip
