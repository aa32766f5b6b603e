"""The lines that a URDB record's tables and charges become."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Context, Decimal

from lamplighter.kernel.energy import Flow
from lamplighter.rating.charges import Basis, Flat, Lines, Minimum, Per, PerUnit, Price, Term, TierOrder
from lamplighter.rating.determinants import AS_METERED, DemandWindow, What
from lamplighter.rating.figures import SEASON, Given, Lookup
from lamplighter.rating.hours import Clock
from lamplighter.rating.quantities import Demand, Metered, OfAccount, Once, Ratchet
from lamplighter.rating.tariff import Citation, Kind, Line
from lamplighter.rating.urdb.records import Record, number
from lamplighter.rating.urdb.tables import DEAREST, Refusals, UrdbPeriods, clock, schedule, shape, structure

LONG = Context(prec=40)
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
BASES = {"": Basis.MONTH, "kwh": Basis.MONTH, "kwh daily": Basis.DAY, "kwh/kw": Basis.KW, "kwh/kw daily": Basis.KW_DAY}
POWER = {"": What.KW, "kw": What.KW, "kva": What.KVA, "kw daily": What.KW, "kva daily": What.KVA}
NET_BILLING = {"net billing instantaneous", "net billing hourly", "buy all sell all"}


def fixed_lines(record: Record, notes: Refusals, *, sam: bool) -> Iterator[Line]:
    """The customer charge, and that of each further meter."""
    field = "fixedchargefirstmeter" if "fixedchargefirstmeter" in record else "fixedmonthlycharge"
    unit = str(record.get("fixedchargeunits", "$/month")) if field == "fixedchargefirstmeter" else "$/month"
    charge = _charge(record, field, notes)
    if charge:
        price, per = _per(charge, unit, "fixedchargeunits", notes, sam=sam)
        once = PerUnit(Once(), Flat(Price(Given(price))), per)
        yield Line("fixed", "Fixed charge", once, citation=Citation(clause=field))
    further = _charge(record, "fixedchargeeaaddl", notes)
    if further:
        price, per = _per(further, unit, "fixedchargeunits", notes, sam=sam)
        meters = OfAccount("meters", "meter", Decimal(1))
        yield Line("additional_meters", "Each additional meter", PerUnit(meters, Flat(Price(Given(price))), per))


def energy_lines(record: Record, notes: Refusals, *, sam: bool) -> Iterator[tuple[Line, Clock | None]]:
    """Energy by period and tier, what is paid for energy sent back, and monthly fuel adjustments."""
    periods = structure(record, "energyratestructure", notes)
    fuel = _monthly(record, "fueladjustmentsmonthly", notes)
    if fuel is not None and any(fuel):
        charge = PerUnit(Metered(), Flat(Price(_by_month(fuel))))
        yield Line("fuel", "Fuel adjustment", charge, citation=Citation(clause="fueladjustmentsmonthly")), None
    if not periods:
        return
    tables = schedule(record, "energy", periods, notes)
    if notes.failed():
        return
    hours = None if tables is None else clock("energy", *tables, _labels(record, "energytoulabels"))
    used = _used(hours, tables[0][0][0] if tables else 0)
    basis = _basis(periods, used, notes)
    rules = str(record.get("dgrules", "")).strip().lower()
    order = TierOrder.CHRONOLOGICAL if rules in NET_BILLING and hours is not None else TierOrder.PROPORTIONAL
    window = AS_METERED if sam else _window(record, notes)
    demand = Demand(window=window, rules=_ratchets(record, notes)) if _by_kw(basis) else None
    price = shape(periods, used, lambda tier: tier.rate, basis=basis, order=order, demand=demand)
    cited = Citation(clause="energyratestructure")
    yield Line("energy", "Energy", PerUnit(Metered(clock=hours), price), citation=cited), hours
    if rules in NET_BILLING and any(tier.sell for period in used for tier in periods[period]):
        paid = shape(periods, used, lambda tier: tier.sell, basis=basis, order=order, demand=demand)
        sent = Metered(flow=Flow.RECEIVED, clock=hours)
        charge = PerUnit(sent, paid, credit=True)
        yield Line("export", "Energy sent back", charge, citation=cited, declared=Kind.EXPORT), hours


def demand_lines(record: Record, notes: Refusals, *, sam: bool) -> Iterator[tuple[Line, Clock | None]]:
    """Demand by month, demand by period of the day, and reactive demand."""
    window = AS_METERED if sam else _window(record, notes)
    yield from ((line, None) for line in _flat_demand(record, notes, window))
    yield from _tou_demand(record, notes, window)
    reactive = _charge(record, "demandreactivepowercharge", notes)
    if reactive:
        charge = PerUnit(Demand(What.KVAR, window), Flat(Price(Given(reactive))), Per.MONTH)
        cited = Citation(clause="demandreactivepowercharge")
        yield Line("reactive", "Reactive demand", charge, citation=cited, declared=Kind.DEMAND), None


def minimum_lines(record: Record, notes: Refusals, *, sam: bool) -> Iterator[Line]:
    """Minimum charges: by the month or day, and by the year."""
    unit = str(record.get("minchargeunits", "$/month")).strip().lower()
    least, annual = _charge(record, "mincharge", notes), _charge(record, "annualmincharge", notes)
    if least and unit == "$/year":
        least, annual = Decimal(0), least
    if not least:
        least, unit = _charge(record, "minmonthlycharge", notes), "$/month"
    if least:
        price, per = _per(least, unit, "minchargeunits", notes, sam=sam)
        terms = (Term(Once(), Given(price), per),)
        yield Line("minimum", "Minimum charge", Minimum(Lines(above=True), terms))
    if annual:
        terms = (Term(Once(), Given(annual), Per.UNIT),)
        yield Line("annual_minimum", "Annual minimum charge", Minimum(Lines(above=True), terms, annual=True))


def _flat_demand(record: Record, notes: Refusals, window: DemandWindow) -> Iterator[Line]:
    periods = structure(record, "flatdemandstructure", notes)
    if not periods:
        return
    months = _monthly(record, "flatdemandmonths", notes)
    if months is None:
        if len(periods) > 1:
            message = f"There are {len(periods)} demand periods, but flatdemandmonths does not say when."
            notes.refuse("flatdemandmonths", "schedule", message)
        months = [Decimal(0)] * 12
    used = [int(month) for month in months]
    for dead in sorted(set(used) - set(range(len(periods)))):
        message = f"flatdemandmonths names period {dead}, which has no structure."
        notes.refuse("flatdemandmonths", "dead_reference", message)
    demand = _demand(record, "flatdemandunit", periods, notes, window)
    if notes.failed() or demand is None:
        return
    one = len(set(used)) == 1
    price = shape(
        periods,
        used[:1] if one else used,
        lambda tier: tier.rate,
        basis=Basis.BILL,
        order=TierOrder.SEPARATE,
        key=SEASON,
        words=() if one else MONTH_NAMES,
    )
    demand = Demand(demand.what, demand.window, daily=demand.daily, rules=_ratchets(record, notes))
    cited = Citation(clause="flatdemandstructure")
    yield Line("demand", "Demand", PerUnit(demand, price, Per.MONTH), citation=cited, declared=Kind.DEMAND)


def _tou_demand(record: Record, notes: Refusals, window: DemandWindow) -> Iterator[tuple[Line, Clock | None]]:
    periods = structure(record, "demandratestructure", notes)
    if not periods:
        return
    tables = schedule(record, "demand", periods, notes)
    demand = _demand(record, "demandrateunit", periods, notes, window)
    if notes.failed() or demand is None:
        return
    if _ratchets(record, notes) and "flatdemandstructure" not in record:
        message = "A look-back on time-of-use demand cannot be priced: the record does not say in which period."
        notes.refuse("lookbackpercent", "lookback", message)
    if _ratchets(record, notes):
        message = "The look-back is put on the monthly demand, not on time-of-use demand."
        notes.warn("lookbackpercent", "lookback", message)
    hours = None if tables is None else clock("demand", *tables, _labels(record, "demandtoulabels"))
    used = _used(hours, tables[0][0][0] if tables else 0)
    price = shape(periods, used, lambda tier: tier.rate, basis=Basis.BILL, order=TierOrder.SEPARATE)
    own = Demand(demand.what, demand.window, clock=hours, daily=demand.daily)
    cited = Citation(clause="demandratestructure")
    line = Line(
        "tou_demand", "Time-of-use demand", PerUnit(own, price, Per.MONTH), citation=cited, declared=Kind.TOU_DEMAND
    )
    yield line, hours


def _demand(record: Record, field: str, periods: UrdbPeriods, notes: Refusals, window: DemandWindow) -> Demand | None:
    """What kind of demand is charged: kW or kVA, of the month or of each day."""
    units = {str(record.get(field, "")).strip().lower(), *(tier.unit for tiers in periods for tier in tiers)} - {""}
    unit = next(iter(units), "")
    if len(units) > 1 or unit not in POWER:
        named = " and ".join(sorted(units))
        message = f"Demand in {named} cannot be priced: kW and kVA are metered."
        notes.refuse(field, "unit", message, "Horsepower and other units are not converted.")
        return None
    return Demand(POWER[unit], window, daily=unit.endswith("daily"))


def _ratchets(record: Record, notes: Refusals) -> tuple[Ratchet, ...]:
    """Look-backs: a percentage of the highest demand of the months flagged, or of the last `lookbackrange` months."""
    percent, back = _charge(record, "lookbackpercent", notes), int(_charge(record, "lookbackrange", notes))
    months = _monthly(record, "lookbackmonths", notes)
    if percent > 1:
        notes.warn("lookbackpercent", "lookback", f"{percent} is taken to be a percentage.")
        percent = percent / 100
    if percent:
        flags = frozenset(i for i, flag in enumerate(months or [], start=1) if flag)
        if back and flags:
            notes.refuse("lookbackrange", "lookback", "A look-back has flagged months or a range of months, not both.")
        if months is not None and not flags and not back:
            return ()
        return (Ratchet(percent, back or 12, flags),)
    old = _monthly(record, "demandratchetpercentage", notes)
    shares = {share / 100 if share > 1 else share for share in old or () if share}
    return tuple(
        Ratchet(share, 12, frozenset(i for i, one in enumerate(old or (), start=1) if one in (share, share * 100)))
        for share in sorted(shares)
    )


def _basis(periods: UrdbPeriods, used: list[int], notes: Refusals) -> Basis:
    """What tier limits are for. Where no period has two tiers the unit does not matter."""
    units = {tier.unit for period in used if len(periods[period]) > 1 for tier in periods[period]}
    for unit in sorted({tier.unit for tiers in periods for tier in tiers} - set(BASES)):
        notes.refuse("energyratestructure", "unit", f"“{unit}” is not a unit of energy tiers.")
    bases = {BASES.get(unit, Basis.MONTH) for unit in units}
    if len(bases) > 1:
        named = ", ".join(sorted(unit or "kwh" for unit in units))
        notes.refuse("energyratestructure", "unit", f"Tiers of several units in one table ({named}) cannot be priced.")
    return next(iter(bases), Basis.MONTH)


def _per(charge: Decimal, unit: str, field: str, notes: Refusals, *, sam: bool) -> tuple[Decimal, Per]:
    """Dollars and the time they are for. SAM turns a day into 365/12 of a month; we count days."""
    match unit.strip().lower():
        case "$/month":
            return charge, Per.MONTH
        case "$/year":
            return LONG.divide(charge, Decimal(12)), Per.MONTH
        case "$/day" if sam:
            return LONG.divide(charge * 365, Decimal(12)), Per.MONTH
        case "$/day":
            return charge, Per.DAY
        case _:
            notes.refuse(field, "unit", f"“{unit}” is not a unit of a fixed charge.", "Known: $/day, $/month, $/year.")
            return charge, Per.MONTH


def _charge(record: Record, field: str, notes: Refusals) -> Decimal:
    if field not in record:
        return Decimal(0)
    found = number(record[field])
    if found is None or abs(found) >= DEAREST:
        notes.refuse(field, "number", f"{record[field]!s} is not a number that a rate could have.")
        return Decimal(0)
    return found


def _monthly(record: Record, field: str, notes: Refusals) -> list[Decimal] | None:
    """Twelve numbers; None when the record has no such field."""
    value = record.get(field)
    if value is None:
        return None
    found = [number(item) for item in value] if isinstance(value, list) else []
    if len(found) != 12 or any(item is None or abs(item) >= DEAREST for item in found):
        notes.refuse(field, "shape", f"{field} is not a list of 12 numbers.")
        return None
    return [item for item in found if item is not None]


def _by_month(values: list[Decimal]) -> Given | Lookup:
    if len(set(values)) == 1:
        return Given(values[0])
    return Lookup((SEASON,), tuple(((name,), value) for name, value in zip(MONTH_NAMES, values, strict=True)))


def _labels(record: Record, field: str) -> list[str]:
    value = record.get(field)
    return [str(label) for label in value] if isinstance(value, list) else []


def _used(hours: Clock | None, only: int) -> list[int]:
    return [only] if hours is None else [int(name) for name in hours.names]


def _window(record: Record, notes: Refusals) -> DemandWindow:
    minutes = int(_charge(record, "demandwindow", notes))
    return DemandWindow(minutes) if minutes else AS_METERED


def _by_kw(basis: Basis) -> bool:
    return basis in {Basis.KW, Basis.KW_DAY}
