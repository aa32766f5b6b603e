"""Read `[[line]]` tables: one sentence of the rate book each."""

from __future__ import annotations

from decimal import Decimal

from lamplighter.kernel.periods import Period
from lamplighter.rating.charges import (
    Carry,
    Charge,
    Draw,
    Lines,
    Maximum,
    Minimum,
    Per,
    Percent,
    PowerFactor,
    PowerFactorForm,
    PowerFactorRider,
    Settle,
    Term,
)
from lamplighter.rating.figures import Given
from lamplighter.rating.files.conditions import condition
from lamplighter.rating.files.figures import Known, figure
from lamplighter.rating.files.prices import per_unit, unit_for
from lamplighter.rating.files.quantities import quantity, rounded
from lamplighter.rating.files.tables import Table
from lamplighter.rating.tariff import WHOLE, Change, Citation, Kind, Line, Proration

WORDS = ("percent", "reference", "minimum", "maximum", "carry_in", "draw_from", "settle")
ABOVE = {"all above": Lines(above=True), "taxable above": Lines(above=True, taxable=True)}


def line(table: Table, known: Known) -> Line:
    """One line, with everything that it says; what it does not say is as the tariff's defaults."""
    code = table.text("code")
    found = Line(
        code,
        table.text("label", code),
        _charge(table, known),
        season=_season(table, known),
        when=condition(table, known),
        valid=_valid(table),
        prorate=_proration(table),
        change=table.word("at_change", Change, Change.SPLIT),
        tags=table.words("tags"),
        taxable=table.truth("taxable", default=True),
        rounded=table.truth("rounded"),
        gl=table.text("gl", ""),
        fund=table.text("fund", ""),
        citation=citation(table),
        declared=table.word("kind", Kind, Kind.FIXED) if "kind" in table else None,
    )
    table.close()
    return found


def citation(table: Table) -> Citation:
    return Citation(table.text("source", ""), table.text("clause", ""))


def proration(table: Table) -> Proration:
    """`month_days`, `regular_days = [27, 33]`, `opening_and_closing`."""
    days = table.number("month_days")
    if days <= 0:
        table.wrong("month_days", f"A month of {days} days.", "Write 30, or 30.4167.")
        days = Decimal(30)
    window = table.raw("regular_days")
    regular = None
    if window is not None:
        match window:
            case [int() as low, int() as high] if 0 < low <= high:
                regular = (low, high)
            case _:
                table.wrong("regular_days", f"{window!s} is not a window of days.", "Write [27, 33].")
    found = Proration(days, regular, table.truth("opening_and_closing"))
    table.close()
    return found


def selection(table: Table, name: str = "of") -> Lines:
    """Which other lines: a list of codes, "all above", "taxable above", or a table of codes, tags and exceptions."""
    value = table.raw(name)
    match value:
        case str() if value in ABOVE:
            return ABOVE[value]
        case str():
            return Lines(codes=(value,))
        case list():
            return Lines(codes=table.words(name))
        case dict():
            inner = Table(value, (*table.path, name), table.notes)
            above = inner.text("lines", "")
            if above and above not in ABOVE:
                inner.unknown("lines", above, list(ABOVE))
            base = ABOVE.get(above, Lines())
            found = Lines(inner.words("codes"), inner.words("tags"), base.above, base.taxable, inner.words("but"))
            inner.close()
            return found
        case _:
            remedy = 'Write of = ["energy", "demand"], or of = "all above".'
            table.notes.add((*table.path, name), "missing", f"{name} says which lines this is reckoned on.", remedy)
            return Lines()


def _charge(table: Table, known: Known) -> Charge:
    """What the line charges, by the word that says so."""
    one = Given(Decimal(1))
    charge: Charge
    match next((word for word in WORDS if word in table), ""):
        case "percent":
            rate = figure(table, "percent", known) or one
            charge = Percent(selection(table), rate, table.truth("credit"), table.truth("gross_up"))
        case "reference":
            charge = _rider(table)
        case "minimum":
            charge = Minimum(selection(table), _terms(table, "minimum", known), table.truth("annual"))
        case "maximum":
            charge = Maximum(selection(table), _terms(table, "maximum", known))
        case "carry_in":
            charge = Carry(selection(table), table.text("carry_in"))
        case "draw_from":
            charge = Draw(selection(table), table.text("draw_from"))
        case "settle":
            charge = Settle(table.text("settle"), figure(table, "price", known) or one)
        case _:
            charge = per_unit(table, known)
    return charge


def _rider(table: Table) -> PowerFactorRider:
    reference = table.number("reference")
    if not 0 < reference <= 1:
        table.wrong("reference", f"A power factor of {reference} is not between 0 and 1.", "Write 0.95.")
    form = table.word("form", PowerFactorForm, PowerFactorForm.PER_POINT)
    per_point = table.number("percent_per_point", Decimal(0))
    if (form is PowerFactorForm.PER_POINT) != (per_point != 0):
        table.wrong("percent_per_point", "A rider by points has a percentage for each point, others have none.")
    return PowerFactorRider(
        selection(table), power_factor(table), form, reference, per_point, table.truth("credit_above")
    )


def power_factor(table: Table) -> PowerFactor:
    """`power_factor = "measured"` with kVArh, or the attribute that tells it."""
    value = table.text("power_factor")
    return PowerFactor("" if value == "measured" else value, rounded(table))


def _terms(table: Table, name: str, known: Known) -> tuple[Term, ...]:
    terms = []
    for inner in table.tables(name):
        counted = quantity(inner, known)
        unit = unit_for(inner, counted)
        price = figure(inner, "price", known, scale=unit.scale)
        if price is None:
            inner.notes.add((*inner.path, "price"), "missing", "price is missing: a number is expected.")
        terms.append(Term(counted, price or Given(Decimal(0)), unit.per or Per.UNIT))
        inner.close()
    return tuple(terms)


def _season(table: Table, known: Known) -> str:
    name = table.text("season", "")
    if name and name not in {season.name for season in known.seasons}:
        table.unknown("season", name, [season.name for season in known.seasons])
    return name


def _valid(table: Table) -> Period | None:
    first, end = table.day("valid_from"), table.day("valid_to")
    if first is None:
        if end is not None:
            table.wrong("valid_to", "A line that ends has a first day.", "Write valid_from too.")
        return None
    if end is not None and end <= first:
        table.wrong("valid_to", f"The line ends on {end}, before it begins.", "valid_to is the first day without it.")
        end = None
    return Period(first, end)


def _proration(table: Table) -> Proration | None:
    """`prorate = "never"`, or a table like [proration]; nothing where the tariff's rule holds."""
    value = table.raw("prorate")
    if value is None:
        return None
    if value == "never":
        return WHOLE
    inner = table.table("prorate")
    return None if inner is None else proration(inner)
