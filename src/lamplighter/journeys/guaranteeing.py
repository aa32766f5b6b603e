"""A final bill is not paid: the guarantor is written to, and after their days a second person lets the debt move."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.queries import profile
from lamplighter.accounts.types import AgreementKind
from lamplighter.credit.kinds import GUARANTOR
from lamplighter.credit.models import Bankruptcy, GuarantorClaim, Security
from lamplighter.credit.operations.guaranteeing import end_claim, left_of, move_claim, open_claim, running_claim
from lamplighter.credit.queries.closed import NOT_WRITTEN_OFF, SERVICE, are_closed
from lamplighter.credit.queries.debts import collected_total
from lamplighter.credit.rules.guaranteeing import CannotClaim, GuaranteePolicy, claim_of
from lamplighter.journeys import dunning
from lamplighter.journeys.collecting import money_came
from lamplighter.journeys.dunning import Letter
from lamplighter.journeys.recovering import invoices_of
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money
from lamplighter.payments.queries import owed_by
from lamplighter.payments.rules import Owed
from lamplighter.platform.models import Approval
from lamplighter.platform.operations import approvals
from lamplighter.platform.queries.policies import policy_in_force
from lamplighter.platform.transactions import advisory_lock, in_transaction, unit_of_work
from lamplighter.worklist.operations import Draft, raise_items

APPROVAL, BY_ANOTHER = "credit.guarantee", "credit.decide"
CODE = "guarantor-notice"


def claimable(security: Security, *, on: date) -> Money:
    """What its guarantor would be asked for today. Raises CannotClaim."""
    if security.guarantor_id is None:
        raise CannotClaim("A surety or a bank is asked by its own paper, not here.")
    if GuarantorClaim.objects.filter(security=security).exists():
        raise CannotClaim("They were asked already.")
    if Bankruptcy.objects.filter(account=security.guarantor_id, ended_on__isnull=True).exists():
        raise CannotClaim("The guarantor is in bankruptcy: nothing is asked of them.")
    account = security.account
    return claim_of(
        late=collected_total(account, on=on), vouched=security.amount, vouched_for=security.period,
        served_until=_served_until(account, on=on), policy=policy_in_force(GuaranteePolicy, on=on),
    )  # fmt: skip


@in_transaction
def tell_guarantor(*, security: Security, amount: Money, on: date, by: Actor, at: datetime) -> GuarantorClaim:
    """Write to whoever vouches, with exactly the `amount` that was shown. Raises CannotClaim."""
    assert security.guarantor is not None
    advisory_lock(f"account:{security.account_id}", f"account:{security.guarantor_id}")
    if claimable(security, on=on) != amount:
        raise CannotClaim("What is owed has changed since this was shown. Look at it again.")
    known = profile(security.account, on=on)
    answer_by = on + timedelta(days=policy_in_force(GuaranteePolicy, on=on).answer_days)
    letter = Letter(
        CODE, f"{CODE}:{security.pk}", f"guarantee:{security.pk}",
        {
            "for_customer": known.customer.name if known.customer else security.account.number,
            "for_account": security.account.number, "vouched": security.amount, "since": security.period.start,
            "amount": amount, "answer_by": answer_by,
        },
    )  # fmt: skip
    notice = dunning.write(letter, account=security.guarantor, on=on, by=by, at=at)
    if notice is None:
        raise CannotClaim(
            f"They can't be written to. See that account {security.guarantor} has an address to which letters go, and "
            "that the guarantor's letter is adopted."
        )
    return open_claim(security=security, amount=amount, notice=notice, answer_by=answer_by, on=on, by=by, at=at)


@in_transaction
def ask_to_move(*, claim: GuarantorClaim, remark: str, on: date, by: Actor, at: datetime) -> Approval:
    """Put what is left of it before a second person, once the guarantor's days are over. Raises CannotClaim."""
    live = running_claim(claim)
    if on <= live.answer_by:
        raise CannotClaim(f"They have until {live.answer_by:%a, %b %-d} to answer.")
    amount = left_of(live, _debts(live.security.account))
    if amount <= ZERO:
        raise CannotClaim("Nothing is owed any more that they vouched for.")
    account = live.security.account
    return approvals.ask(
        kind=APPROVAL, subject=live.subject, account=account.pk, amount=amount, permission=BY_ANOTHER, remark=remark,
        summary=f"Move {amount} of account {account.number} to its guarantor's account {live.security.guarantor}",
        proposal={"claim": live.pk, "cents": amount.cents}, by=by, at=at,
    )  # fmt: skip


@approvals.on_approval(APPROVAL)
def approved(approval: Approval, *, by: Actor, at: datetime) -> None:
    """Exactly what was asked, if it is still what is owed; otherwise nothing, and the words say so."""
    on = at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
    claim = GuarantorClaim.objects.select_related("security__account", "security__guarantor").get(
        pk=approval.proposal["claim"]
    )
    security = claim.security
    assert security.guarantor is not None
    advisory_lock(f"account:{security.account_id}", f"account:{security.guarantor_id}")
    debts = _debts(security.account)
    if left_of(claim, debts).cents != approval.proposal["cents"]:
        raise approvals.CannotDecide("What is owed has changed since this was asked. Refuse it, and ask anew.")
    try:
        home = invoices_of(security.guarantor, on=on, by=by, at=at)
        move_claim(claim=claim, debts=debts, to=home, on=on, by=by, at=at)
    except CannotClaim as refused:
        raise approvals.CannotDecide(str(refused)) from refused
    money_came(accounts=[security.account], on=on, by=by, at=at)


@in_transaction
def take_back(*, claim: GuarantorClaim, on: date, by: Actor, at: datetime) -> GuarantorClaim:
    """They are not asked any more. Raises CannotClaim."""
    return end_claim(claim=claim, outcome=GuarantorClaim.Outcome.WITHDRAWN, on=on, by=by, at=at)


def pass_a_claim_day(*, on: date, by: Actor, at: datetime) -> int:
    """End what was paid meanwhile; give a person those whose days are over. Each in a unit of work of its own."""
    due = 0
    rows = GuarantorClaim.objects.filter(ended_on__isnull=True).select_related("security__account")
    for claim in rows.order_by("pk"):
        with unit_of_work(by):
            left = left_of(claim, _debts(claim.security.account))
            if left <= ZERO:
                end_claim(claim=claim, outcome=GuarantorClaim.Outcome.PAID, on=on, by=by, at=at)
            elif on > claim.answer_by:
                words, account = f"{left} is still owed", claim.security.account_id
                raise_items(drafts=[Draft(GUARANTOR.key, claim.subject, words, account=account)], by=by, at=at)
                due += 1
    return due


def _debts(account: Account) -> list[Owed]:
    """What they vouched for: service and charges, never a deposit or what was set aside; a written-off debt, too."""
    kinds = dict(account.agreements.values_list("pk", "kind"))
    stays = NOT_WRITTEN_OFF - {AgreementKind.WRITE_OFF}
    return [one for one in owed_by(account) if AgreementKind(kinds[one.agreement]) not in stays]


def _served_until(account: Account, *, on: date) -> date | None:
    """The first day without service; None while it runs."""
    if not are_closed([account.pk], on=on):
        return None
    ended = Agreement.objects.filter(account=account, kind__in=SERVICE, cancelled_at__isnull=True)
    last: date = max(one.period.closed_end for one in ended)
    return last
