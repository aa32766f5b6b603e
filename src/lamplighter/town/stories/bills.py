"""Bills with a story: a read that was guessed too low, a slip of the reader, a discount that is about to end."""

from __future__ import annotations

from datetime import date, timedelta

from lamplighter.accounts import operations as accounts
from lamplighter.billing.models import RebillRequest
from lamplighter.billing.reasons import Why
from lamplighter.billing.rules import BackBilling
from lamplighter.journeys.rebilling import ask_for_channel, settle
from lamplighter.kernel.energy import Quality
from lamplighter.kernel.periods import Period
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.calendar import OFFICE, at, turn_after, turn_before
from lamplighter.town.plan import Plan, Scene
from lamplighter.town.readings import SLIP
from lamplighter.town.staff import ANALYST, DANA
from lamplighter.town.stage import Stage
from lamplighter.town.stories.timing import nth_bill
from lamplighter.usage.models import RegisterRead
from lamplighter.usage.operations.registers import correct_read


def scenes(plan: Plan) -> list[Scene]:
    cycles, as_of = {one.key: one.cycle for one in plan.customers}, plan.as_of
    caught_up = nth_bill(cycles["ines"], as_of, 0).bills_on
    slipped = nth_bill(cycles["carla"], as_of, 1).bills_on
    granted = nth_bill(cycles["bautista"], as_of, 2).bills_on
    return [
        Scene("ines", OFFICE.add_working_days(caught_up, 1), guess_is_mended),
        Scene("carla", OFFICE.add_working_days(slipped, 3), slip_is_mended),
        Scene("bautista", OFFICE.add_working_days(granted, 1), discount_is_granted),
    ]


def guess_is_mended(stage: Stage, day: date) -> None:
    """The true read showed that the guess before it was too low; the days between are to be billed again."""
    low = _read(stage, "ines", 1)
    around = RegisterRead.objects.filter(channel=low.channel, superseded_by__isnull=True)
    before, after = around.filter(at__lt=low.at).latest("at"), around.filter(at__gt=low.at).earliest("at")
    share = (low.at - before.at) / (after.at - before.at)
    count = before.count + round((after.count - before.count) * share)
    _mend(stage, "ines", low, count, day, remark="The next read shows that the estimate was too low.")


def slip_is_mended(stage: Stage, day: date) -> None:
    """The reader went back, and had written too much; the bill is cancelled and made anew."""
    wrong = _read(stage, "carla", 1)
    asked = _mend(stage, "carla", wrong, wrong.count - SLIP, day, remark="Read again: two digits were exchanged.")
    with unit_of_work(ANALYST):
        for request in asked:
            settle(request=request, policy=BackBilling(), on=day, by=ANALYST, at=at(day, 15, 10))


def discount_is_granted(stage: Stage, day: date) -> None:
    """Power Assist, until nine days after the day of the city."""
    until = stage.plan.as_of + timedelta(days=9)
    with unit_of_work(DANA):
        accounts.state_fact(
            agreement=stage.service("bautista"), name="power_assist", value="yes", period=Period(day, until), by=DANA,
            at=at(day, 11, 15), evidence="application",
        )  # fmt: skip


def _read(stage: Stage, key: str, back: int) -> RegisterRead:
    """The read of a turn, counted back from the newest bill."""
    due = nth_bill(stage.customers[key].cycle, stage.plan.as_of, back)
    reads = RegisterRead.objects.select_related("channel__meter")
    return reads.get(channel=stage.channel(key), at__gte=at(due.reads_on, 0), at__lt=at(due.reads_on, 23))


def _mend(stage: Stage, key: str, read: RegisterRead, count: int, day: date, *, remark: str) -> list[RebillRequest]:
    """Correct a read, and ask for the bills that stand on it."""
    due = nth_bill(stage.customers[key].cycle, stage.plan.as_of, 1)
    days = Period(turn_before(due).reads_on, turn_after(due).reads_on)
    with unit_of_work(ANALYST):
        correct_read(read=read, count=count, quality=Quality.EDITED, by=ANALYST, at=at(day, 14), remark=remark)
        return ask_for_channel(
            channel=read.channel, period=days, reason=Why.READ, cause=f"read:{read.pk}", by=ANALYST,
            at=at(day, 14, 5),
        )  # fmt: skip
