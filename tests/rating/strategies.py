"""Random tariffs over the whole model, valid as `check` has it, with bills and measured quantities to price on them.

    schedules()                 one version of a schedule, or two that meet in June 2026
    bills_on(versions)          what is known of an account and its service days
    quantities_for(...)         an answer for every ask
    priceable()                 all three: versions, and some bills with their quantities

What the figures say makes no sense; that they can be said together is the point. Prices and quantities are drawn
from coarse grids too, so that half-cents and equal remainders come up.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from lamplighter.kernel.calendars import INDEPENDENCE, MEMORIAL, HolidayCalendar
from lamplighter.kernel.energy import Flow
from lamplighter.kernel.periods import Period
from lamplighter.rating import asks, to_record
from lamplighter.rating.attributes import Amount, Attribute, Choice, Flag
from lamplighter.rating.bill import BillInput, PastBill
from lamplighter.rating.charges import (
    Bands,
    Basis,
    Carry,
    Charge,
    Draw,
    Flat,
    Lines,
    Maximum,
    Minimum,
    Per,
    Percent,
    PerUnit,
    PowerFactor,
    PowerFactorForm,
    PowerFactorRider,
    Price,
    Settle,
    Term,
    Tier,
    TierOrder,
    Tiers,
)
from lamplighter.rating.conditions import ALWAYS, Condition, Every, Is, Not, Some, Within
from lamplighter.rating.determinants import DemandWindow, What
from lamplighter.rating.figures import PERIOD, SEASON, Factor, FactorOf, Figure, Given, Lookup, Sum
from lamplighter.rating.hours import Clock, LikeWeekday, Suspends, TouPeriod, Window
from lamplighter.rating.quantities import (
    ContractDemand,
    Demand,
    Excess,
    LeastDemand,
    MeanWithPast,
    Metered,
    OfAccount,
    OfLines,
    Once,
    Quantity,
    Ratchet,
    RoundTo,
    Step,
)
from lamplighter.rating.reach import quantities_in
from lamplighter.rating.refusals import CannotPrice
from lamplighter.rating.seasons import DaySpan, Season, SeasonRule
from lamplighter.rating.tariff import (
    WHOLE,
    BillKind,
    Change,
    Kind,
    Line,
    Proration,
    Rounding,
    RoundingRule,
    Tariff,
    with_riders,
)

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
    hours_rule: SeasonRule
    codes: list[str] = field(default_factory=list)
    metered: list[str] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)
    banked: bool = False


@st.composite
def figures(draw: st.DrawFn, values: st.SearchStrategy[Decimal], making: Making, *, hours: bool = False) -> Figure:
    """A number, a table by season, TOU period or attribute, a factor, or a sum."""
    kinds = ["given", "given", "given", "heating", "assisted", "sum"]
    kinds += ["season"] if making.seasons else []
    kinds += ["hours", "hours"] if hours and making.clock is not None else []
    match draw(st.sampled_from(kinds)):
        case "heating":
            return _table(draw, values, ("heating",), [("gas",), ("electric",)], unknown=True)
        case "assisted":
            return _table(draw, values, ("assisted",), [("yes",), ("no",)])
        case "season":
            keys = [(heat, season.name) for heat in HEATING.values for season in making.seasons]
            return _table(draw, values, ("heating", SEASON), keys)
        case "hours":
            assert making.clock is not None
            return _table(draw, values, (PERIOD,), [(name,) for name in making.clock.names])
        case "sum":
            return Sum((Given(draw(values)), _table(draw, values, ("exempt",), [("yes",), ("no",)])))
        case _:
            return Given(draw(values))


def _table(
    draw: st.DrawFn,
    values: st.SearchStrategy[Decimal],
    by: tuple[str, ...],
    keys: list[tuple[str, ...]],
    *,
    unknown: bool = False,
) -> Lookup:
    cells: list[tuple[tuple[str, ...], Decimal | None]] = [(key, draw(values)) for key in keys]
    if unknown and draw(st.integers(0, 9)) == 9:
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


STEPS = st.one_of(
    st.none(),
    st.none(),
    st.builds(Step, st.sampled_from([Decimal(1), Decimal("0.1"), Decimal("0.5")]), st.sampled_from(list(RoundTo))),
)


@st.composite
def metered(draw: st.DrawFn, making: Making) -> Metered:
    clock = making.clock
    periods: tuple[str, ...] = ()
    if clock is not None and draw(st.integers(0, 3)) == 3:
        periods = tuple(draw(st.permutations(clock.names)))[: draw(st.integers(1, 2))]
    flow = draw(st.sampled_from([Flow.DELIVERED, Flow.DELIVERED, Flow.RECEIVED]))
    what = draw(st.sampled_from([What.KWH, What.KWH, What.KWH, What.KVARH]))
    losses = draw(st.one_of(st.none(), st.none(), st.just(Given(Decimal("1.015")))))
    return Metered(what, flow, clock, periods, losses=losses, rounded=draw(STEPS))


@st.composite
def demands(draw: st.DrawFn, making: Making, *, plain: bool = False) -> Demand:
    """With ratchets, contract, least and mean; a mean stands first, so that it is one of what was measured."""
    clock, periods = making.clock, ()
    by_hours = clock is not None and draw(st.booleans())
    if clock is None or not by_hours:
        clock = None
    elif draw(st.booleans()):
        periods = (draw(st.sampled_from(clock.names)),)
    daily = not plain and draw(st.integers(0, 9)) == 9
    rules = []
    looks_back = clock is None or making.hours_rule is SeasonRule.DATE
    if not plain and not daily:
        if looks_back and draw(st.integers(0, 4)) == 4:
            rules.append(MeanWithPast(draw(st.integers(1, 12))))
        if looks_back and draw(st.integers(0, 2)) == 2:
            months = draw(st.sampled_from([frozenset(), frozenset({6, 7, 8, 9}), frozenset({1, 4, 12})]))
            rules.append(Ratchet(draw(numbers("0.2", "1", 2)), draw(st.integers(1, 12)), months))
        if draw(st.integers(0, 3)) == 3:
            rules.append(ContractDemand("contract", draw(numbers("0.5", "1", 2))))
        if draw(st.integers(0, 3)) == 3:
            rules.append(LeastDemand(draw(figures(POWER, making))))
    free = draw(figures(numbers("0", "30", 0), making)) if not plain and draw(st.integers(0, 3)) == 3 else None
    losses = Given(Decimal("1.01")) if draw(st.integers(0, 4)) == 4 else None
    what = draw(st.sampled_from([What.KW, What.KW, What.KVA]))
    window = draw(st.sampled_from([DemandWindow(15), DemandWindow(30, 5)]))
    return Demand(what, window, Flow.DELIVERED, clock, periods, daily, tuple(rules), free, losses, draw(STEPS))


@st.composite
def prices(draw: st.DrawFn, values: st.SearchStrategy[Decimal], making: Making, *, hours: bool = False) -> Price:
    if draw(st.integers(0, 5)) == 5:
        whole, part = draw(values), draw(values)
        return Price(Given(whole + part), (("generation", Given(whole)), ("delivery", Given(part))))
    if draw(st.integers(0, 5)) == 5:
        return Price(FactorOf("adjustment"))
    return Price(draw(figures(values, making, hours=hours)))


@st.composite
def steps(
    draw: st.DrawFn,
    limits: st.SearchStrategy[Decimal],
    making: Making,
    *,
    hours: bool,
    values: st.SearchStrategy[Decimal],
) -> tuple[Tier, ...]:
    """Two to four, with rising limits, perhaps by attribute; the last is open."""
    floor, found = Decimal(0), []
    for _ in range(draw(st.integers(1, 3))):
        floor += Decimal("0.5") + draw(limits)
        limit: Figure = Given(floor)
        if draw(st.integers(0, 4)) == 4:
            limit = Lookup(("heating",), ((("gas",), floor), (("electric",), floor + Decimal("0.25"))))
        found.append(Tier(draw(prices(values, making, hours=hours)), limit))
    return (*found, Tier(draw(prices(values, making, hours=hours))))


@st.composite
def energy_charges(draw: st.DrawFn, making: Making) -> PerUnit:
    quantity = draw(metered(making))
    credit = quantity.flow is Flow.RECEIVED
    limits = draw(st.sampled_from([numbers("0", "600", 0), numbers("0", "15", 1)]))
    match draw(st.sampled_from(["flat", "tiers", "tiers", "bands"])):
        case "tiers":
            basis = draw(st.sampled_from(list(Basis)))
            by_kw = basis in {Basis.KW, Basis.KW_DAY}
            orders = [TierOrder.PROPORTIONAL, TierOrder.SEPARATE]
            if not by_kw and quantity.losses is None and quantity.rounded is None:
                orders.append(TierOrder.CHRONOLOGICAL)
            demand = draw(demands(making, plain=True)) if by_kw else None
            found = draw(steps(limits, making, hours=quantity.clock is not None, values=DOLLARS_PER_KWH))
            return PerUnit(quantity, Tiers(found, basis, draw(st.sampled_from(orders)), demand), credit=credit)
        case "bands":
            by: Quantity | PowerFactor = draw(
                st.one_of(metered(making), demands(making), st.just(OfAccount("connected", "kW")), power_factors())
            )
            edges = numbers("0", "0.2", 2).map(lambda n: n - Decimal("0.4")) if isinstance(by, PowerFactor) else limits
            return PerUnit(quantity, Bands(by, draw(steps(edges, making, hours=False, values=DOLLARS_PER_KWH))))
        case _:
            return PerUnit(quantity, Flat(draw(prices(DOLLARS_PER_KWH, making, hours=True))), credit=credit)


def power_factors() -> st.SearchStrategy[PowerFactor]:
    step = st.sampled_from([None, Step(Decimal("0.01")), Step(Decimal("0.001"), RoundTo.UP)])
    return st.builds(PowerFactor, st.sampled_from(["", "factor"]), step)


@st.composite
def demand_charges(draw: st.DrawFn, making: Making) -> PerUnit:
    quantity = draw(demands(making))
    per = draw(st.sampled_from([Per.MONTH, Per.MONTH, Per.UNIT, Per.DAY]))
    match draw(st.sampled_from(["flat", "tiers", "excess"])):
        case "tiers" if not quantity.daily:
            found = draw(steps(numbers("0", "60", 0), making, hours=quantity.clock is not None, values=DOLLARS))
            return PerUnit(quantity, Tiers(found, Basis.BILL, TierOrder.SEPARATE), per)
        case "excess":
            inner = replace(draw(demands(making, plain=True)), what=What.KVAR)
            excess = Excess(inner, draw(numbers("0.1", "1", 2)), draw(demands(making)))
            return PerUnit(excess, Flat(draw(prices(DOLLARS, making))), draw(st.sampled_from([Per.MONTH, Per.DAY])))
        case _:
            return PerUnit(quantity, Flat(draw(prices(DOLLARS, making, hours=quantity.clock is not None))), per)


@st.composite
def fixed_charges(draw: st.DrawFn, making: Making) -> PerUnit:
    quantity: Quantity = Once()
    if draw(st.integers(0, 2)) == 2:
        quantity = OfAccount("connected", "kW", draw(numbers("0", "10", 0)))
    per = draw(st.sampled_from([Per.MONTH, Per.MONTH, Per.DAY, Per.UNIT]))
    return PerUnit(quantity, Flat(draw(prices(DOLLARS, making))), per, credit=draw(st.integers(0, 9)) == 9)


@st.composite
def selections(draw: st.DrawFn, making: Making) -> Lines:
    """All above, those taxable, some codes, or a tag; of lines that stand already."""
    some = tuple(draw(st.lists(st.sampled_from(making.codes), min_size=1, max_size=3, unique=True)))
    but = tuple(draw(st.lists(st.sampled_from(making.codes), max_size=1)))
    kinds = ["above", "taxable", "codes"] + (["tags"] if making.tags else [])
    match draw(st.sampled_from(kinds)):
        case "above":
            return Lines(above=True)
        case "taxable" if len(making.codes) > 1:
            return Lines(codes=some, above=True, taxable=True, but=tuple(code for code in but if code not in some))
        case "tags":
            return Lines(tags=(draw(st.sampled_from(sorted(making.tags))),))
        case _:
            return Lines(codes=some)


@st.composite
def reckoned_charges(draw: st.DrawFn, making: Making) -> Charge:
    of = draw(selections(making))
    match draw(
        st.sampled_from(["percent", "percent", "percent", "rider", "minimum", "maximum", "carry", "draw", "settle"])
    ):
        case "rider":
            form = draw(st.sampled_from(list(PowerFactorForm)))
            per_point = draw(numbers("0.1", "1", 1)) if form is PowerFactorForm.PER_POINT else Decimal(0)
            reference = draw(st.sampled_from([Decimal("0.95"), Decimal("0.85"), Decimal("0.9")]))
            return PowerFactorRider(of, draw(power_factors()), form, reference, per_point, draw(st.booleans()))
        case "minimum":
            if draw(st.integers(0, 3)) == 3:
                return Minimum(of, (Term(Once(), draw(figures(DOLLARS, making)), Per.UNIT),), annual=True)
            return Minimum(of, tuple(draw(st.lists(terms(making), min_size=1, max_size=2))))
        case "maximum":
            return Maximum(of, tuple(draw(st.lists(terms(making), min_size=1, max_size=2))))
        case "carry":
            return Carry(of, "dollars")
        case "draw":
            return Draw(of, "dollars")
        case "settle":
            return Settle(draw(st.sampled_from(["dollars", "kWh"])), draw(figures(numbers("0", "1", 2), making)))
        case _:
            credit = draw(st.booleans())
            return Percent(of, draw(figures(PERCENTS, making)), credit, not credit and draw(st.integers(0, 3)) == 3)


@st.composite
def terms(draw: st.DrawFn, making: Making) -> Term:
    quantity = draw(st.one_of(st.just(Once()), st.just(OfAccount("connected", "kW")), demands(making), metered(making)))
    per = Per.UNIT if isinstance(quantity, Metered) else draw(st.sampled_from(list(Per)))
    values = DOLLARS_PER_KWH if isinstance(quantity, Metered) else DOLLARS
    return Term(quantity, draw(figures(values, making)), per)


@st.composite
def conditions(draw: st.DrawFn, *, told: bool) -> Condition:
    """Mostly none; sometimes on a fact that the account may not tell, unless it must be `told`."""
    found: list[Condition] = [
        Is("heating", frozenset({"electric"})),
        Is("assisted", frozenset({"yes"})),
        Within("contract", Decimal(30), Decimal(50)),
    ]
    if not told:
        found += [Is("service", frozenset({"large"})), Within("connected", Decimal(5))]
    plain = st.sampled_from(found)
    return draw(
        st.one_of(
            st.just(ALWAYS),
            st.just(ALWAYS),
            st.just(ALWAYS),
            plain,
            plain.map(Not),
            st.lists(plain, max_size=2).map(lambda found: Every(tuple(found))),
            st.lists(plain, min_size=1, max_size=2).map(lambda found: Some(tuple(found))),
        )
    )


PRORATIONS = st.sampled_from(
    [
        None,
        None,
        WHOLE,
        Proration(Decimal(30)),
        Proration(Decimal(30), (27, 33)),
        Proration(Decimal("30.4167"), (25, 35), True),
    ]
)


@st.composite
def lines(draw: st.DrawFn, making: Making) -> Line:
    """One more line, which may refer to those before it."""
    code = f"line {len(making.codes) + 1}"
    kinds = ["fixed", "energy", "energy", "demand"] + (["reckoned"] * 4 if making.codes else [])
    kinds += ["again"] if making.metered else []
    kinds += ["net"] if making.clock is not None or not making.banked else []
    kind = draw(st.sampled_from(kinds))
    match kind:
        case "fixed":
            charge: Charge = draw(fixed_charges(making))
        case "energy":
            charge = draw(energy_charges(making))
        case "demand":
            charge = draw(demand_charges(making))
        case "net":
            shape = Flat(Price(Given(draw(DOLLARS_PER_KWH))))
            hours = (draw(st.sampled_from(making.clock.names)),) if making.clock is not None else ()
            net = Metered(flow=Flow.NET, clock=making.clock, periods=hours, bank="kWh", rounded=draw(STEPS))
            charge, making.banked = PerUnit(net, shape), True
        case "again":
            codes = tuple(draw(st.lists(st.sampled_from(making.metered), min_size=1, max_size=2, unique=True)))
            charge = PerUnit(OfLines(codes, "kWh"), Flat(Price(Given(draw(DOLLARS_PER_KWH)))))
        case _:
            charge = draw(reckoned_charges(making))
    tags = draw(st.sampled_from([(), (), ("energy",), ("energy", "other")])) if kind != "reckoned" else ()
    tax = kind == "reckoned" and isinstance(charge, Percent)
    line = Line(code, code.capitalize(), charge, tags=tags, taxable=draw(st.integers(0, 3)) != 3)
    line = replace(line, declared=Kind.TAX if tax and draw(st.booleans()) else None)
    if kind != "again":
        line = draw(limited(line, making))
    making.codes.append(code)
    making.tags.update(tags)
    if isinstance(charge, PerUnit) and isinstance(charge.quantity, Metered):
        making.metered.append(code)
    return line


@st.composite
def limited(draw: st.DrawFn, line: Line, making: Making) -> Line:
    """The line by season, by condition, by date; prorated and rounded in its own way; meeting changes in its own."""
    if making.seasons and draw(st.integers(0, 4)) == 4:
        line = replace(line, season=draw(st.sampled_from([season.name for season in making.seasons])))
    if draw(st.integers(0, 9)) == 9:
        start = draw(st.dates(date(2026, 5, 20), date(2026, 6, 30)))
        line = replace(line, valid=Period(start, draw(st.sampled_from([None, start + timedelta(days=20)]))))
    changes = [Change.SPLIT, Change.SPLIT, Change.SPLIT, Change.START, Change.END]
    return replace(
        line,
        when=draw(conditions(told=bool(line.season))),
        prorate=draw(PRORATIONS),
        change=draw(st.sampled_from(changes)),
        rounded=draw(st.integers(0, 5)) == 5,
    )


ROUNDINGS = st.sampled_from(
    [
        Rounding(RoundingRule.ONCE, stated=True),
        Rounding(RoundingRule.EACH_LINE, stated=True),
        Rounding(RoundingRule.EACH_LINE, stated=True, tax_on_rounded=True),
    ]
)


@st.composite
def tariffs(draw: st.DrawFn, most_lines: int = 6) -> Tariff:
    """One version of a schedule, perhaps with a rider's lines in it."""
    seasons = draw(st.sampled_from([(), (SUMMER, WINTER)]))
    rule = draw(st.sampled_from(list(SeasonRule)))
    hours_rule = draw(st.sampled_from([SeasonRule.DATE, rule])) if seasons else SeasonRule.DATE
    clock = draw(st.one_of(st.none(), clocks(seasons)))
    making = Making(seasons, clock, hours_rule)
    found = tuple(draw(lines(making)) for _ in range(draw(st.integers(1, most_lines))))
    changed = draw(st.dates(date(2026, 5, 20), date(2026, 7, 10)))
    tariff = Tariff(
        "Test City",
        "T",
        "Test",
        Period(FIRST, END),
        found,
        draw(ROUNDINGS),
        attributes=ATTRIBUTES,
        not_together=(("exempt", "assisted"),),
        factors=(Factor("adjustment", ((FIRST, draw(DOLLARS_PER_KWH)), (changed, draw(DOLLARS_PER_KWH)))),),
        seasons=seasons,
        season_rule=rule,
        hours_rule=hours_rule,
        clocks=() if clock is None else (clock,),
        proration=draw(PRORATIONS) or WHOLE,
    )
    return with_riders(tariff, draw(riders())) if draw(st.integers(0, 5)) == 5 else tariff


@st.composite
def riders(draw: st.DrawFn) -> Tariff:
    making = Making((), None, SeasonRule.DATE)
    line = replace(draw(lines(making)), code="rider", label="Rider", season="")
    factors = (Factor("adjustment", ((FIRST, Decimal("0.01")),)),)
    return Tariff(
        "Test City", "R", "Rider", Period(FIRST, END), (line,), draw(ROUNDINGS), rider=True, factors=factors,
        attributes=ATTRIBUTES,
    )  # fmt: skip


@st.composite
def schedules(draw: st.DrawFn) -> tuple[Tariff, ...]:
    """One version, or two of which the later has other prices, and perhaps another proration or a line more."""
    tariff = draw(tariffs())
    if draw(st.booleans()):
        return (tariff,)
    changed = tuple(draw(repriced(line)) for line in tariff.lines)
    added = Line("added", "Added", PerUnit(Once(), Flat(Price(Given(draw(DOLLARS)))), Per.MONTH))
    if draw(st.integers(0, 3)) == 3 and not any(line.change is Change.START for line in changed):
        changed = (added, *changed) if draw(st.booleans()) else (*changed, added)
    later = replace(tariff, valid=Period(CHANGE, END), lines=changed, rounding=draw(ROUNDINGS))
    if not any(isinstance(quantity, OfLines) for line in changed for quantity in quantities_in(line)):
        later = replace(later, proration=draw(PRORATIONS) or tariff.proration)
    return replace(tariff, valid=Period(FIRST, CHANGE)), later


@st.composite
def repriced(draw: st.DrawFn, line: Line) -> Line:
    """Perhaps with another price or rate."""
    if draw(st.booleans()):
        return line
    match line.charge:
        case PerUnit(quantity=quantity, shape=Flat(price=Price(dollars=Given()))) as charge if not isinstance(
            quantity, OfLines
        ):
            return replace(line, charge=replace(charge, shape=Flat(Price(Given(draw(DOLLARS_PER_KWH))))))
        case Percent(rate=Given()) as charge:
            return replace(line, charge=replace(charge, rate=Given(draw(PERCENTS))))
        case PerUnit(shape=Tiers() as shape) as charge:
            dearer = replace(shape.tiers[-1], price=Price(Given(draw(DOLLARS_PER_KWH))))
            return replace(line, charge=replace(charge, shape=replace(shape, tiers=(*shape.tiers[:-1], dearer))))
        case _:
            return line


@st.composite
def bills_on(draw: st.DrawFn, versions: tuple[Tariff, ...]) -> BillInput:
    """A bill around May and June 2026, mostly of about a month."""
    start = draw(st.dates(date(2026, 4, 20), date(2026, 6, 20)))
    days = draw(st.one_of(st.integers(28, 33), st.integers(1, 70)))
    period = Period(start, start + timedelta(days=days))
    peaks = to_record(versions[-1])
    months = [date(2026 - (month > 6), month, 1) for month in range(1, 13)]
    past = tuple(
        PastBill(month, {own.key: draw(POWER) for own in peaks})
        for month in months
        if peaks and draw(st.integers(0, 20)) < 20
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
    return {ask: draw(_answer(ask)) for ask in wanted}


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
def priceable(draw: st.DrawFn, most: int = 4) -> tuple[tuple[Tariff, ...], list[tuple[BillInput, dict]]]:
    """Versions of a schedule, with some bills and their quantities."""
    versions = draw(schedules())
    bills = draw(st.lists(bills_on(versions), min_size=1, max_size=most))
    return versions, [(bill, draw(quantities_for(versions, bill))) for bill in bills]
