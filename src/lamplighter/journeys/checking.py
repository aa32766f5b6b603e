"""Check a meter with a customer: pings of it and its neighbours, answers, and the order that the outcome asks for."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.accounts.models import Account
from lamplighter.fieldwork.models import Half
from lamplighter.fieldwork.operations.ordering import OrderIn
from lamplighter.fieldwork.types import OrderKind, Priority
from lamplighter.formats.network.messages import Act
from lamplighter.journeys.ordering import order_work
from lamplighter.kernel.actors import Actor
from lamplighter.metering.models import Meter
from lamplighter.network.models import MeterCheck
from lamplighter.network.operations import checking
from lamplighter.network.operations.checking import CannotCheck, check_of, finish_check
from lamplighter.network.operations.commanding import CannotAsk, ask
from lamplighter.network.queries.knowing import neighbours_of
from lamplighter.network.rules.guiding import NEIGHBORS, PING, Conclusion
from lamplighter.platform.transactions import in_transaction

NEAREST = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a check. `order` is the kind of order that is raised, with its appointment; "" for none."""

    outcome: str
    order: str
    slot: tuple[date, Half] | None
    urgent: bool
    conclusion: Conclusion | None
    words: str


@in_transaction
def step(*, meter: Meter, account: Account | None, question: str, answer: str, by: Actor, at: datetime) -> MeterCheck:
    """Keep an answer, or ask the meter (`ping`) or the nearest neighbours (`neighbors`). Raises CannotAsk."""
    check = check_of(meter=meter, account=account, by=by, at=at)
    if question == PING.key:
        ask(act=Act.PING, meter=meter, account=account, by=by, at=at, origin="check", origin_key=check.subject)
    elif question == NEIGHBORS.key:
        _ask_neighbours(check, by=by, at=at)
    checking.answer(check=check, question=question, answer=answer, by=by, at=at)
    return check


@in_transaction
def finish(*, meter: Meter, account: Account | None, outcome: Outcome, on: date, by: Actor, at: datetime) -> MeterCheck:
    """End the check with what came of it, and raise its order. Raises CannotCheck, CannotRaise and CannotBook."""
    check = check_of(meter=meter, account=account, by=by, at=at)
    number = ""
    if outcome.outcome == "order":
        if not outcome.order or check.point is None:
            raise CannotCheck("Say which order, or another outcome.")
        words = " ".join(filter(None, [outcome.conclusion.words if outcome.conclusion else "", outcome.words]))
        asked = OrderIn(
            kind=OrderKind(outcome.order), point=check.point, not_before=on, account=account,
            priority=Priority.URGENT if outcome.urgent else Priority.NORMAL, origin="check", origin_key=check.subject,
            instructions=words,
        )  # fmt: skip
        number = order_work(order=asked, notes={}, slot=outcome.slot, on=on, by=by, at=at).number
    key = outcome.conclusion.key.value if outcome.conclusion else ""
    return finish_check(
        check=check, outcome=outcome.outcome, conclusion=key, order=number, words=outcome.words, by=by, at=at
    )


def _ask_neighbours(check: MeterCheck, *, by: Actor, at: datetime) -> None:
    """Their pings say nothing on their own accounts' pages: it is not their matter."""
    near = neighbours_of(check.point, at=at) if check.point else None
    for meter in Meter.objects.filter(badge__in=near.badges[:NEAREST] if near else ()):
        with suppress(CannotAsk):
            ask(act=Act.PING, meter=meter, by=by, at=at, origin="check", origin_key=check.subject)
