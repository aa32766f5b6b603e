"""Ask a bureau, decide on a deposit and tell the customer; give one back after good payment, or pay a final bill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Max

from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.queries import profile
from lamplighter.billing.models import Bill
from lamplighter.billing.operations import depositing as money
from lamplighter.billing.queries.deposits import DepositStanding, deposit_of
from lamplighter.credit.kinds import DEPOSIT
from lamplighter.credit.models import Bankruptcy, CreditReport, DepositDecision, DepositPart, Security
from lamplighter.credit.operations import depositing
from lamplighter.credit.operations.depositing import DecisionIn
from lamplighter.credit.queries.closed import are_closed
from lamplighter.credit.queries.deposits import (
    deposit_terms,
    held_since,
    interest_in,
    interest_paid_until,
    interest_until,
    main_person,
    paid_in_time,
    points_on,
    standing_of,
    with_deposits,
)
from lamplighter.credit.rules.collecting import debt_class_of
from lamplighter.credit.rules.deposits import CannotSecure, Form, asks_for_more, goes_back
from lamplighter.customers.models import Person
from lamplighter.formats.bureau import Answer, Inquiry, read_answer, write_inquiry
from lamplighter.formats.refusals import Unreadable
from lamplighter.journeys import dunning
from lamplighter.journeys.dunning import Letter
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money
from lamplighter.network.transport import Post, Unreachable, post
from lamplighter.notices.rules.fields import Value
from lamplighter.payments.queries import owed_by
from lamplighter.platform.transactions import advisory_lock, in_transaction, unit_of_work
from lamplighter.worklist.models import Item
from lamplighter.worklist.operations import Draft, raise_items

SUBSCRIBER = "utility"
TEXT = {"Content-Type": "text/plain; charset=us-ascii"}
YEAR = 365
AT_START = "Less than the policy asks for, at the start of service."


class NoAnswer(CannotSecure):
    """A bureau was asked, and what came, if anything, answers nothing. `why` tells it without a person's data."""

    def __init__(self, why: str, words: str) -> None:
        self.why = why
        super().__init__(words)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a bureau answered about whom, before it is kept."""

    person: Person
    account: Account
    answer: Answer


def ask_bureau(*, account: Account, reference: str, on: date, wire: Post = post) -> Asked:
    """Ask about an account's customer, who agreed to it. Nothing is written, and no transaction is open while we wait;
    `reference` is the same when the same form is sent again. Raises CannotSecure, NoAnswer."""
    known = profile(account, on=on)
    person = main_person(account)
    if not settings.BUREAU_URL or person is None or known.customer is None:
        raise CannotSecure("No credit bureau is set up here, or nobody stands on the account.")
    address = known.premise.address if known.premise else known.reach.mailing or ""
    asked = Inquiry(reference, SUBSCRIBER, known.customer.name, " ".join(address.split()))
    try:
        answer = read_answer(wire(settings.BUREAU_URL, write_inquiry(asked), TEXT))
    except Unreachable as lost:
        words = f"The bureau does not answer ({lost}). Ask again later, or take another form."
        raise NoAnswer(str(lost), words) from lost
    except Unreadable as strange:
        raise NoAnswer("can't be read", f"The bureau's answer can't be read. {strange}") from strange
    if answer.reference != reference:
        raise NoAnswer("of another question", "The bureau answered another question. Ask again.")
    return Asked(person, account, answer)


@in_transaction
def keep_no_answer(*, account: Account, reference: str, lost: NoAnswer, by: Actor, at: datetime) -> None:
    depositing.keep_no_report(account=account, reference=reference, why=lost.why, by=by, at=at)


@in_transaction
def keep_answer(*, asked: Asked, consent: str, by: Actor, at: datetime) -> CreditReport:
    """What was answered, with how the customer agreed to be asked about."""
    return depositing.keep_report(
        person=asked.person, account=asked.account, answer=asked.answer, consent=consent, by=by, at=at
    )


@in_transaction
def decide(*, account: Account, said: DecisionIn, on: date, by: Actor, at: datetime) -> DepositDecision:
    """Decide as `credit.operations.depositing`; a decision that rests on a report is told with the report's score,
    reasons and source (FCRA 615(a)), once: not again where as much was told of by the same report. Raises
    CannotSecure."""
    made = depositing.decide_deposit(account=account, said=said, on=on, by=by, at=at)
    if made.report is not None and made.amount > ZERO and not _was_told(made):
        dunning.write(_adverse(made, made.report), account=account, on=on, by=by, at=at)
    return made


@in_transaction
def release(*, security: Security, first: date, remark: str, on: date, by: Actor, at: datetime) -> Security:
    """Whoever vouches does not from `first` on. What the policy asks for without them is somebody's to decide. Raises
    CannotSecure."""
    if first < on:
        raise CannotSecure("That day is over. Choose today or a later one.")
    ended = depositing.end_security(security=security, on=first, by=by, at=at, remark=remark)
    asks = standing_of(ended.account, on=first).recommendation.amount
    if asks > ZERO:
        words = f"Nobody vouches from {first:%b %-d}; the policy asks for {asks}"
        raise_items(drafts=[Draft(DEPOSIT.key, ended.account.subject, words, account=ended.account_id)], by=by, at=at)
    return ended


@in_transaction
def decide_at_start(
    *, account: Account, amount: Money | None, on: date, by: Actor, at: datetime
) -> None:  # fmt: skip
    """What is asked for as service starts, beside what the policy says of it. Less than the policy, or nothing where it
    asks, is somebody's to look at; more is refused. Raises CannotSecure."""
    policy = standing_of(account, on=on).recommendation.amount
    if amount is not None and amount > ZERO:
        words = AT_START if amount < policy else ""
        said = DecisionIn(DepositDecision.Occasion.START, policy, amount, Form.CASH, remark=words)
        decide(account=account, said=said, on=on, by=by, at=at)
    if (amount or ZERO) < policy:
        words = f"Service started with {amount or 'no deposit'}; the policy asks for {policy}"
        raise_items(drafts=[Draft(DEPOSIT.key, account.subject, words, account=account.pk)], by=by, at=at)


@dataclass(frozen=True, slots=True)
class DepositDay:
    """What a morning did with deposits."""

    asked: int = 0
    interest: int = 0
    returned: int = 0
    applied: int = 0
    waived: int = 0
    to_review: int = 0


def pass_a_deposit_day(*, on: date, by: Actor, at: datetime) -> DepositDay:
    """Each account in a unit of work of its own; the same day again changes nothing."""
    with unit_of_work(by):
        due = DepositPart.objects.filter(due_on__lte=on, asked__isnull=True, dropped_on__isnull=True)
        asked = depositing.ask_parts(parts=list(due.select_related("decision__account")), on=on, by=by, at=at)
    done = {"interest": 0, "returned": 0, "applied": 0, "waived": 0, "to_review": 0}
    for pk in with_deposits():
        with unit_of_work(by):
            did = review_deposit(account=Account.objects.get(pk=pk), on=on, by=by, at=at)
        if did:
            done[did] += 1
    return DepositDay(asked=asked, **done)


@in_transaction
def review_deposit(*, account: Account, on: date, by: Actor, at: datetime) -> str:
    """The final bill is out: it is paid from the deposit, and what was not given of it is asked no more. Bills were
    paid in time: the deposit goes back. A year has gone by: interest, and a look at the amount. What was done, or
    nothing. In a bankruptcy nothing is touched."""
    advisory_lock(f"account:{account.pk}")
    held, since = deposit_of(account), held_since(account)
    in_case = Bankruptcy.objects.filter(account=account, ended_on__isnull=True).exists()
    if held is None or in_case:
        return ""
    if are_closed([account.pk], on=on):
        return _final(account, held, on=on, by=by, at=at)
    if since is None or held.held <= ZERO:
        return ""
    terms, person = deposit_terms(account.customer_class, on=on), main_person(account)
    bills = paid_in_time(account, since=since, on=on, grace=terms.grace_days)
    if goes_back(bills, points_on(person, on=on) if person else (), terms):
        return _give_back(account, "paid-well", on=on, by=by, at=at)
    return _year(account, since, on=on, by=by, at=at)


def _final(account: Account, held: DepositStanding, *, on: date, by: Actor, at: datetime) -> str:
    if not Bill.objects.filter(account=account, segments__kind="closing").exists():
        return ""
    if held.held > ZERO:
        return _apply(account, on=on, by=by, at=at)
    return "waived" if _ask_no_more(account, on=on, by=by, at=at) else ""


def _ask_no_more(account: Account, *, on: date, by: Actor, at: datetime) -> bool:
    """What was asked for and not given, and what would be asked for later. Whether anything was asked for."""
    depositing.drop_parts(account=account, on=on)
    stands = deposit_of(account)
    if stands is None or stands.asked <= ZERO:
        return False
    money.waive_deposit(account=account, amount=stands.asked, source=f"{account.pk}:{on}", on=on, by=by, at=at)
    return True


def _apply(account: Account, *, on: date, by: Actor, at: datetime) -> str:
    """To the debts of the service, the oldest first; what is left is a credit that can be refunded."""
    _interest(account, on=on, by=by, at=at)
    _ask_no_more(account, on=on, by=by, at=at)
    agreements = Agreement.objects.in_bulk([debt.agreement for debt in owed_by(account)])
    owed: dict[int, Money] = {}
    for debt in owed_by(account):
        if debt_class_of(agreements[debt.agreement].kind):
            owed[debt.agreement] = owed.get(debt.agreement, ZERO) + debt.amount
    whole, earned = _held(account), interest_in(account)
    for pk, amount in owed.items():
        share = min(amount, _held(account))
        if share > ZERO:
            money.apply_deposit(
                account=account, to=agreements[pk], amount=share, source=f"final:{pk}:{on}", on=on, by=by, at=at
            )
    _release(account, on=on, by=by, at=at)
    _tell_back(account, whole, earned, "final", on=on, by=by, at=at)
    return "applied"


def _give_back(account: Account, how: str, *, on: date, by: Actor, at: datetime) -> str:
    _interest(account, on=on, by=by, at=at)
    _ask_no_more(account, on=on, by=by, at=at)
    whole, earned = _held(account), interest_in(account)
    _release(account, on=on, by=by, at=at)
    _tell_back(account, whole, earned, how, on=on, by=by, at=at)
    return "returned"


def _release(account: Account, *, on: date, by: Actor, at: datetime) -> None:
    if (left := _held(account)) > ZERO:
        money.release_deposit(account=account, amount=left, source=f"{account.pk}:{on}", on=on, by=by, at=at)


def _year(account: Account, since: date, *, on: date, by: Actor, at: datetime) -> str:
    """Once a year from the day on which it was given: interest, and a person looks where too little is held."""
    year = timedelta(days=YEAR)
    if on < (interest_paid_until(account) or since) + year:
        return ""
    done = "interest" if _interest(account, on=on, by=by, at=at) else ""
    looked = _looked_at(account)
    if looked is not None and on < looked + year:
        return done
    standing = standing_of(account, on=on)
    full = standing.recommendation.full
    if full > ZERO and asks_for_more(_held(account), full, standing.terms):
        words = f"{_held(account)} is held; the policy comes to {full}"
        raise_items(drafts=[Draft(DEPOSIT.key, account.subject, words, account=account.pk)], by=by, at=at)
        return "to_review"
    return done


def _looked_at(account: Account) -> date | None:
    """When it was last put before a person, who may have left it as it is."""
    rows = Item.objects.filter(kind=DEPOSIT.key, subject=account.subject)
    newest: date | None = rows.aggregate(newest=Max("last_seen_at__date"))["newest"]
    return newest


def _interest(account: Account, *, on: date, by: Actor, at: datetime) -> bool:
    """What was earned since the last time; whether anything was."""
    amount = interest_until(account, on=on)
    if amount <= ZERO:
        return False
    money.add_interest(account=account, amount=amount, source=f"{account.pk}:{on}", on=on, by=by, at=at)
    return True


def _held(account: Account) -> Money:
    stands = deposit_of(account)
    return stands.held if stands else ZERO


def _was_told(made: DepositDecision) -> bool:
    before = DepositDecision.objects.filter(account=made.account_id, report=made.report_id, amount__gte=made.amount)
    return before.exclude(pk=made.pk).exists()


def _adverse(made: DepositDecision, report: CreditReport) -> Letter:
    assert report.score is not None, "a decision rests on a score"
    return Letter(
        "adverse-action", f"adverse-action:{made.pk}", made.subject,
        {
            "amount": made.amount, "score": report.score, "lowest": report.lowest, "highest": report.highest,
            "asked": report.asked_at.date(), "factors": "; ".join(report.factors) or "none was named",
            "bureau": report.bureau, "bureau_address": report.address, "bureau_phone": report.phone,
        },
    )  # fmt: skip


def _tell_back(
    account: Account, whole: Money, earned: Money, how: str, *, on: date, by: Actor, at: datetime
) -> None:  # fmt: skip
    values: dict[str, Value] = {"amount": whole, "interest": earned, "how": how}
    letter = Letter("deposit-returned", f"deposit-returned:{account.pk}:{on}", account.subject, values)
    dunning.write(letter, account=account, on=on, by=by, at=at)
