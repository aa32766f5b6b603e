"""Carry verified drawers to the bank: one bag, its cash and each check."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import total
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.payments.cash.counting import takings_of_each
from lamplighter.payments.models import BankDeposit, CheckImage, DepositedControl, Tender, TenderControl
from lamplighter.payments.rules import CannotTake
from lamplighter.platform import secrets
from lamplighter.platform.numbering import next_number
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction


@in_transaction
def make_deposit(*, controls: Sequence[TenderControl], bag: str, on: date, by: Actor, at: datetime) -> BankDeposit:
    """Put the takings of balanced drawers into one bag. The cashier of a drawer doesn't carry it."""
    locked = list(
        TenderControl.objects.select_for_update(of=("self",))
        .filter(pk__in=[one.pk for one in controls]).select_related("source").order_by("pk")
    )  # fmt: skip
    _refuse(locked, bag, by)
    takings = takings_of_each(locked)
    cash, checks = total(one.cash for one in takings.values()), total(one.checks for one in takings.values())
    if (cash + checks).cents <= 0:
        raise CannotTake("These drawers have nothing for the bank.")
    number = next_number("deposit")
    legs = [Leg("bank-transit", cash + checks)]
    legs += [Leg(one.source.gl_code, -takings[one.pk].total) for one in locked if takings[one.pk].total]
    made = BankDeposit.objects.create(
        number=number, bag=bag.strip(), made_on=on, cash=cash, checks=checks,
        entry_id=ledger.post(draft=Draft(f"deposit:{number}", "deposit", on, tuple(legs)), at=at, by=by),
        recorded_at=at, recorded_by=by,
    )  # fmt: skip
    DepositedControl.objects.bulk_create(DepositedControl(deposit=made, control=one) for one in locked)
    record("payments.deposit.made", subject=made.subject, by=by, at=at, cents=(cash + checks).cents, bag=made.bag,
           drawers=[one.source_id for one in locked])  # fmt: skip
    return made


@in_transaction
def scan_check(
    *, tender: Tender, routing: str, on_us: str, front: str, back: str, by: Actor, at: datetime
) -> CheckImage:
    """Keep what the scanner read of a check, and its two sides (SHA-256 of stored TIFF files)."""
    if tender.kind not in {Tender.Kind.CHECK, Tender.Kind.MONEY_ORDER}:
        raise CannotTake("Only checks and money orders are scanned.")
    if CheckImage.objects.filter(tender=tender).exists():
        raise CannotTake("This check is scanned already.")
    made = CheckImage.objects.create(
        tender=tender, routing=routing, on_us=secrets.encrypt(on_us), front=front, back=back, recorded_at=at,
        recorded_by=by,
    )  # fmt: skip
    record("payments.check.scanned", subject=f"tender:{tender.pk}", by=by, at=at)
    return made


def _refuse(controls: Sequence[TenderControl], bag: str, by: Actor) -> None:
    if not controls:
        raise CannotTake("Choose the drawers that go into the bag.")
    if not bag.strip():
        raise CannotTake("Enter the number of the bag.")
    if BankDeposit.objects.filter(bag=bag.strip()).exists():
        raise CannotTake(f"Bag {bag.strip()} was used already.")
    for one in controls:
        if one.state != TenderControl.State.BALANCED:
            raise CannotTake(f"{one.source.name} is not verified yet.")
        if one.opened_by == by:
            raise CannotTake(f"You were the cashier of {one.source.name}. Ask a colleague.")
        if hasattr(one, "deposited"):
            raise CannotTake(f"{one.source.name} of {one.opened_at:%b %-d} went to the bank already.")
