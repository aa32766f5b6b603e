"""Keep what a test of a meter showed, judged by the limits that hold for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from lamplighter.kernel.actors import Actor
from lamplighter.metering.models import LotMeter, Meter, MeterTest
from lamplighter.metering.rules import IN_SERVICE, Limits, Verdict, average, new_meters
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import advisory_lock, in_transaction

Loads = tuple[Decimal, Decimal]
MOST = Decimal(200)


class CannotTest(Exception):
    """A test of a meter is refused; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True)
class MeterTestIn:
    """A test before it is kept: the registration at full and at light load, in percent, as `found`, and as `left`
    where the meter was adjusted. `standard` is the reference that it was held against."""

    why: str
    where: str
    tested_at: datetime
    found: Loads
    left: Loads | None = None
    standard: str = ""
    order: str = ""
    words: str = ""


@in_transaction
def record_test(*, meter: Meter, test: MeterTestIn, by: Actor, at: datetime) -> MeterTest:
    """The test with its verdict; nothing follows from it here. Raises CannotTest. What an order asked for is kept
    once."""
    advisory_lock(f"stands:{meter.badge}")
    _check(meter, test, at)
    limits = _limits(meter, test)
    full, light = test.found
    made = MeterTest.objects.create(
        meter=meter, why=test.why, where=test.where, tested_at=test.tested_at, found_full=full, found_light=light,
        left_full=test.left[0] if test.left else None, left_light=test.left[1] if test.left else None,
        average=average(full, light), low=limits.low, high=limits.high, basis=limits.basis,
        verdict=_verdict(limits, test), standard=test.standard, order=test.order,
        remark=write_remark(test.words, at=at) if test.words else None, recorded_at=at, recorded_by=by,
    )  # fmt: skip
    record(
        "metering.meter.tested", subject=meter.subject, by=by, at=at, verdict=made.verdict, average=str(made.average),
        why=made.why, tested_at=test.tested_at.isoformat(), order=test.order,
    )  # fmt: skip
    return made


def _check(meter: Meter, test: MeterTestIn, at: datetime) -> None:
    shown = [*test.found, *(test.left or ())]
    if not all(0 <= one <= MOST for one in shown):
        raise CannotTest(f"A registration is 0 to {MOST} percent.")
    if test.tested_at > at:
        raise CannotTest("This lies ahead.")
    if test.order and MeterTest.objects.filter(order=test.order).exists():
        raise CannotTest(f"The result of order SO-{test.order} is known already.")
    if test.why == MeterTest.Why.SAMPLE and not LotMeter.objects.filter(meter=meter).exists():
        raise CannotTest(f"Meter {meter} is of no lot.")


def _limits(meter: Meter, test: MeterTestIn) -> Limits:
    """A sample of a lot is judged by its accuracy class, whatever has been in service by the limits of service."""
    if test.why != MeterTest.Why.SAMPLE:
        return IN_SERVICE
    return new_meters(LotMeter.objects.select_related("lot").get(meter=meter).lot.accuracy_class)


def _verdict(limits: Limits, test: MeterTestIn) -> Verdict:
    """In service by the average; a new meter by each load."""
    if test.why != MeterTest.Why.SAMPLE:
        return limits.judge(average(*test.found))
    judged = [limits.judge(load) for load in test.found]
    return next((one for one in judged if one is not Verdict.IN_LIMITS), Verdict.IN_LIMITS)
