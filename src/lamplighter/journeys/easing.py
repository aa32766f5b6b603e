"""A hardship is asked for by the desk and accepted by a second person; then it opens longer plans and waives fees."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.accounts.models import Account
from lamplighter.credit.operations.easing import begin_hardship
from lamplighter.credit.queries.standing import hardship_of
from lamplighter.credit.rules.hardship import CannotEase, Cause, HardshipPolicy, period_of
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.platform.models import Approval, StoredFile
from lamplighter.platform.operations import approvals
from lamplighter.platform.queries.policies import policy_in_force
from lamplighter.platform.transactions import in_transaction

APPROVAL, REVIEWS = "credit.hardship", "credit.decide"


@in_transaction
def ask_hardship(
    *, account: Account, cause: Cause, evidence: str, paper: StoredFile | None, until: date, remark: str, on: date,
    by: Actor, at: datetime,
) -> Approval:  # fmt: skip
    """It holds from today once a reviewer accepts it. Raises CannotEase, CannotDecide (one waits already)."""
    period = period_of(until, on=on, policy=policy_in_force(HardshipPolicy, on=on))
    if hardship_of(account, on=on) is not None:
        raise CannotEase("A hardship is on file already. End it, or ask again when it is over.")
    return approvals.ask(
        kind=APPROVAL, subject=f"account:{account.pk}", account=account.pk, permission=REVIEWS, remark=remark,
        summary=f"Hardship on account {account.number}: {cause.label.lower()}", by=by, at=at,
        proposal={
            "cause": cause.value, "evidence": evidence, "paper": paper.pk if paper else None,
            "start": period.start.isoformat(), "end": period.closed_end.isoformat(),
        },
    )  # fmt: skip


@approvals.on_approval(APPROVAL)
def hardship_accepted(approval: Approval, *, by: Actor, at: datetime) -> None:
    """Exactly what was asked, from the day on which it was."""
    asked = approval.proposal
    assert approval.account is not None, "a hardship is asked for an account"
    begin_hardship(
        account=Account.objects.get(pk=approval.account), cause=Cause(asked["cause"]), evidence=asked["evidence"],
        paper=StoredFile.objects.get(pk=asked["paper"]) if asked["paper"] else None,
        period=Period(date.fromisoformat(asked["start"]), date.fromisoformat(asked["end"])),
        asked_by=approval.asked_by, by=by, at=at,
    )  # fmt: skip
