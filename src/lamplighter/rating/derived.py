"""Lines reckoned on other lines: percentages, power-factor riders, minimums and maximums, banks of credit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from lamplighter.kernel.money import Money
from lamplighter.rating.bill import Step
from lamplighter.rating.charges import (
    Carry,
    Draw,
    Maximum,
    Minimum,
    Percent,
    PowerFactorForm,
    PowerFactorRider,
    Settle,
    Term,
)  # fmt: skip
from lamplighter.rating.counting import Count, Nature, Setting, count, power_factor, times
from lamplighter.rating.exact import NOTHING, Fraction, decimal
from lamplighter.rating.pieces import Piece
from lamplighter.rating.quantities import OfLines
from lamplighter.rating.reach import selection_in
from lamplighter.rating.refusals import CannotPrice
from lamplighter.rating.rows import ONE, Row, Rows, said
from lamplighter.rating.tariff import Rounding, RoundingRule

Done: TypeAlias = Callable[[str], Sequence[Row]]  # the rows of a line that was evaluated before


@dataclass(frozen=True, slots=True)
class Ledger:
    """The pieces of each line in the order of the bill, their rows, and whether percentages are of rounded amounts."""

    pieces: Mapping[str, Sequence[Piece]]
    done: Done
    rounding: Rounding

    def base(self, piece: Piece, *, whole: bool = False) -> Fraction:
        """What the lines that a line is reckoned on come to in its piece, or on the whole bill. Each line is taken by
        its own wording; lines are worked out first."""
        amount, each_cent = NOTHING, self.rounding.rule is RoundingRule.EACH_LINE and self.rounding.tax_on_rounded
        for code, meant in piece.once("reckoned on", piece.line, (), lambda: list(self._meant(piece))):
            for row in self.done(code):
                share = meant.get(id(row.piece))
                if share is not None:
                    dollars = cents(row.exact) if each_cent else row.exact
                    amount += dollars if whole or share is ONE else dollars * share
        return amount

    def counted_again(self, quantity: OfLines, piece: Piece) -> Count:
        """What other lines billed on the days of a piece: energy by its days, kW and lamps as their mean over them."""
        rows = [row for code in self.pieces if code in quantity.codes for row in self.done(code)]
        natures = {row.nature for row in rows}
        value = NOTHING
        for row in rows:
            share = _overlap(row.piece, piece)
            value += row.quantity * (share if row.nature is Nature.ENERGY else share * row.piece.days / piece.days)
        nothing_counted = not natures  # nothing is every part's own, as energy is
        nature = Nature.ENERGY if nothing_counted else natures.pop() if len(natures) == 1 else Nature.NUMBER
        return Count(value, quantity.unit, nature)

    def _meant(self, piece: Piece) -> Iterator[tuple[str, dict[int, Fraction]]]:
        """The lines that a line names, and of each of their pieces that it means the share that lies in its own."""
        of = selection_in(piece.line)
        assert of is not None, f"{piece.line.code} is reckoned on other lines"
        above = of.above
        for code, others in self.pieces.items():
            above = above and code != piece.line.code
            named = above or code in of.codes
            if code == piece.line.code or code in of.but:
                continue
            meant = {
                id(other): _overlap(other, piece)
                for other in others
                if (named or set(of.tags) & set(other.line.tags)) and (other.line.taxable or not of.taxable)
            }
            if meant:
                yield code, meant


def cents(dollars: Fraction) -> Fraction:
    """Rounded half up to the cent."""
    return Fraction(Money.nearest(decimal(dollars)).cents, 100)


def percent(charge: Percent, piece: Piece) -> Rows:
    rate = _rate(charge, piece)
    alike = said(piece, "$", rate)

    def rows(setting: Setting) -> Sequence[Row]:
        base = setting.lines.base(piece)
        return (Row(piece, base, base * rate, (), alike),) if rate and base else ()

    return rows


def _rate(charge: Percent, piece: Piece) -> Fraction:
    """As a fraction of one, below nothing for a credit."""
    rate = piece.figure(charge.rate) / 100
    if charge.gross_up:
        if rate >= 1:
            raise CannotPrice("percent.receipts", "A tax of all receipts or more cannot be passed through.")
        rate = rate / (1 - rate)
    return -rate if charge.credit else rate


def rider(charge: PowerFactorRider, piece: Piece, setting: Setting) -> Iterator[Row]:
    """A power-factor rider. Its rate is exact; whether the power factor is rounded first is the tariff's word."""
    factor = power_factor(charge.power_factor, piece, setting)
    reference = Fraction(charge.reference)
    if factor >= reference and not charge.credit_above:
        return
    match charge.form:
        case PowerFactorForm.PER_POINT:
            rate = (reference - factor) * Fraction(charge.per_point)
        case PowerFactorForm.RATIO:
            if not factor:
                raise CannotPrice("power_factor.range", "The power factor is rounded to nothing.")
            rate = reference / factor - 1
        case PowerFactorForm.DIFFERENCE:
            rate = reference - factor
    base = setting.lines.base(piece)
    if rate and base:
        steps = (Step("power factor", decimal(factor), f"against {charge.reference}"),)
        yield Row(piece, base, base * rate, steps, said(piece, "$", rate))


def top_up(line: Sequence[Piece], setting: Setting) -> Iterator[Row]:
    """What brings the bill up to its minimum, or down to its maximum; nothing where it is within.

    Each piece adds its own terms; the last says which lines they are held against.
    """
    tested = [(piece, bounds) for piece in line if (bounds := _bounds(piece, setting)) is not None]
    if not tested:
        return
    last, charge = tested[-1]
    bound, steps = NOTHING, []
    for piece, bounds in tested:
        for term in bounds.terms:
            amount, told = _term(term, piece, setting)
            bound += amount
            steps.append(told)
    base = setting.lines.base(last, whole=True)
    if isinstance(charge, Minimum) and charge.annual:
        base += Fraction(setting.bill.billed_this_year)
    word = "minimum" if isinstance(charge, Minimum) else "maximum"
    steps += [Step(f"{word} comes to", decimal(bound), "$"), Step("the lines it covers come to", decimal(base), "$")]
    short = bound - max(base, NOTHING) if isinstance(charge, Minimum) else min(NOTHING, bound - base)
    if short > 0 or (short < 0 and isinstance(charge, Maximum)):
        yield _amount(last, short, tuple(steps))


def bank(charge: Carry | Draw | Settle, piece: Piece, setting: Setting) -> Iterator[Row]:
    """Credits carried forward, used, and settled at the true-up."""
    balance = setting.banks.get(charge.bank, NOTHING)
    match charge:
        case Carry():
            left = min(NOTHING, setting.lines.base(piece, whole=True))
            setting.banks[charge.bank] = balance - left
            if left:
                yield _amount(piece, -left, (Step("credit carried forward", decimal(balance - left), "$"),))
        case Draw():
            used = min(balance, max(NOTHING, setting.lines.base(piece, whole=True)))
            setting.banks[charge.bank] = balance - used
            if used:
                yield _amount(piece, -used, (Step("credit brought forward", decimal(balance), "$"),))
        case Settle():
            if setting.bill.settles and balance:
                setting.banks[charge.bank] = NOTHING
                dollars = piece.figure(charge.price)
                steps = (Step("credit left at the true-up", decimal(balance)),)
                yield Row(piece, balance, -balance * dollars, steps, said(piece, "", dollars))


def _bounds(piece: Piece, setting: Setting) -> Minimum | Maximum | None:
    """The minimum or maximum of a piece; None for an annual one before the year closes."""
    charge = piece.line.charge
    assert isinstance(charge, Minimum | Maximum), "a line keeps its kind of charge"
    return None if isinstance(charge, Minimum) and charge.annual and not setting.bill.closes_year else charge


def _term(term: Term, piece: Piece, setting: Setting) -> tuple[Fraction, Step]:
    counted = count(term.quantity, piece, (), setting)
    due, _ = times(piece, term.per, counted.nature, setting.bill)
    dollars = piece.figure(term.price)
    amount = counted.value * due * dollars
    text = f"{decimal(counted.value)} {counted.unit} x {decimal(due)} x ${decimal(dollars)}".replace("  ", " ")
    return amount, Step(text, decimal(amount), "$")


def _amount(piece: Piece, dollars: Fraction, steps: tuple[Step, ...]) -> Row:
    return Row(piece, ONE, dollars, steps, said(piece, "", dollars))


def _overlap(row: Piece, piece: Piece) -> Fraction:
    """Which share of a row's days lies in a piece, where versions or dated seasons cut the two differently."""
    if not piece.by_date and (row.period == piece.period or row.period & piece.period == row.period):
        return ONE
    both = row.period & piece.period
    if both is None:
        return NOTHING
    days = [day for day in both if not row.by_date or (row.season is not None and day in row.season)]
    inside = [day for day in days if not piece.by_date or (piece.season is not None and day in piece.season)]
    return Fraction(len(inside), row.days)
