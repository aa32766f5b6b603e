"""Set the deposit policy, keep a bureau's answer, decide on a deposit, and ask for its parts as they come due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime

from lamplighter.accounts.models import Account
from lamplighter.billing.operations.depositing import charge_deposit
from lamplighter.credit.interfaces import BUREAU, NO_REPORT
from lamplighter.credit.models import CreditReport, DepositDecision, DepositPart, DepositTerms, Security
from lamplighter.credit.queries.deposits import standing_of
from lamplighter.credit.rules.deposits import CannotSecure, Form, Terms, divide
from lamplighter.customers.models import Person
from lamplighter.formats.bureau import Answer
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import advisory_lock, in_transaction

VOUCHED = {Form.GUARANTOR, Form.SURETY, Form.CREDIT}


@in_transaction
def set_deposit_terms(
    *, customer_class: str, terms: Terms, on: date, by: Actor, at: datetime
) -> DepositTerms:  # fmt: skip
    """From `on` deposits of a class are decided by `terms`; what held before ends there. Raises CannotSecure."""
    advisory_lock(f"deposit-terms:{customer_class}")
    _check(terms)
    if DepositTerms.objects.filter(customer_class=customer_class, period__startswith__gte=on).exists():
        raise CannotSecure(f"Terms from {on:%b %-d, %Y} or later are set already. Choose a later day.")
    for running in DepositTerms.objects.filter(customer_class=customer_class, period__contains=on):
        running.period = running.period.ending(on)
        running.save(update_fields=["period"])
    said = {one.name: getattr(terms, one.name) for one in fields(terms)}
    row = DepositTerms.objects.create(period=Period(on), customer_class=customer_class, set_by=by, **said)
    record(
        "credit.deposit_terms.set", subject=f"deposit-terms:{row.pk}", by=by, at=at, start=on.isoformat(),
        customer_class=customer_class, citation=terms.citation,
    )  # fmt: skip
    return row


@in_transaction
def keep_no_report(*, account: Account, reference: str, why: str, by: Actor, at: datetime) -> None:
    """A bureau was asked and gave no answer: told on the account, and on the monitor of interfaces."""
    record(NO_REPORT, subject=BUREAU, account=account.pk, by=by, at=at, reference=reference, why=why[:200])


@in_transaction
def keep_report(
    *, person: Person, account: Account, answer: Answer, consent: str, by: Actor, at: datetime
) -> CreditReport:  # fmt: skip
    """What the bureau said, once by its reference. The event names no score."""
    made = CreditReport.objects.create(
        person=person, account=account, bureau=answer.bureau, address=answer.address, phone=answer.phone,
        reference=answer.reference, consent=consent, score=answer.score, lowest=answer.lowest, highest=answer.highest,
        factors=list(answer.factors), asked_at=at, asked_by=by,
    )  # fmt: skip
    record(
        "credit.report.received", subject=account.subject, account=account.pk, by=by, at=at, bureau=answer.bureau,
        reference=answer.reference,
    )  # fmt: skip
    return made


@dataclass(frozen=True, slots=True)
class DecisionIn:
    """What a person decides. `recommended` is what they were shown: if it is another by now, nothing is decided."""

    occasion: str
    recommended: Money
    amount: Money
    form: Form
    parts: int = 1
    guarantor: Account | None = None
    reference: str = ""
    remark: str = ""


@in_transaction
def decide_deposit(*, account: Account, said: DecisionIn, on: date, by: Actor, at: datetime) -> DepositDecision:
    """Keep the policy's reasons and what was decided; ask for the first part of money, or note who vouches. Raises
    CannotSecure."""
    advisory_lock(f"account:{account.pk}")
    standing = standing_of(account, on=on)
    _refuse(said, standing.recommendation.amount)
    report = standing.report if standing.recommendation.by_report else None
    made = DepositDecision.objects.create(
        account=account, occasion=said.occasion, recommended=said.recommended, amount=said.amount, form=said.form,
        reasons=[asdict(one) for one in standing.recommendation.reasons], report=report, decided_on=on, decided_at=at,
        decided_by=by, remark=write_remark(said.remark, at=at) if said.remark.strip() else None,
    )  # fmt: skip
    if said.form is Form.CASH and said.amount > ZERO:
        DepositPart.objects.bulk_create(
            DepositPart(decision=made, place=place, due_on=part.due_on, amount=part.amount)
            for place, part in enumerate(divide(said.amount, parts=said.parts, on=on, terms=standing.terms))
        )
        ask_parts(parts=list(made.parts.filter(due_on__lte=on)), on=on, by=by, at=at)
    elif said.form in VOUCHED:
        Security.objects.create(
            account=account, decision=made, form=said.form, guarantor=said.guarantor, reference=said.reference,
            amount=said.amount, period=Period(on),
        )  # fmt: skip
    record(
        "credit.deposit.decided", subject=made.subject, account=account.pk, by=by, at=at, form=said.form.value,
        recommended=said.recommended.cents, cents=said.amount.cents, occasion=said.occasion,
    )  # fmt: skip
    return made


@in_transaction
def ask_parts(*, parts: Sequence[DepositPart], on: date, by: Actor, at: datetime) -> int:
    """Ask for instalments that have come due, each once; how many."""
    count = 0
    for part in parts:
        account = part.decision.account
        advisory_lock(f"account:{account.pk}")
        live = DepositPart.objects.select_for_update().get(pk=part.pk)
        if live.asked_id is not None or live.dropped_on is not None:
            continue
        live.asked = charge_deposit(account=account, amount=live.amount, source=f"part:{live.pk}", on=on, by=by, at=at)
        live.save(update_fields=["asked"])
        count += 1
    return count


@in_transaction
def drop_parts(*, account: Account, on: date) -> None:
    """What was not asked for yet of a deposit is not asked for any more."""
    rows = DepositPart.objects.filter(decision__account=account, asked__isnull=True, dropped_on__isnull=True)
    for part in rows:
        part.dropped_on = on
        part.save(update_fields=["dropped_on"])


@in_transaction
def end_security(*, security: Security, on: date, by: Actor, at: datetime, remark: str = "") -> Security:
    """Nobody vouches any more from `on` on. Raises CannotSecure."""
    advisory_lock(f"account:{security.account_id}")
    live = Security.objects.select_for_update(of=("self",)).get(pk=security.pk)
    if live.ended_at is not None or on <= live.period.start:
        raise CannotSecure(f"It runs {live.period}: choose a later day, or it has ended.")
    live.period, live.ended_at, live.ended_by = live.period.ending(on), at, by
    live.save(update_fields=["period", "ended_at", "ended_by"])
    record("credit.security.ended", subject=f"deposit:{live.decision_id}", account=live.account_id, by=by, at=at,
           form=live.form, start=on.isoformat(), remark=remark)  # fmt: skip
    return live


def _refuse(said: DecisionIn, recommended: Money) -> None:
    if said.recommended != recommended:
        raise CannotSecure(f"The policy says {recommended} now. Look at it again.")
    if said.amount < ZERO or (said.form is Form.WAIVED) != (said.amount == ZERO):
        raise CannotSecure("Enter more than $0.00, or that none is asked.")
    if said.amount < recommended and not said.remark.strip():
        raise CannotSecure("Say why less is asked for than the policy says: it is kept with the decision.")
    if said.amount > recommended:
        raise CannotSecure(f"The policy asks for {recommended}, and no more may be asked.")
    if said.form is Form.GUARANTOR and said.guarantor is None:
        raise CannotSecure("Name the account that vouches.")
    if said.form in {Form.SURETY, Form.CREDIT} and not said.reference.strip():
        raise CannotSecure("Enter who vouches, and the bond's or letter's number.")


def _check(terms: Terms) -> None:
    if not 1 <= terms.months <= 6 or not 1 <= terms.parts <= 12 or not 1 <= terms.good_bills <= 36:
        raise CannotSecure("A deposit is 1 to 6 average bills in 1 to 12 parts, given back after 1 to 36 bills.")
    if not ZERO <= terms.least <= terms.most:
        raise CannotSecure("The least deposit is not above the most.")
    if not 0 <= terms.interest_percent <= 20 or not 0 <= terms.tolerance_percent <= 100:
        raise CannotSecure("Interest is 0 to 20 percent, the tolerance 0 to 100.")
    if min(terms.points_from, terms.known_months, terms.grace_days) < 0:
        raise CannotSecure("Points, months and days are zero or more.")
    if not terms.citation.strip():
        raise CannotSecure("Name the resolution or ordinance that says so.")
