"""A petition and what follows: all that stops at once, what is asked and divided later, and how a case ends."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from lamplighter.accounts.models import Account
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.operations import depositing
from lamplighter.billing.operations.budgeting import end_budgets
from lamplighter.billing.queries.deposits import deposit_of
from lamplighter.credit.kinds import CASE
from lamplighter.credit.models import Bankruptcy, Referral, WriteOff
from lamplighter.credit.models.plans import Outcome
from lamplighter.credit.operations import agencies, bankruptcies
from lamplighter.credit.operations.arranging import end_arrangement
from lamplighter.credit.operations.bankruptcies import Petition
from lamplighter.credit.operations.forgiving import end_forgiveness
from lamplighter.credit.operations.holding import end_extension, end_hold
from lamplighter.credit.operations.writingoff import write_off
from lamplighter.credit.queries.bankruptcies import draft_discharge, left_of, to_divide
from lamplighter.credit.queries.forgiving import forgiveness_of
from lamplighter.credit.queries.standing import arrangement_of, extension_of
from lamplighter.credit.rules.bankruptcy import Assurance, CannotFile
from lamplighter.journeys import dunning
from lamplighter.journeys.collecting import stop_collecting
from lamplighter.journeys.dunning import Letter
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.payments import operations as payments
from lamplighter.payments.models import PaymentEvent, TenderSource
from lamplighter.payments.rules import TenderIn
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.worklist.operations import Draft, finish_where, raise_items

SOURCE = "trustees"
WARN_DAYS = 30
"""So many days before the bar date a claim that is not filed is asked for."""


@in_transaction
def enter_petition(*, account: Account, petition: Petition, on: date, by: Actor, at: datetime) -> Bankruptcy:
    """Everything about old debt stops in this transaction: plans and promises, letters, shut-off orders, agencies. The
    debt is divided, power that was off for it comes back, assurance is asked for, one letter says so. Raises
    CannotFile."""
    advisory_lock(f"account:{account.pk}")
    plan, promise = arrangement_of(account), extension_of(account)
    if plan is not None:
        end_arrangement(arrangement=plan, outcome=Outcome.CANCELLED, on=on, by=by, at=at)
    if promise is not None:
        end_extension(extension=promise, outcome=Outcome.CANCELLED, on=on, by=by, at=at)
    if (aside := forgiveness_of(account)) is not None:
        end_forgiveness(forgiveness=aside, outcome=Outcome.CANCELLED, on=on, by=by, at=at)
    services = list(account.agreements.filter(kind=AgreementKind.ENERGY))
    before = petition.filed_on - timedelta(days=1)
    end_budgets(agreements=services, reason="petition", on=on, by=by, at=at, owed_on=before)
    case = bankruptcies.enter_case(account=account, petition=petition, on=on, by=by, at=at)
    stop_collecting(accounts=[account.pk], outcome="bankrupt", on=on, by=by, at=at)
    for referral in Referral.objects.filter(write_off__account=account, ended_on__isnull=True):
        agencies.end_referral(referral=referral, outcome=Referral.Outcome.RECALLED, on=on, by=by, at=at)
    if case.assurance > ZERO:
        depositing.charge_deposit(
            account=account, amount=case.assurance, source=f"assurance:{case.pk}", on=on, by=by, at=at
        )
    dunning.write(_letter(case), account=account, on=on, by=by, at=at)
    return case


@in_transaction
def review_case(*, case: Bankruptcy, on: date, by: Actor, at: datetime) -> None:
    """A morning of a case: bills that ran over the filing are divided, also when they are made again; assurance that
    was paid is noted, and a person hears of days that are about to pass."""
    advisory_lock(f"account:{case.account_id}")
    _divide(case, on=on, by=by, at=at)
    bankruptcies.quiet(case=case, on=on, by=by, at=at)
    held = deposit_of(case.account)
    if case.assurance_on is None and held is not None and held.asked <= ZERO and held.held >= case.assurance > ZERO:
        case = bankruptcies.give_assurance(case=case, form=Assurance.DEPOSIT, on=on, by=by, at=at)
    if case.assurance_on is not None and on > case.assurance_due_on and case.hold.period.end is None:
        end_hold(hold=case.hold, on=on, by=by, at=at, remark="Assurance was given: new debt is collected as usual.")
    words = ""
    if case.assurance_on is None and on > case.assurance_due_on:
        words = f"No assurance by {case.assurance_due_on:%b %-d} ({case.of.cites}): decide"
    elif case.claimed_on is None and (case.bar_date - on).days <= WARN_DAYS:
        words = f"No claim filed; the bar date is {case.bar_date:%b %-d}"
    if words:
        raise_items(drafts=[Draft(CASE.key, case.subject, words, account=case.account_id)], by=by, at=at)


@in_transaction
def take_plan_payment(
    *, case: Bankruptcy, amount: Money, reference: str, on: date, by: Actor, at: datetime
) -> PaymentEvent:  # fmt: skip
    """A trustee's check under the plan pays the debt from before the filing, and nothing else. Raises CannotFile."""
    if PaymentEvent.objects.filter(tenders__reference=reference, payments__account=case.account_id).exists():
        raise CannotFile(f"A check {reference} was taken for this account already.")
    bankruptcies.ask_for_plan(case=case, amount=amount, source=reference, on=on, by=by, at=at)
    source = TenderSource.objects.filter(pk=SOURCE).first() or payments.define_source(
        key=SOURCE,
        name="Trustees in bankruptcy",
        kind=TenderSource.Kind.LOCKBOX,
        opening_float=ZERO,
        gl_code="lockbox-clearing",
    )
    control = payments.open_control(source=source, by=by, at=at)
    event = payments.post_event(
        control=control, tenders=[TenderIn("check", amount, amount, reference)], payments={case.account: amount},
        directed={case.agreement: amount}, on=on, by=by, at=at,
    )  # fmt: skip
    payments.balance_control(control=control, counted={"check": amount}, by=by, at=at)
    bankruptcies.tell(case, "paid", on, amount=amount, by=by, at=at)
    return event


@in_transaction
def set_off(*, case: Bankruptcy, on: date, by: Actor, at: datetime) -> Money:
    """An old deposit pays the debt from before the filing, where the chapter or the court lets it; how much. The
    assurance that was given since stays. Raises CannotFile."""
    advisory_lock(f"account:{case.account_id}")
    held = deposit_of(case.account)
    ours = (held.held if held else ZERO) - (case.assurance if case.assurance_form == Assurance.DEPOSIT else ZERO)
    amount = min(ours, left_of(case))
    if amount <= ZERO:
        raise CannotFile("No deposit from before the filing is held, or nothing is left to pay with it.")
    bankruptcies.ask_for_set_off(case=case, amount=amount, on=on, by=by, at=at)
    depositing.apply_deposit(
        account=case.account, to=case.agreement, amount=amount, source=f"set-off:{case.pk}", on=on, by=by, at=at
    )
    bankruptcies.tell(case, "set_off", on, amount=amount, by=by, at=at)
    return amount


@in_transaction
def end(*, case: Bankruptcy, outcome: str, on: date, by: Actor, at: datetime) -> Money:
    """Discharged: what is left is written off and never asked for again. Dismissed, or closed without a discharge: it
    goes home and is asked for again. How much. Raises CannotFile."""
    advisory_lock(f"account:{case.account_id}")
    _divide(case, on=on, by=by, at=at)
    bankruptcies.quiet(case=case, on=on, by=by, at=at)
    if outcome == Bankruptcy.Outcome.DISCHARGED:
        left = left_of(case)
        if left > ZERO:
            write_off(
                account=case.account, draft=draft_discharge(case), reason=WriteOff.Reason.DISCHARGED, on=on, by=by,
                at=at,
            )  # fmt: skip
        bankruptcies.end_case(case=case, outcome=outcome, amount=left, on=on, by=by, at=at)
    else:
        left = bankruptcies.revive(case=case, outcome=outcome, on=on, by=by, at=at)
    if case.hold.period.end is None and case.hold.period.start < on:
        end_hold(hold=case.hold, on=on, by=by, at=at)
    finish_where(subjects=[case.subject], by=by, at=at, kind=CASE.key)
    return left


def _divide(case: Bankruptcy, *, on: date, by: Actor, at: datetime) -> None:
    for again in to_divide(case):
        bankruptcies.divide_again(case=case, again=again, on=on, by=by, at=at)


def _letter(case: Bankruptcy) -> Letter:
    values = {
        "case": case.case_number, "before": total(one.amount for one in case.debts.all()), "filed": case.filed_on,
        "assurance": case.assurance, "due": case.assurance_due_on,
    }  # fmt: skip
    return Letter("bankruptcy", f"bankruptcy:{case.pk}", case.subject, values)
