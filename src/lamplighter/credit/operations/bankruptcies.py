"""Enter a petition, divide what is owed at the filing, and carry a case on to its end. Balances move with it.

What is from before the filing moves to an agreement of its own, payoff kept and nothing asked for: no letter, late
charge, payment plan or shut-off can come from it, and no payment of the customer is taken for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.models import Segment
from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.models import Bankruptcy, CaseStep, FiledDebt
from lamplighter.credit.operations.holding import begin_hold
from lamplighter.credit.queries.bankruptcies import Again, draft_case, left_of, parts_of
from lamplighter.credit.rules.arranging import Part, going_home
from lamplighter.credit.rules.bankruptcy import Assurance, CannotFile
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.kernel.periods import Period
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.models import Posting
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.ledger.queries import balances
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import advisory_lock, in_transaction


@dataclass(frozen=True, slots=True)
class Petition:
    """What the notice of a case says."""

    chapter: int
    case_number: str
    court: str
    filed_on: date
    order_on: date
    trustee: str = ""


@in_transaction
def enter_case(*, account: Account, petition: Petition, on: date, by: Actor, at: datetime) -> Bankruptcy:
    """The stay begins and the debt is divided, as of the filing. Raises CannotFile."""
    advisory_lock(f"account:{account.pk}")
    if Bankruptcy.objects.filter(account=account, ended_on__isnull=True).exists():
        raise CannotFile("A case of this customer is open already.")
    draft = draft_case(account, chapter=petition.chapter, filed_on=petition.filed_on, order_on=petition.order_on, on=on)
    agreement = accounts.start_agreement(
        account=account, kind=AgreementKind.PRE_PETITION, on=petition.filed_on, by=by, at=at
    )
    hold = begin_hold(
        account=account, kind=HoldKind.BANKRUPTCY, period=Period(petition.filed_on), evidence=petition.case_number,
        by=by, at=at,
    )  # fmt: skip
    made = Bankruptcy.objects.create(
        account=account, agreement=agreement, hold=hold, chapter=petition.chapter, case_number=petition.case_number,
        court=petition.court, trustee=petition.trustee, filed_on=petition.filed_on, order_on=petition.order_on,
        assurance=draft.assurance, assurance_due_on=draft.days.assurance_due_on, bar_date=draft.days.bar_date,
        entered_at=at, entered_by=by,
    )  # fmt: skip
    before = [Part(one.owing.agreement, one.owing.owed_on, one.before) for one in draft.parts if one.before > ZERO]
    _keep(made, before, None)
    _move(f"petition:{made.pk}", made, before, sign=-1, on=on, by=by, at=at)
    tell(made, "petition", petition.filed_on, amount=total(part.amount for part in before), by=by, at=at)
    return made


@in_transaction
def divide_again(*, case: Bankruptcy, again: Again, on: date, by: Actor, at: datetime) -> None:
    """A bill came later for days over the filing, or was cancelled or made again: the part from before the filing joins
    the others, or leaves them. Whoever calls holds the account's lock, and has just asked `to_divide`."""
    parts = [Part(again.agreement, again.owed_on, again.amount)]
    count = FiledDebt.objects.filter(bankruptcy=case).count()
    _keep(case, parts, again.by)
    _move(f"petition:{case.pk}:again:{count}", case, parts, sign=-1, on=on, by=by, at=at)
    tell(case, "divided", on, amount=again.amount, by=by, at=at)


@in_transaction
def give_assurance(*, case: Bankruptcy, form: Assurance, on: date, by: Actor, at: datetime) -> Bankruptcy:
    """The customer gave adequate assurance of payment."""
    live = _open(case)
    if live.assurance_on is not None:
        raise CannotFile(f"Assurance was given on {live.assurance_on:%b %-d}.")
    live.assurance_form, live.assurance_on = form, on
    live.save(update_fields=["assurance_form", "assurance_on"])
    tell(live, "assurance", on, amount=live.assurance, remark=form.label, by=by, at=at)
    return live


@in_transaction
def file_claim(*, case: Bankruptcy, filed_on: date, by: Actor, at: datetime) -> Bankruptcy:
    """Our proof of claim (Form 410) was filed, for everything that is left from before the filing."""
    live = _open(case)
    if live.claimed_on is not None:
        raise CannotFile(f"A claim of {live.claim} was filed on {live.claimed_on:%b %-d}. File an amended one by hand.")
    if filed_on > live.bar_date:
        raise CannotFile(f"The bar date was {live.bar_date:%b %-d, %Y}.")
    live.claim, live.claimed_on = left_of(live), filed_on
    live.save(update_fields=["claim", "claimed_on"])
    tell(live, "claim", filed_on, amount=live.claim, by=by, at=at)
    return live


@in_transaction
def ask_for_plan(*, case: Bankruptcy, amount: Money, source: str, on: date, by: Actor, at: datetime) -> None:
    """The trustee pays: so much of the debt is asked for, so that the payment finds it. Raises CannotFile."""
    live = _open(case)
    if not live.of.plan:
        raise CannotFile(f"{live.of.label} has no plan that pays creditors over time.")
    if amount > left_of(live):
        raise CannotFile(f"Only {left_of(live)} is left of the debt from before the filing.")
    _raise(live, amount, f"plan:{live.pk}:{source}", on=on, by=by, at=at)


@in_transaction
def quiet(*, case: Bankruptcy, on: date, by: Actor, at: datetime) -> None:
    """Nothing is asked of what is from before the filing: a payment that was returned asks for nothing either."""
    key = case.agreement.subledger_id
    asked = balances([key])[key].current
    if asked:
        count = Posting.objects.filter(subledger=key).count()
        _raise(case, -asked, f"quiet:{case.pk}:{count}", on=on, by=by, at=at)


@in_transaction
def grant_relief(*, case: Bankruptcy, on: date, by: Actor, at: datetime, remark: str) -> Bankruptcy:
    """The court lifted the stay for us, as its order says."""
    live = _open(case)
    if live.relief_on is not None:
        raise CannotFile(f"The stay was lifted on {live.relief_on:%b %-d}.")
    live.relief_on = on
    live.save(update_fields=["relief_on"])
    tell(live, "relief", on, remark=remark, by=by, at=at)
    return live


def may_set_off(case: Bankruptcy) -> str:
    """Why an old deposit may not be set off now, or nothing."""
    if case.of.sets_off or case.relief_on is not None:
        return ""
    return f"{case.of.label}: an old deposit is held until the court lifts the stay."


@in_transaction
def ask_for_set_off(*, case: Bankruptcy, amount: Money, on: date, by: Actor, at: datetime) -> None:
    """So much of the debt is asked for, so that the deposit can pay it. Raises CannotFile where that must wait."""
    live = _open(case)
    if why := may_set_off(live):
        raise CannotFile(why)
    _raise(live, amount, f"set-off:{live.pk}", on=on, by=by, at=at)


@in_transaction
def revive(*, case: Bankruptcy, outcome: str, on: date, by: Actor, at: datetime) -> Money:
    """Dismissed or closed without discharge: what is left goes home at its age and is asked for again; how much."""
    live = _open(case)
    left = left_of(live)
    if left > ZERO:
        _move(f"{outcome}:{live.pk}", live, going_home(parts_of(live), left), sign=1, on=on, by=by, at=at)
    end_case(case=live, outcome=outcome, amount=left, on=on, by=by, at=at)
    return left


@in_transaction
def end_case(
    *, case: Bankruptcy, outcome: str, amount: Money, on: date, by: Actor, at: datetime
) -> Bankruptcy:  # fmt: skip
    """The case is over; its protection ends with the day before `on`."""
    live = _open(case)
    live.ended_on, live.outcome = on, outcome
    live.save(update_fields=["ended_on", "outcome"])
    accounts.stop_agreement(agreement=live.agreement, on=on, by=by, at=at, reason=f"case-{outcome}")
    tell(live, outcome, on, amount=amount, by=by, at=at)
    return live


def tell(
    case: Bankruptcy, what: str, happened_on: date, *, by: Actor, at: datetime, amount: Money | None = None,
    remark: str = "",
) -> None:  # fmt: skip
    """A step of the case, and one event about it."""
    words = write_remark(remark, at=at) if remark else None
    CaseStep.objects.create(
        bankruptcy=case, what=what, happened_on=happened_on, amount=amount, remark=words, at=at, by=by
    )
    record(
        f"credit.bankruptcy.{what}", subject=case.subject, account=case.account_id, by=by, at=at,
        chapter=case.chapter, on=happened_on.isoformat(), cents=amount.cents if amount is not None else None,
    )  # fmt: skip


def _open(case: Bankruptcy) -> Bankruptcy:
    advisory_lock(f"account:{case.account_id}")
    live = Bankruptcy.objects.select_for_update(of=("self",)).select_related("agreement", "account").get(pk=case.pk)
    if live.ended_on is not None:
        raise CannotFile(f"The case was {live.get_outcome_display().lower()} on {live.ended_on:%b %-d, %Y}.")
    return live


def _keep(case: Bankruptcy, parts: Iterable[Part], segment: Segment | None) -> None:
    FiledDebt.objects.bulk_create(
        FiledDebt(bankruptcy=case, agreement_id=p.agreement, owed_on=p.owed_on, amount=p.amount, segment=segment)
        for p in parts
    )


def _raise(case: Bankruptcy, amount: Money, source: str, *, on: date, by: Actor, at: datetime) -> None:
    since = on if amount > ZERO else None
    leg = Leg(case.agreement.type.control_code, ZERO, case.agreement.subledger_id, current=amount, owed_on=since)
    ledger.post(draft=Draft(source, "bankruptcy", on, (leg,)), at=at, by=by)


def _move(
    source: str, case: Bankruptcy, parts: Sequence[Part], *, sign: int, on: date, by: Actor, at: datetime
) -> None:  # fmt: skip
    """Between the agreements that owe and the case's, where nothing is asked: -1 to the case, 1 home again."""
    owing = {a.pk: a for a in Agreement.objects.filter(pk__in=[part.agreement for part in parts])}
    legs = []
    for part in parts:
        home, amount = owing[part.agreement], part.amount * sign
        legs.append(Leg(home.type.control_code, amount, home.subledger_id, owed_on=part.owed_on, component="petition"))
        legs.append(
            Leg(case.agreement.type.control_code, -amount, case.agreement.subledger_id, current=ZERO,
                component="petition")
        )  # fmt: skip
    if legs:
        ledger.post(draft=Draft(source, "bankruptcy", on, tuple(legs)), at=at, by=by)
