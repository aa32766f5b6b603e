"""What other programs do: take payments, one or five hundred at once, and write notes; each under its own key."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from django.http import HttpRequest
from ninja import Router

from lamplighter.accounts.models import Account
from lamplighter.accounts.operations import write_note
from lamplighter.journeys.receiving import Answer, Sent, State, receive
from lamplighter.kernel.money import Money
from lamplighter.payments.models import TenderSource
from lamplighter.payments.operations import say_total, standing_control
from lamplighter.payments.queries import to_balance
from lamplighter.platform.operations.requests import answer, claim
from lamplighter.platform.transactions import unit_of_work
from lamplighter.web.api import shapes
from lamplighter.web.api.guarding import partner, require
from lamplighter.web.api.reading import NotThere
from lamplighter.web.visits import visit

router = Router(tags=["acting"])
PROBLEMS = {409: shapes.Problem, 422: shapes.Problem}


class Refused(Exception):
    """It was understood and not done; the message says why."""


@router.post(
    "/payments", response={200: shapes.PaymentAnswer, **PROBLEMS}, operation_id="takePayment"
)  # fmt: skip
def payment(request: HttpRequest, sent: shapes.PaymentIn) -> shapes.PaymentAnswer:
    """One payment. The same key again answers with the same receipt and posts nothing."""
    (only,) = _receive(request, [sent])
    if only.state is State.REFUSED:
        raise Refused(only.why)
    return _answer(only)


@router.post("/payments/batch", response=shapes.Answers, operation_id="takePayments")
def batch(request: HttpRequest, sent: shapes.Batch) -> shapes.Answers:
    """Up to 500. The good ones are posted; each of the others says why not, and may be sent again."""
    answers = _receive(request, sent.payments)
    counted = Counter(one.state for one in answers)
    return shapes.Answers(
        posted=counted[State.POSTED], repeated=counted[State.REPEATED], refused=counted[State.REFUSED],
        payments=[_answer(one) for one in answers],
    )  # fmt: skip


@router.post("/payments/totals", response={200: shapes.TotalsAnswer, **PROBLEMS}, operation_id="sayTotals")
def totals(request: HttpRequest, sent: shapes.TotalsIn) -> shapes.TotalsAnswer:
    """Your own total of a balancing period: the oldest that waits for one, or the one that is open, which ends with it.
    Say it once a day; what differs, a person looks at."""
    source, by, seen = _source(request), partner(request), visit(request)
    kinds = Counter(one.tender for one in sent.totals)
    if max(kinds.values(), default=0) > 1:
        raise Refused("Name each tender once.")
    said = {one.tender.value: Money(one.amount_cents) for one in sent.totals}
    content = f"totals {sorted((kind, money.cents) for kind, money in said.items())}"
    with unit_of_work(by):
        earlier = claim(sent.key, by=by, content=content, at=seen.at)
        if earlier is None:
            control = to_balance(source)
            if control is None:
                raise Refused("No period waits for a total.")
            told = say_total(control=control, totals=said, by=by, at=seen.at)
            earlier = json.dumps({kind: money.cents for kind, money in told.differences.items()})
            answer(sent.key, result=earlier)
    apart = json.loads(earlier)
    return shapes.TotalsAnswer(state="differs" if apart else "balanced", differences=apart)


@router.post("/accounts/{number}/notes", response={200: shapes.Done, **PROBLEMS}, operation_id="writeNote")
def note(request: HttpRequest, number: str, sent: shapes.NoteIn) -> shapes.Done:
    """A note on the account's timeline, in the name of this program."""
    require(request, "notes.write")
    found = Account.objects.filter(number=number).first() if "\x00" not in number else None
    if found is None:
        raise NotThere(f"There is no account {number}.")
    by, at = partner(request), visit(request).at
    with unit_of_work(by):
        if claim(sent.key, by=by, content=f"{number} {sent.words}", at=at) is None:
            if not sent.words.strip():
                raise Refused("Write the note.")
            write_note(account=found, words=sent.words, by=by, at=at)
            answer(sent.key, result="written")
    return shapes.Done(at=at)


def _receive(request: HttpRequest, sent: Sequence[shapes.PaymentIn]) -> list[Answer]:
    source, by, seen = _source(request), partner(request), visit(request)
    with unit_of_work(by):
        control = standing_control(source=source, by=by, at=seen.at)
        wanted = [Sent(one.key, one.account, Money(one.amount_cents), one.tender, one.reference) for one in sent]
        return receive(control=control, sent=wanted, on=seen.on, by=by, at=seen.at)


def _source(request: HttpRequest) -> TenderSource:
    token = require(request, "payments.take")
    source = TenderSource.objects.filter(pk=token.source).first()
    if source is None:
        raise Refused("This key names no source for its payments. The administrator sets it.")
    return source


def _answer(one: Answer) -> shapes.PaymentAnswer:
    return shapes.PaymentAnswer(key=one.key, state=one.state, receipt=one.receipt, why=one.why)
