"""Counted money: denominations, what a drawer should hold, differences, and what goes to the bank."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Sum

from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.payments.models import DrawerCount, Tender, TenderControl, TurnIn
from lamplighter.payments.queries import expected_in, expected_in_each

DENOMINATIONS = (10000, 5000, 2000, 1000, 500, 200, 100, 50, 25, 10, 5, 1)
"""Bills and coins in cents; $1 counts bills and coins together."""
OTHERS = tuple(kind.value for kind in Tender.Kind if kind is not Tender.Kind.CASH)
BANKED = (Tender.Kind.CHECK.value, Tender.Kind.MONEY_ORDER.value)


@dataclass(frozen=True, slots=True)
class Counted:
    """`pieces` by denomination in cents; `others` by kind of tender."""

    pieces: Mapping[int, int]
    others: Mapping[str, Money]

    @property
    def cash(self) -> Money:
        return Money(sum(cents * pieces for cents, pieces in self.pieces.items()))

    @property
    def total(self) -> Money:
        return self.cash + total(self.others.values())

    def differs(self, expected: Mapping[str, Money]) -> dict[str, Money]:
        """By kind of tender: counted less expected, where it is not nothing."""
        found = {"cash": self.cash, **self.others}
        kinds = {*found, *expected}
        every = {kind: found.get(kind, ZERO) - expected.get(kind, ZERO) for kind in kinds}
        return {kind: money for kind, money in sorted(every.items()) if money}


def counted_in(count: DrawerCount) -> Counted:
    """A count as it was written down."""
    pieces = {int(cents): pieces for cents, pieces in count.pieces.items()}
    return Counted(pieces, {kind: Money(cents) for kind, cents in count.others.items()})


def last_count(control: TenderControl) -> DrawerCount | None:
    """The cashier's newest count to close."""
    return control.counts.filter(kind=DrawerCount.Kind.CLOSE).order_by("-id").first()


def differences_of(control: TenderControl) -> dict[str, Money]:
    """What the newest count and the drawer's tenders disagree on."""
    count = last_count(control)
    return counted_in(count).differs(expected_in(control)) if count else {}


@dataclass(frozen=True, slots=True)
class Takings:
    """What a verified drawer sends to the bank: its cash without the float, with turn-ins; its checks and orders."""

    cash: Money
    checks: Money

    @property
    def total(self) -> Money:
        return self.cash + self.checks


def takings_of(control: TenderControl) -> Takings:
    """As counted, where it was counted; else as expected. The float stays in the drawer."""
    return takings_of_each([control])[control.pk]


def takings_of_each(controls: Collection[TenderControl]) -> dict[int, Takings]:
    """The same of each of these controls; three queries whatever their number."""
    pks = [control.pk for control in controls]
    closing = DrawerCount.objects.filter(control__in=pks, kind=DrawerCount.Kind.CLOSE)
    counts = {one.control_id: counted_in(one) for one in closing.order_by("control", "-id").distinct("control")}
    turned = dict(TurnIn.objects.filter(control__in=pks).values_list("control").annotate(Sum("amount")))
    found = {pk: dict(held) for pk, held in expected_in_each(controls).items()}
    found |= {pk: {"cash": one.cash, **one.others} for pk, one in counts.items()}
    return {
        one.pk: Takings(
            found[one.pk]["cash"] - one.opening_float + turned.get(one.pk, ZERO),
            total(found[one.pk].get(kind, ZERO) for kind in BANKED),
        )
        for one in controls
    }  # fmt: skip
