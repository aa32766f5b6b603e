"""Random accounts, bills and measured quantities."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from lamplighter.kernel.energy import Flow
from lamplighter.kernel.periods import Period
from lamplighter.rating import asks, asks_after, to_record
from lamplighter.rating.bill import BillInput, PastBill
from lamplighter.rating.determinants import What
from lamplighter.rating.refusals import CannotPrice
from lamplighter.rating.tariff import (
    BillKind,
    Tariff,
)
from tests.rating.strategies.schedules import schedules
from tests.rating.strategies.values import CHANGE, DOLLARS, ENERGY, POWER, numbers


@st.composite
def bills_on(draw: st.DrawFn, versions: tuple[Tariff, ...]) -> BillInput:
    """A bill around May and June 2026, mostly of about a month."""
    days = draw(st.one_of(st.sampled_from([25, 27, 30, 31, 33, 35]), st.integers(1, 70)))
    notable = st.sampled_from([date(2026, 6, 1), CHANGE, CHANGE - timedelta(days=1)])
    end = draw(st.one_of(notable, st.dates(date(2026, 5, 22), date(2026, 7, 20))))
    period = Period(end - timedelta(days=days), end)
    peaks = list(dict.fromkeys(own.key for version in versions for own in to_record(version)))
    months = [date(2026 - (month > 6), month, 1) for month in range(1, 13)]
    past = tuple(
        PastBill(month, {key: draw(POWER) for key in peaks})
        for month in months
        for _ in range(draw(st.sampled_from([0, *[1] * 18, 2])) if peaks else 0)
    )
    return BillInput(
        period,
        draw(accounts()),
        draw(st.sampled_from([None, None, period.start, date(2026, 5, 1)])),
        draw(st.sampled_from([BillKind.REGULAR, BillKind.REGULAR, *BillKind])),
        past,
        draw(st.sampled_from([None, date(2026, 3, 17), date(2026, 5, 2)])),
        draw(st.fixed_dictionaries({}, optional={"dollars": DOLLARS, "kWh": ENERGY})),
        draw(st.booleans()),
        draw(numbers("0", "300", 2)),
        draw(st.booleans()),
    )


@st.composite
def accounts(draw: st.DrawFn) -> dict[str, object]:
    """Facts as an account tells them; now and then one is missing, in wrong words, or excluded by another."""
    told: dict[str, object] = {
        "heating": draw(st.sampled_from(["gas", "electric"])),
        "service": draw(st.sampled_from(["small", "large"])),
        "assisted": draw(st.sampled_from([True, False, "yes", "no"])),
        "connected": draw(st.one_of(numbers("0", "40", 1), st.integers(0, 40))),
        "factor": draw(st.one_of(numbers("0.6", "1", 2), numbers("0.7", "1", 6))),
        "hair": "red",
    }
    if draw(st.booleans()):
        told["contract"] = draw(numbers("20", "60", 2))
    match draw(st.integers(0, 30)):
        case 30:
            told["heating"] = "wood"
        case 29:
            told["exempt"] = "yes"
        case 28:
            told["factor"] = Decimal("1.01")
        case n if n > 20:
            del told[draw(st.sampled_from(sorted(told)))]
        case _:
            pass
    return told


@st.composite
def quantities_for(draw: st.DrawFn, versions: tuple[Tariff, ...], bill: BillInput) -> dict:
    """An answer for every ask of the bill; none if the bill is refused already."""
    try:
        wanted = asks(versions, bill)
    except CannotPrice:
        return {}
    answers = {ask: draw(_answer(ask)) for ask in wanted}
    try:
        return answers | {ask: draw(_answer(ask)) for ask in asks_after(versions, bill, answers)}
    except CannotPrice:
        return answers


def _answer(ask) -> st.SearchStrategy[Decimal]:
    what = ask.determinant.what
    if what is What.POWER_FACTOR:
        return st.one_of(numbers("0.7", "1", 3), numbers("0.5", "1", 12))
    if what.is_demand:
        return POWER
    if ask.determinant.flow is Flow.NET:
        return numbers("-900", "900", 1)
    return ENERGY


@st.composite
def priceable(draw: st.DrawFn, most: int = 6) -> tuple[tuple[Tariff, ...], list[tuple[BillInput, dict]]]:
    """Versions of a schedule, with some bills and their quantities."""
    versions = draw(schedules())
    bills = draw(st.lists(bills_on(versions), min_size=2, max_size=most))
    return versions, [(bill, draw(quantities_for(versions, bill))) for bill in bills]
