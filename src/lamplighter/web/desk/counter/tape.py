"""What a drawer's tape says, ready to print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.payments.cash.counting import DENOMINATIONS, counted_in, differences_of, last_count
from lamplighter.payments.models import DrawerCount, OverShort, Tender, TenderControl, TurnIn, Verification
from lamplighter.payments.queries import expected_in
from lamplighter.web.naming import names_of


@dataclass(frozen=True, slots=True)
class Taken:
    """One tender of the day; `gone` when it was taken back while the drawer was open."""

    receipt: str
    kind: str
    reference: str
    amount: Money
    gone: str


@dataclass(frozen=True, slots=True)
class Tape:
    """A drawer's day. While somebody is still to count it blind, it tells no count, no difference and no reason."""

    control: TenderControl
    cashier: str
    taken: tuple[Taken, ...]
    expected: tuple[tuple[str, Money], ...]
    pieces: tuple[tuple[Money, int, Money], ...]
    others: tuple[tuple[str, Money], ...]
    count: DrawerCount | None
    turned: tuple[TurnIn, ...]
    words: str
    over_short: OverShort | None
    verification: Verification | None
    verified_by: str


def tape(control: TenderControl, *, blind: bool) -> Tape:
    count = None if blind else last_count(control)
    counted = counted_in(count) if count else None
    over_short = None if blind else OverShort.objects.filter(control=control).first()
    verification = Verification.objects.filter(control=control).first()
    names = names_of([control.opened_by, verification.recorded_by if verification else None])
    rows = Tender.objects.filter(control=control).select_related("event__reversal").order_by("id")
    held = () if blind else tuple((_label(kind), money) for kind, money in sorted(expected_in(control).items()))
    return Tape(
        control, names[control.opened_by], tuple(_taken(row) for row in rows), held,
        tuple((Money(c), counted.pieces[c], Money(c * counted.pieces[c])) for c in DENOMINATIONS
              if counted.pieces.get(c)) if counted else (),
        tuple((_label(kind), money) for kind, money in counted.others.items()) if counted else (),
        count, tuple(control.turn_ins.order_by("id")), differs_in(differences_of(control)) if count else "",
        over_short, verification, names[verification.recorded_by] if verification else "",
    )  # fmt: skip


def differs_in(differences: Mapping[str, Money]) -> str:
    """`$5.00 over`, `exact`, `Check $20.00 short, cash $20.00 over`."""
    if not differences:
        return "exact"
    if len(differences) == 1:
        return _amount(total(differences.values()))
    return ", ".join(f"{_label(kind).lower()} {_amount(money)}" for kind, money in differences.items())


def _amount(money: Money) -> str:
    return f"{abs(money)} {'over' if money > ZERO else 'short'}"


def _taken(row: Tender) -> Taken:
    reversal = getattr(row.event, "reversal", None)
    gone = reversal.get_reason_display() if reversal else ""
    return Taken(row.event.receipt, row.get_kind_display(), row.reference, row.amount, gone)


def _label(kind: str) -> str:
    return str(Tender.Kind(kind).label)
