"""Check a meter with a customer: begin, keep each answer, and end with what came of it."""

from __future__ import annotations

from datetime import datetime

from lamplighter.accounts.models import Account
from lamplighter.kernel.actors import Actor
from lamplighter.metering.models import Meter
from lamplighter.network.models import CheckAnswer, MeterCheck
from lamplighter.network.queries.knowing import standing_at
from lamplighter.network.rules.guiding import OUTCOMES
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import advisory_lock, in_transaction


class CannotCheck(Exception):
    """A check can't go on so; the message is fit to be read aloud."""


@in_transaction
def check_of(*, meter: Meter, account: Account | None, by: Actor, at: datetime) -> MeterCheck:
    """The check that runs at this meter, begun now if there is none."""
    advisory_lock(f"network.meter:{meter.pk}")
    running = MeterCheck.objects.filter(meter=meter, ended_at__isnull=True).first()
    return running or MeterCheck.objects.create(
        meter=meter, point=standing_at(meter, at=at), account=account, begun_at=at, begun_by=by
    )


@in_transaction
def answer(*, check: MeterCheck, question: str, answer: str, by: Actor, at: datetime) -> CheckAnswer:
    """Keep an answer. One that is given again takes the place of the first."""
    found = MeterCheck.objects.select_for_update().get(pk=check.pk)
    if found.ended_at is not None:
        raise CannotCheck("This check is finished. Begin a new one.")
    return CheckAnswer.objects.create(check_of=found, question=question[:20], answer=answer[:20], at=at, by=by)


@in_transaction
def finish_check(
    *, check: MeterCheck, outcome: str, conclusion: str, order: str, words: str, by: Actor, at: datetime
) -> MeterCheck:  # fmt: skip
    """What came of it, on the timeline of the account. Raises CannotCheck."""
    found = MeterCheck.objects.select_for_update(of=("self",)).select_related("meter").get(pk=check.pk)
    if found.ended_at is not None:
        raise CannotCheck("This check is finished already.")
    if outcome not in OUTCOMES:
        raise CannotCheck(f"Choose what came of it: {', '.join(OUTCOMES.values())}.")
    if (outcome == "order") != bool(order):
        raise CannotCheck("An order was raised, or it was not: say the one that is so.")
    found.outcome, found.conclusion, found.order = outcome, conclusion, order
    found.remark = write_remark(words, at=at) if words else None
    found.ended_at, found.ended_by = at, by
    found.save()
    record(
        "network.check.finished", subject=f"meter:{found.meter.badge}", account=found.account_id, by=by, at=at,
        remark=words, conclusion=conclusion, outcome=outcome, order=order, meter=found.meter.badge,
    )  # fmt: skip
    return found
