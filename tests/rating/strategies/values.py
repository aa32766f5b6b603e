"""Numbers, figures and clocks that random tariffs are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from lamplighter.kernel.calendars import INDEPENDENCE, MEMORIAL, HolidayCalendar
from lamplighter.rating.attributes import Amount, Attribute, Choice, Flag
from lamplighter.rating.figures import PERIOD, SEASON, Figure, Given, Lookup, Sum
from lamplighter.rating.hours import Clock, LikeWeekday, Suspends, TouPeriod, Window
from lamplighter.rating.seasons import DaySpan, Season

FIRST, CHANGE, END = date(2025, 1, 1), date(2026, 6, 15), date(2028, 1, 1)
SUMMER = Season("summer", (DaySpan((6, 1), (9, 30)),))
WINTER = Season("winter", (DaySpan((10, 1), (5, 31)),))
HEATING = Choice("heating", "Heating", ("gas", "electric"), "gas")
SERVICE = Choice("service", "Service size", ("small", "large"))
EXEMPT = Flag("exempt", "Exempt", False)
ASSISTED = Flag("assisted", "Assisted", False)
CONNECTED = Amount("connected", "Connected load", "kW")
CONTRACT = Amount("contract", "Contract demand", "kW", Decimal(40))
FACTOR = Amount("factor", "Power factor", "")
ATTRIBUTES: tuple[Attribute, ...] = (HEATING, SERVICE, EXEMPT, ASSISTED, CONNECTED, CONTRACT, FACTOR)


def numbers(low: str, high: str, places: int = 2) -> st.SearchStrategy[Decimal]:
    """Decimals of so many places; shrinks to the least."""
    scale = 10**places
    whole = st.integers(int(Decimal(low) * scale), int(Decimal(high) * scale))
    return whole.map(lambda n: Decimal(n).scaleb(-places))


DOLLARS_PER_KWH = st.one_of(numbers("0", "0.4", 3), numbers("0", "0.4", 5), numbers("0", "0.3", 18))
DOLLARS = st.one_of(numbers("0", "30", 2), numbers("0", "30", 3))
PERCENTS = st.one_of(numbers("0", "40", 1), numbers("0", "20", 4))
ENERGY = st.one_of(numbers("0", "2000", 0), numbers("0", "900", 1), numbers("0", "90000", 3))
POWER = st.one_of(numbers("0", "90", 0), numbers("0", "700", 2))


@dataclass(slots=True)
class Making:
    """What lines may refer to: the tariff's calendar, and the lines and tags that stand already."""

    seasons: tuple[Season, ...]
    clock: Clock | None
    codes: list[str] = field(default_factory=list)
    taxed: list[str] = field(default_factory=list)
    counted: dict[str, list[str]] = field(default_factory=dict)  # codes that bill kWh, kW, or a number
    tags: set[str] = field(default_factory=set)
    banked: bool = False


@st.composite
def figures(draw: st.DrawFn, values: st.SearchStrategy[Decimal], making: Making, *, hours: bool = False) -> Figure:
    """A number, a table by season, TOU period or attribute, a factor, or a sum."""
    kinds = ["given", "given", "given", "heating", "assisted", "sum"]
    kinds += ["season"] if making.seasons else []
    kinds += ["hours"] * 4 if hours and making.clock is not None else []
    match draw(st.sampled_from(kinds)):
        case "heating":
            return _table(draw, values, ("heating",), [("gas",), ("electric",)], unknown=True)
        case "assisted":
            return _table(draw, values, ("assisted",), [("yes",), ("no",)])
        case "season":
            keys = [(heat, season.name) for heat in HEATING.values for season in making.seasons]
            return _table(draw, values, ("heating", SEASON), keys)
        case "hours":
            return draw(by_hours(values, making))
        case "sum":
            return Sum((Given(draw(values)), _table(draw, values, ("exempt",), [("yes",), ("no",)])))
        case _:
            return Given(draw(values))


@st.composite
def by_hours(draw: st.DrawFn, values: st.SearchStrategy[Decimal], making: Making) -> Lookup:
    assert making.clock is not None, "a clock whose periods there are"
    return _table(draw, values, (PERIOD,), [(name,) for name in making.clock.names])


def _table(
    draw: st.DrawFn,
    values: st.SearchStrategy[Decimal],
    by: tuple[str, ...],
    keys: list[tuple[str, ...]],
    *,
    unknown: bool = False,
) -> Lookup:
    cells: list[tuple[tuple[str, ...], Decimal | None]] = [(key, draw(values)) for key in keys]
    if unknown and draw(st.integers(0, 5)) == 5:
        cells[-1] = (cells[-1][0], None)
    return Lookup(by, tuple(cells))


@st.composite
def clocks(draw: st.DrawFn, seasons: tuple[Season, ...]) -> Clock:
    """Peak and the rest, perhaps a shoulder; hours perhaps by season; holidays perhaps."""
    days = draw(st.sampled_from([frozenset(range(5)), frozenset(range(6)), frozenset(range(7))]))
    start = draw(st.integers(10, 18)) * 60 + draw(st.sampled_from([0, 30]))
    if seasons and draw(st.booleans()):
        windows = (Window(start, start + 240, days, seasons[:1]), Window(start + 60, start + 180, days, seasons[1:]))
    else:
        windows = (Window(start, start + 240, days),)
    periods = [TouPeriod("peak", "Peak", windows)]
    if draw(st.booleans()):
        periods.append(TouPeriod("night", "Night", (Window(22 * 60 + 30, 6 * 60),)))
    periods.append(TouPeriod("off", "Off-peak"))
    rule = draw(st.sampled_from([None, Suspends(frozenset({"peak"}), "off"), LikeWeekday(6)]))
    holidays = HolidayCalendar((MEMORIAL, INDEPENDENCE)) if rule else HolidayCalendar()
    return Clock("hours", tuple(periods), holidays, rule)
