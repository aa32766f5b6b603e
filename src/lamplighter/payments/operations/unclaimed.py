"""A refund's check that nobody cashed: held for its owner, paid when they ask, the utility's when its clock ran out."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.kernel.actors import Actor
from lamplighter.payments.models import Refund, RefundStep
from lamplighter.payments.operations.refunding import BY_ANOTHER, CLEARING, write_again_or_credit
from lamplighter.payments.operations.refundsteps import book, locked, step
from lamplighter.payments.refunds.queries import standing_of
from lamplighter.payments.refunds.rules import CannotRefund, check_notice, ours_on
from lamplighter.platform.models import Approval
from lamplighter.platform.operations import approvals
from lamplighter.platform.transactions import in_transaction

APPROVAL = "payments.unclaimed-taken"
HELD, TAKEN = "unclaimed", "unclaimed-taken"
Act = RefundStep.Act


@in_transaction
def declare_unclaimed(*, refund: Refund, on: date, by: Actor, at: datetime) -> RefundStep:
    """Nobody cashed it: the utility holds it as unclaimed property until its clock has run out."""
    (one,) = locked([refund])
    if standing_of(one) != Act.WRITTEN:
        raise CannotRefund(f"{one} has no check that is out.")
    number = _check_of(one).check_number
    entry = book(one, CLEARING[one.method], HELD, f"stale-{number}", on=on, by=by, at=at)
    return step(one, Act.STALE, on=on, by=by, at=at, check_number=number, entry=entry)


@in_transaction
def claim(*, refund: Refund, on: date, by: Actor, at: datetime, remark: str, again: bool) -> None:
    """Its owner asks for it: `again`, a new check is written; else the money stands on their account again."""
    if not remark.strip():
        raise CannotRefund("Say who asked for it, and how they were known.")
    (one,) = locked([refund])
    _refuse_unless_held(one)
    number = _check_of(one).check_number
    entry = book(one, HELD, CLEARING[one.method], f"claimed-{number}", on=on, by=by, at=at)
    step(one, Act.CLAIMED, on=on, by=by, at=at, remark=remark, entry=entry)
    write_again_or_credit(one, again=again, on=on, by=by, at=at)


@in_transaction
def ask_to_take_over(
    *, refund: Refund, newspaper: str, first_published: date, on: date, by: Actor, at: datetime
) -> Approval:
    """Ask that what nobody claimed becomes the utility's, once the notice has stood as long as the law says."""
    (one,) = locked([refund])
    _refuse_unless_ours(one, first_published, on)
    return approvals.ask(
        kind=APPROVAL, subject=one.subject, account=one.account_id, amount=one.amount, permission=BY_ANOTHER,
        summary=f"Take over {one.amount} of {one} that nobody claimed", remark="",
        proposal={"refund": one.number, "newspaper": newspaper, "first published": f"{first_published}"},
        by=by, at=at,
    )  # fmt: skip


@approvals.on_approval(APPROVAL)
def taking_over_approved(approval: Approval, *, by: Actor, at: datetime) -> None:
    """It is the utility's from the day of the approval; refused if its owner asked for it meanwhile."""
    asked = approval.proposal
    on = at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
    (one,) = locked([Refund.objects.get(number=asked["refund"])])
    _refuse_unless_ours(one, date.fromisoformat(asked["first published"]), on)
    entry = book(one, HELD, TAKEN, "taken", on=on, by=by, at=at)
    step(one, Act.TAKEN, on=on, by=by, at=at, entry=entry)


def _refuse_unless_ours(one: Refund, first_published: date, on: date) -> None:
    _refuse_unless_held(one)
    check_notice(ours_on(_check_of(one).on), first_published, on)


def _refuse_unless_held(one: Refund) -> None:
    if standing_of(one) != Act.STALE:
        raise CannotRefund(f"{one} is not held as unclaimed.")


def _check_of(one: Refund) -> RefundStep:
    """The newest check that was written for it."""
    return one.steps.filter(act=Act.WRITTEN).latest("id")
