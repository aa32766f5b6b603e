"""Lines reckoned on other lines: percentages, power-factor riders, minimums and maximums, banks of credit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
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
from lamplighter.rating.counting import Setting, count, power_factor, times
from lamplighter.rating.exact import NOTHING, decimal
from lamplighter.rating.pieces import Piece
from lamplighter.rating.reach import members
from lamplighter.rating.rows import Row
from lamplighter.rating.tariff import Rounding, RoundingRule

ALL = Fraction(1)
Done: TypeAlias = Callable[[str], Sequence[Row]]  # the rows of a line that was evaluated before


@dataclass(frozen=True, slots=True)
class Ledger:
    """The rows so far, and whether percentages are taken of rounded amounts."""

    done: Done
    rounding: Rounding

    def base(self, piece: Piece, *, whole: bool = False) -> Fraction:
        """What the lines that a line is reckoned on come to in its piece, or on the whole bill."""
        rows = (row for code in members(piece.tariff.lines, piece.line) for row in self.done(code))
        return sum((self._amount(row) * (1 if whole else _overlap(row.piece, piece)) for row in rows), NOTHING)

    def _amount(self, row: Row) -> Fraction:
        if self.rounding.rule is RoundingRule.EACH_LINE and self.rounding.tax_on_rounded:
            return cents(row.exact)
        return row.exact


def cents(dollars: Fraction) -> Fraction:
    """Rounded half up to the cent."""
    return Fraction(Money.nearest(decimal(dollars)).cents, 100)


def percent(charge: Percent, piece: Piece, ledger: Ledger) -> Iterator[Row]:
    rate = piece.figure(charge.rate) / 100
    if charge.gross_up:
        rate = rate / (1 - rate)
    base = ledger.base(piece)
    if rate and base:
        yield _share(piece, base, -rate if charge.credit else rate)


def rider(charge: PowerFactorRider, piece: Piece, ledger: Ledger, setting: Setting) -> Iterator[Row]:
    """A power-factor rider. Its rate is exact; whether the power factor is rounded first is the tariff's word."""
    factor = power_factor(charge.power_factor, piece, setting)
    reference = Fraction(charge.reference)
    if factor >= reference and not charge.credit_above:
        return
    match charge.form:
        case PowerFactorForm.PER_POINT:
            rate = (reference - factor) * Fraction(charge.per_point)
        case PowerFactorForm.RATIO:
            rate = reference / factor - 1
        case PowerFactorForm.DIFFERENCE:
            rate = reference - factor
    base = ledger.base(piece)
    if rate and base:
        yield _share(piece, base, rate, Step("power factor", decimal(factor), f"against {charge.reference}"))


def top_up(charge: Minimum | Maximum, line: Sequence[Piece], ledger: Ledger, setting: Setting) -> Iterator[Row]:
    """What brings the bill up to its minimum, or down to its maximum; nothing where it is within."""
    last = line[-1]
    annual = isinstance(charge, Minimum) and charge.annual
    if annual and not setting.bill.closes_year:
        return
    bound, steps = NOTHING, []
    for piece in line:
        for term in charge.terms:
            amount, told = _term(term, piece, setting)
            bound += amount
            steps.append(told)
    base = ledger.base(last, whole=True)
    if annual:
        base += Fraction(setting.bill.billed_this_year)
    word = "minimum" if isinstance(charge, Minimum) else "maximum"
    steps += [Step(f"{word} comes to", decimal(bound), "$"), Step("the lines it covers come to", decimal(base), "$")]
    short = bound - max(base, NOTHING) if isinstance(charge, Minimum) else min(NOTHING, bound - base)
    if short > 0 or (short < 0 and isinstance(charge, Maximum)):
        yield _amount(last, short, tuple(steps))


def bank(charge: Carry | Draw | Settle, piece: Piece, ledger: Ledger, setting: Setting) -> Iterator[Row]:
    """Credits carried forward, used, and settled at the true-up."""
    balance = setting.banks.get(charge.bank, NOTHING)
    match charge:
        case Carry():
            left = min(NOTHING, ledger.base(piece, whole=True))
            setting.banks[charge.bank] = balance - left
            if left:
                yield _amount(piece, -left, (Step("credit carried forward", decimal(balance - left), "$"),))
        case Draw():
            used = min(balance, max(NOTHING, ledger.base(piece, whole=True)))
            setting.banks[charge.bank] = balance - used
            if used:
                yield _amount(piece, -used, (Step("credit brought forward", decimal(balance), "$"),))
        case Settle():
            if setting.bill.settles and balance:
                setting.banks[charge.bank] = NOTHING
                dollars = piece.figure(charge.price)
                steps = (Step("credit left at the true-up", decimal(balance)),)
                yield Row(piece, piece.line.label, balance, "", dollars, Fraction(1), -balance * dollars, steps)


def _term(term: Term, piece: Piece, setting: Setting) -> tuple[Fraction, Step]:
    counted = count(term.quantity, piece, (), setting)
    due, _ = times(piece, term.per, term.quantity, setting.bill)
    dollars = piece.figure(term.price)
    amount = counted.value * due * dollars
    text = f"{decimal(counted.value)} {counted.unit} x {decimal(due)} x ${decimal(dollars)}".replace("  ", " ")
    return amount, Step(text, decimal(amount), "$")


def _share(piece: Piece, base: Fraction, rate: Fraction, *steps: Step) -> Row:
    return Row(piece, piece.line.label, base, "$", rate, Fraction(1), base * rate, steps)


def _amount(piece: Piece, dollars: Fraction, steps: tuple[Step, ...]) -> Row:
    return Row(piece, piece.line.label, Fraction(1), "", dollars, Fraction(1), dollars, steps)


def _overlap(row: Piece, piece: Piece) -> Fraction:
    """Which share of a row's days lies in a piece, where versions or dated seasons cut the two differently."""
    if not piece.by_date and (row.period == piece.period or row.period & piece.period == row.period):
        return ALL
    both = row.period & piece.period
    if both is None:
        return NOTHING
    days = [day for day in both if not row.by_date or (row.season is not None and day in row.season)]
    inside = [day for day in days if not piece.by_date or (piece.season is not None and day in piece.season)]
    return Fraction(len(inside), row.days)
