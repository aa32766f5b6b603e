"""Take payments that another program sends, up to 500 at once, each under its own key: posted once, or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from lamplighter.accounts.models import Account
from lamplighter.accounts.operations import CannotServe
from lamplighter.journeys.collecting import money_came
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.ledger.operations import CannotPost
from lamplighter.payments import operations as payments
from lamplighter.payments.models import TenderControl
from lamplighter.payments.operations import EventIn
from lamplighter.payments.operations.sources import taking
from lamplighter.payments.queries import cash_only
from lamplighter.payments.rules import NOT_CASH, CannotTake, TenderIn, check_event
from lamplighter.platform.operations.requests import KeyReused, answer_many, claim_many
from lamplighter.platform.transactions import in_transaction

MOST = 500


class State(StrEnum):
    POSTED = "posted"
    REPEATED = "repeated"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Sent:
    """One payment as another program sends it: one tender, one account."""

    key: UUID
    account: str
    amount: Money
    tender: str
    reference: str = ""

    @property
    def content(self) -> str:
        return f"{self.account} {self.amount.cents} {self.tender} {self.reference}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of it: the receipt, or why not."""

    key: UUID
    state: State
    receipt: str = ""
    why: str = ""


@in_transaction
def receive(*, control: TenderControl, sent: Sequence[Sent], on: date, by: Actor, at: datetime) -> list[Answer]:
    """In order. What is refused claims no key, so that it may be sent again put right; the rest is posted. A key that
    stands twice in the batch answers as if it had been sent one after the other.

    Raises CannotTake where the control takes nothing any more."""
    assert len(sent) <= MOST, f"{MOST} at once"
    taking(control)
    first = {one.key: one for one in reversed(sent)}
    once = [one for one in sent if one is first[one.key]]
    answers = _refused(once)
    accounts = {row.number: row for row in Account.objects.filter(number__in=[one.account for one in once])}
    for one in once:
        if one.key not in answers and one.account not in accounts:
            answers[one.key] = Answer(one.key, State.REFUSED, why=f"There is no account {one.account}.")
    barred = cash_only([account.pk for account in accounts.values()], on=on)
    for one in once:
        if one.key not in answers and one.tender in NOT_CASH and accounts[one.account].pk in barred:
            answers[one.key] = Answer(one.key, State.REFUSED, why=f"No checks from account {one.account}.")
    open_ones = [one for one in once if one.key not in answers]
    answers |= _posted(control, open_ones, accounts, on=on, by=by, at=at)
    return [_again(one, first[one.key], answers[one.key]) for one in sent]


def _refused(sent: Sequence[Sent]) -> dict[UUID, Answer]:
    """What can't be a payment whatever the books say."""
    answers: dict[UUID, Answer] = {}
    for one in sent:
        try:
            check_event([_tender(one)], [one.amount])
        except CannotTake as why:
            answers[one.key] = Answer(one.key, State.REFUSED, why=str(why))
    return answers


def _again(one: Sent, first: Sent, answer: Answer) -> Answer:
    """What the first with its key was answered; where it asks for something else, it is refused."""
    if one is first:
        return answer
    if one.content != first.content:
        return Answer(one.key, State.REFUSED, why="This key stands in the batch for something else already.")
    return replace(answer, state=State.REPEATED) if answer.state is State.POSTED else answer


def _posted(
    control: TenderControl,
    new: Sequence[Sent],
    accounts: Mapping[str, Account],
    *,
    on: date,
    by: Actor,
    at: datetime,
) -> dict[UUID, Answer]:
    """All of them together; where the books refuse one, the halves, until that one alone is left out."""
    if not new:
        return {}
    try:
        with transaction.atomic():
            return _post(control, new, accounts, on=on, by=by, at=at)
    except (CannotPost, CannotTake, CannotServe) as why:
        if len(new) == 1:
            return {new[0].key: Answer(new[0].key, State.REFUSED, why=str(why))}
    half = len(new) // 2
    first = _posted(control, new[:half], accounts, on=on, by=by, at=at)
    return first | _posted(control, new[half:], accounts, on=on, by=by, at=at)


def _post(
    control: TenderControl,
    several: Sequence[Sent],
    accounts: Mapping[str, Account],
    *,
    on: date,
    by: Actor,
    at: datetime,
) -> dict[UUID, Answer]:
    """Claim the keys and post what is new, all or none."""
    answers: dict[UUID, Answer] = {}
    for key, result in claim_many({one.key: one.content for one in several}, by=by, at=at).items():
        if isinstance(result, KeyReused):
            answers[key] = Answer(key, State.REFUSED, why=str(result))
        elif result is not None:
            answers[key] = Answer(key, State.REPEATED, receipt=result)
    new = [one for one in several if one.key not in answers]
    events = [EventIn((_tender(one),), {accounts[one.account]: one.amount}, at) for one in new]
    made = payments.post_events(control=control, events=events, on=on, by=by, at=at)
    money_came(accounts=[accounts[one.account] for one in new], on=on, by=by, at=at)
    receipts = {one.key: event.receipt for one, event in zip(new, made, strict=True)}
    answer_many(receipts)
    return answers | {key: Answer(key, State.POSTED, receipt) for key, receipt in receipts.items()}


def _tender(one: Sent) -> TenderIn:
    return TenderIn(one.tender, one.amount, one.amount, one.reference)
