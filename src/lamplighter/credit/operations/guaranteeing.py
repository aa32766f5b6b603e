"""Call a guarantor's promise in, move what they vouched for to their account, and take a claim back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from lamplighter.accounts.models import Agreement
from lamplighter.credit.kinds import GUARANTOR
from lamplighter.credit.models import GuarantorClaim, Security
from lamplighter.credit.rules.guaranteeing import CannotClaim
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money, total
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.notices.models import Notice
from lamplighter.payments.rules import Owed
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.worklist.operations import finish_where

Outcome = GuarantorClaim.Outcome


@in_transaction
def open_claim(
    *, security: Security, amount: Money, notice: Notice, answer_by: date, on: date, by: Actor, at: datetime
) -> GuarantorClaim:  # fmt: skip
    """They were written to; they have their days to answer. Both accounts' timelines tell it."""
    made = GuarantorClaim.objects.create(
        security=security, amount=amount, notice=notice, told_on=on, answer_by=answer_by, told_at=at, told_by=by,
    )  # fmt: skip
    for account in (security.account_id, security.guarantor_id):
        record("credit.guarantor.told", subject=made.subject, account=account, by=by, at=at, cents=amount.cents,
               until=made.answer_by.isoformat())  # fmt: skip
    return made


@in_transaction
def move_claim(
    *, claim: GuarantorClaim, debts: Sequence[Owed], to: Agreement, on: date, by: Actor, at: datetime
) -> GuarantorClaim:  # fmt: skip
    """What is left of it leaves the customer's `debts`, the oldest first, for the guarantor's agreement, where it ages
    from today. Whoever calls has locked both accounts. Raises CannotClaim."""
    live = running_claim(claim)
    owing = Agreement.objects.in_bulk({one.agreement for one in debts})
    legs, left = [], live.amount
    for one in sorted(debts, key=lambda one: (one.owed_on, one.agreement)):
        part = min(left, one.amount)
        if part.cents > 0:
            old, left = owing[one.agreement], left - part
            legs.append(Leg(old.type.control_code, -part, old.subledger_id, owed_on=one.owed_on, component="moved"))
            legs.append(Leg(to.type.control_code, part, to.subledger_id, owed_on=on, component="moved"))
    moved = live.amount - left
    if not legs:
        raise CannotClaim("Nothing is owed any more that they vouched for.")
    entry = ledger.post(draft=Draft(f"guarantee:{live.pk}", "guarantee-moved", on, tuple(legs)), at=at, by=by)
    live.moved, live.entry_id = moved, entry
    return _end(live, Outcome.MOVED, on=on, by=by, at=at, cents=moved)


@in_transaction
def end_claim(*, claim: GuarantorClaim, outcome: Outcome, on: date, by: Actor, at: datetime) -> GuarantorClaim:
    """Paid, or taken back: nothing moves. Raises CannotClaim."""
    return _end(running_claim(claim), outcome, on=on, by=by, at=at, cents=claim.amount)


def running_claim(claim: GuarantorClaim) -> GuarantorClaim:
    """Locked, and not over. Raises CannotClaim."""
    advisory_lock(f"account:{claim.security.account_id}")
    rows = GuarantorClaim.objects.select_for_update(of=("self",)).select_related("security__account")
    live = rows.get(pk=claim.pk)
    if live.ended_on is not None:
        raise CannotClaim(f"This claim ended on {live.ended_on:%b %-d, %Y}: {live.get_outcome_display().lower()}.")
    return live


def left_of(claim: GuarantorClaim, debts: Sequence[Owed]) -> Money:
    """How much would move now: never more than the claim, nor than is owed."""
    vouched: Money = claim.amount
    return min(vouched, total(one.amount for one in debts))


def _end(
    live: GuarantorClaim, outcome: Outcome, *, on: date, by: Actor, at: datetime, cents: Money
) -> GuarantorClaim:  # fmt: skip
    live.outcome, live.ended_on, live.ended_by = outcome, on, by
    live.save(update_fields=["outcome", "ended_on", "ended_by", "moved", "entry"])
    finish_where(subjects=[live.subject], kind=GUARANTOR.key, by=by, at=at)
    for account in (live.security.account_id, live.security.guarantor_id):
        record("credit.guarantor.ended", subject=live.subject, account=account, by=by, at=at, reason=outcome.value,
               cents=cents.cents)  # fmt: skip
    return live
