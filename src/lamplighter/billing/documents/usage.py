"""The picture of use by day on a printed bill, as whole numbers for drawing, and the sentence that stands for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, Decimal
from typing import Any

from lamplighter.billing.documents.words import full_date, short_day
from lamplighter.billing.queries.reading_lines import number
from lamplighter.billing.queries.reading_view import BillView, DayUse, RegisterUse

ZERO = Decimal(0)
FULL = 10_000  # the height of the whole scale
LADDER = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
STEPS = 4
LABEL_EVERY = 7
MOST_BARS = 62


def chart(bill: BillView) -> dict[str, Any] | None:
    """Bars of kWh a day: above the line taken from the grid (`estimated` where some of it is), below it sent back;
    `missing` are the days without some readings. Lists are empty where nothing is of a kind. None without intervals."""
    days = bill.daily
    if not days or len(days) > MOST_BARS or not any(day.delivered or day.received for day in days):
        return None
    top = _scale(max(day.delivered for day in days))
    bottom = _scale(max(day.received for day in days))
    step = max(_step(top), _step(bottom))
    top, bottom = _up_to(top, step), _up_to(bottom, step)
    whole = top + bottom
    return {
        "up": [0 if day.estimated else _share(day.delivered, whole) for day in days],
        "estimated": _heights((day.delivered if day.estimated else ZERO for day in days), whole),
        "down": _heights((day.received for day in days), whole),
        "missing": [i for i, day in enumerate(days) if day.missing],
        "labels": [[i, f"{days[i].day:%b %-d}"] for i in range(0, len(days), LABEL_EVERY)],
        "ticks": _ticks(top, bottom, step, whole),
        "zero": _share(bottom, whole),
        "alt": _sentence(days),
    }


def registers(bill: BillView) -> list[list[str]]:
    """Reads of registers: meter and register, two reads, multiplier, use."""
    return [_register(one) for segment in bill.segments for one in segment.use.registers]


def _heights(energy: Iterable[Decimal], whole: Decimal) -> list[int]:
    every = list(energy)
    return [_share(one, whole) for one in every] if any(every) else []


def _ticks(top: Decimal, bottom: Decimal, step: Decimal, whole: Decimal) -> list[list[Any]]:
    """From the top down: how high, and what stands beside it."""
    values = [step * i for i in range(int(top / step), -int(bottom / step) - 1, -1)]
    return [[_share(value + bottom, whole), number(abs(value))] for value in values]


def _sentence(days: Sequence[DayUse]) -> str:
    """What a person sees in the picture, for one who does not."""
    delivered = sum((one.delivered for one in days), Decimal(0))
    received = sum((one.received for one in days), Decimal(0))
    most, least = max(days, key=lambda one: one.delivered), min(days, key=lambda one: one.delivered)
    first, last = full_date(days[0].day), full_date(days[-1].day)
    parts = [
        f"Use by day from {first} to {last}: {_kwh(delivered, 0)} in all, {_kwh(delivered / len(days))} a day.",
        f"Most on {_day(most)}, least on {_day(least)}.",
    ]
    if received:
        parts.append(f"{_kwh(received, 0)} were sent to the grid.")
    if guessed := sum(d.estimated for d in days):
        parts.append(f"{guessed} {'day is' if guessed == 1 else 'days are'} estimated.")
    if gone := sum(d.missing for d in days):
        parts.append(f"{gone} {'day has' if gone == 1 else 'days have'} no readings for a part.")
    return " ".join(parts)


def _day(one: DayUse) -> str:
    return f"{short_day(one.day)} ({_kwh(one.delivered)})"


def _kwh(energy: Decimal, places: int = 1) -> str:
    return f"{number(energy, places)} kWh"


def _register(one: RegisterUse) -> list[str]:
    before = "" if one.from_on is None else f"{one.from_count:,} on {full_date(one.from_on)}"
    factor = "" if one.factor == 1 else f" × {number(one.factor, 6)}"
    mark = " (estimated)" if one.estimated else ""
    used = f"{number(abs(one.used))} {one.unit}{mark}"
    return [f"{one.meter}, {one.register}", before, f"{one.to_count:,} on {full_date(one.to_on)}", factor.strip(), used]


def _scale(highest: Decimal) -> Decimal:
    return max(highest, Decimal(0))


def _step(highest: Decimal) -> Decimal:
    """A round step of which about four reach the highest value."""
    if not highest:
        return Decimal(0)
    rough = highest / STEPS
    power = Decimal(1).scaleb(rough.adjusted())
    return next(rung * power for rung in LADDER if rung * power >= rough)


def _up_to(highest: Decimal, step: Decimal) -> Decimal:
    return (highest / step).to_integral_value(ROUND_CEILING) * step


def _share(value: Decimal, whole: Decimal) -> int:
    return int(value * FULL / whole)
