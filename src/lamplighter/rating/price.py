"""Price one bill exactly: measured quantities in, lines that foot to the total out.

One of two calculators that know nothing of each other's code: this one walks the lines of a tariff, in exact
fractions, for one bill; the columnar one prices many. Every bill is computed by both before it is frozen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from lamplighter.kernel.energy import Flow
from lamplighter.kernel.money import Money, foot, total
from lamplighter.kernel.periods import Period
from lamplighter.rating.bill import BillInput, PricedBill, PricedLine, Quantities
from lamplighter.rating.charges import (
    Carry,
    Charge,
    Draw,
    Maximum,
    Minimum,
    Percent,
    PerUnit,
    PowerFactorRider,
    Settle,
)  # fmt: skip
from lamplighter.rating.counting import Measured, Setting, asks_by_demand
from lamplighter.rating.derived import Ledger, bank, cents, percent, rider, top_up
from lamplighter.rating.determinants import Ask
from lamplighter.rating.exact import NOTHING, Fraction, decimal
from lamplighter.rating.needs import to_keep
from lamplighter.rating.pieces import Piece, check_in_force, pieces
from lamplighter.rating.refusals import CannotPrice
from lamplighter.rating.rows import Row, Rows, per_unit
from lamplighter.rating.tariff import RoundingRule, Tariff


@dataclass(frozen=True, slots=True)
class Layout:
    """What bills of the same days, facts and texts share: the versions in force, every line's pieces by its code, and
    what to measure for later bills that look back. `by_demand`: some tiers are asked for once a demand is measured.
    `lines` are the lines as they are worked out, kept from the first bill."""

    versions: tuple[Tariff, ...]
    pieces: Mapping[str, Sequence[Piece]]
    kept: tuple[tuple[str, Ask], ...]
    by_demand: bool = False
    lines: dict[str, Rows] = field(default_factory=dict, init=False, repr=False, compare=False)


def price(
    versions: Tariff | Sequence[Tariff], bill: BillInput, quantities: Quantities, *, layout: Layout | None = None
) -> PricedBill:
    """Price a bill on the version or versions of a schedule that are in force on its days.

    `quantities` answers every ask of `asks` and of `asks_after` (`gathered` has both); `layout` is that of a bill that
    is alike, where one was made. Raises CannotPrice, with a message that can be read aloud, for an account or period
    that the tariff cannot price.
    """
    measured = _told(quantities)
    return _price(layout or laid_out(versions, bill), bill, measured, measured)


def laid_out(versions: Tariff | Sequence[Tariff], bill: BillInput) -> Layout:
    """The layout of a bill: by its days, kind and month and by what the account tells, not by what was used."""
    assert bill.period.days > 0, "a bill covers a day at least"
    touching = _in_force(versions, bill.period)
    check_in_force(touching, bill.period)
    found: dict[str, list[Piece]] = {}
    for piece in pieces(touching, bill):
        found.setdefault(piece.line.code, []).append(piece)
    kept = tuple((key, Ask(own, bill.period)) for version in touching for key, own in to_keep(version, bill))
    by_demand = any(asks_by_demand(piece.line.charge) for line in found.values() for piece in line)
    return Layout(touching, found, kept, by_demand)


def asks(versions: Tariff | Sequence[Tariff], bill: BillInput, *, layout: Layout | None = None) -> tuple[Ask, ...]:
    """What to measure before `price`: each determinant with the days that it is measured over."""
    asked: dict[Ask, None] = {}
    without_past = bill._replace(past=(), since=date.max)  # what was billed before does not change what is measured
    _price(layout or laid_out(versions, bill), without_past, _noting(asked), lambda _: Decimal(1))
    return tuple(asked)


def asks_after(
    versions: Tariff | Sequence[Tariff], bill: BillInput, quantities: Quantities, *, layout: Layout | None = None
) -> tuple[Ask, ...]:
    """What to measure besides, once the demands are known: tiers in order of time that end at so much for each kW.

    `quantities` answers `asks`. Raises CannotPrice, as `price` would, where the demand to bill cannot be told.
    """
    laid = layout or laid_out(versions, bill)
    if not laid.by_demand:
        return ()
    asked: dict[Ask, None] = {}
    _price(laid, bill, _told(quantities), _noting(asked))
    return tuple(asked)


def gathered(
    versions: Tariff | Sequence[Tariff],
    bill: BillInput,
    meter: Callable[[Sequence[Ask]], Quantities],
    *,
    layout: Layout | None = None,
    first: Sequence[Ask] | None = None,
) -> Quantities:
    """All that `price` needs of a meter that answers asks. `first` are those of `asks`, where they are known."""
    laid = layout or laid_out(versions, bill)
    found = meter(asks(versions, bill, layout=laid) if first is None else first)
    more = asks_after(versions, bill, found, layout=laid)
    return {**found, **meter(more)} if more else found


class _Work:
    """The rows of a bill as they are evaluated: each line once, after the lines that it is reckoned on."""

    def __init__(self, layout: Layout, bill: BillInput, measured: Measured, after: Measured) -> None:
        self.layout = layout
        self.rows: dict[str, Sequence[Row] | None] = {}  # none while a line is worked out
        banks = {name: Fraction(balance) for name, balance in bill.banks.items()}
        ledger = Ledger(layout.pieces, self._done, layout.versions[-1].rounding)
        self.setting = Setting(bill, measured, ledger, banks, after)

    def evaluate(self) -> list[Row]:
        """Every row, in the order of the rate book."""
        done = self._done
        return [row for code in self.layout.pieces for row in done(code)]

    def peaks(self) -> dict[str, Decimal]:
        """The demands that later bills look back at."""
        measured = self.setting.measured
        return {key: measured(ask) for key, ask in self.layout.kept}

    def end(self) -> None:
        """Its ledger refers to it, and it to its ledger: let go of both, they need not be looked for to be freed."""
        del self.setting

    def _done(self, code: str) -> Sequence[Row]:
        rows = self.rows.get(code)
        if rows is not None:
            return rows
        if code in self.rows:
            raise CannotPrice("line.cycle", f"“{code}” is reckoned, through other lines, on itself.")
        self.rows[code] = None
        line = self.layout.lines.get(code)
        if line is None:
            line = self.layout.lines[code] = _rows_of(self.layout.pieces.get(code, []), self.setting.bill)
        found = self.rows[code] = tuple(line(self.setting))
        return found


def _rows_of(line: Sequence[Piece], bill: BillInput) -> Rows:
    """How a line is worked out of any bill that is alike."""
    if not line:
        return lambda _: ()
    several = [_of_piece(piece, bill) for piece in line] if _by_piece(line[-1].line.charge) else [_of_line(line)]
    rows = several[0] if len(several) == 1 else _one_after_another(several)
    if not any(piece.line.rounded for piece in line):
        return rows
    return lambda setting: [
        row._replace(exact=cents(row.exact)) if row.piece.line.rounded else row for row in rows(setting)
    ]


def _by_piece(charge: Charge) -> bool:
    return isinstance(charge, PerUnit | Percent | PowerFactorRider)


def _one_after_another(several: Sequence[Rows]) -> Rows:
    return lambda setting: [row for rows in several for row in rows(setting)]


def _of_piece(piece: Piece, bill: BillInput) -> Rows:
    match piece.line.charge:
        case PerUnit() as charge:
            return per_unit(charge, piece, bill)
        case Percent() as charge:
            return percent(charge, piece)
        case PowerFactorRider() as charge:
            return lambda setting: rider(charge, piece, setting)
        case other:
            raise AssertionError(f"{other} is not charged piece by piece")


def _of_line(line: Sequence[Piece]) -> Rows:
    match line[-1].line.charge:
        case Minimum() | Maximum():
            return lambda setting: top_up(line, setting)
        case Carry() | Draw() | Settle() as charge:
            return lambda setting: bank(charge, line[-1], setting)
        case other:
            raise AssertionError(f"{other} is charged piece by piece")


def _told(quantities: Quantities) -> Measured:
    """The meter's answers; what it was not asked, or could not say, refuses the bill."""

    def measured(ask: Ask) -> Decimal:
        found = quantities.get(ask)
        if found is None:
            raise CannotPrice("quantity.missing", f"{ask.determinant} was not measured over {ask.period}.")
        if found < 0 and ask.determinant.flow is not Flow.NET:
            message = f"{ask.determinant} is {found} over {ask.period}, though it flows in one direction."
            raise CannotPrice("quantity.negative", message)
        return found

    return measured


def _noting(asked: dict[Ask, None]) -> Measured:
    """A meter that notes what it is asked, and says one to everything."""

    def measured(ask: Ask) -> Decimal:
        asked[ask] = None
        return Decimal(1)

    return measured


def _price(layout: Layout, bill: BillInput, measured: Measured, after: Measured) -> PricedBill:
    work = _Work(layout, bill, measured, after)
    rows = work.evaluate()
    newest = layout.versions[-1]
    exact = sum([row.exact for row in rows], NOTHING)
    dollars = [decimal(row.exact) for row in rows]
    amounts = _amounts(dollars, newest.rounding.rule, exact)
    made = PricedBill(
        newest.code,
        bill.period,
        tuple(map(_line, rows, dollars, amounts)),
        decimal(exact),
        total(amounts),
        newest.rounding.rule,
        {name: decimal(balance) for name, balance in work.setting.banks.items()},
        work.peaks(),
    )
    work.end()
    return made


def _in_force(versions: Tariff | Sequence[Tariff], period: Period) -> tuple[Tariff, ...]:
    """The versions that touch the period, oldest first."""
    several = (versions,) if isinstance(versions, Tariff) else versions
    touching = [version for version in several if version.valid.overlaps(period)]
    if not touching:
        code = several[0].code if several else "the tariff"
        raise CannotPrice("tariff.versions", f"No version of {code} is in force on {period.start}.")
    return tuple(sorted(touching, key=lambda version: version.valid.start))


def _amounts(dollars: Sequence[Decimal], rule: RoundingRule, exact: Fraction) -> Sequence[Money]:
    """Each row's cents. Rounded once, the rows are shown so that they foot to the rounded total."""
    if rule is RoundingRule.EACH_LINE:
        return [Money.nearest(amount) for amount in dollars]
    return foot(dollars, Money.nearest(decimal(exact)))


def _line(row: Row, exact: Decimal, amount: Money) -> PricedLine:
    _, quantity, _, steps, alike, components, _ = row
    parts = tuple([(tag, decimal(dollars)) for tag, dollars in components]) if components else ()
    return PricedLine(decimal(quantity), exact, amount, steps, alike, parts)
