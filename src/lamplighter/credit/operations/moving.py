"""Debts that leave the agreements that owe them for one of their own, and come home again, each at its own age."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from lamplighter.accounts.models import Agreement
from lamplighter.credit.rules.arranging import Part
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.operations import Draft, Leg


def take_over(
    source: str, to: Agreement, debts: Iterable[Part], *, kind: str = "arrangement", on: date, by: Actor, at: datetime
) -> None:
    """To an agreement on which nothing is asked for yet: there they are owed (payoff), and not due (current)."""
    _move(source, to, debts, sign=-1, kind=kind, on=on, by=by, at=at)


def send_home(
    source: str, held: Agreement, debts: Iterable[Part], *, kind: str = "arrangement", on: date, by: Actor, at: datetime
) -> None:
    """Back to the agreements that owed them."""
    _move(source, held, debts, sign=1, kind=kind, on=on, by=by, at=at)


def ask_for(
    agreement: Agreement, amount: Money, source: str, *, owed_on: date, on: date, by: Actor, at: datetime
) -> int:
    """What we ask for now rises; what would settle everything stays."""
    leg = Leg(agreement.type.control_code, ZERO, agreement.subledger_id, current=amount, owed_on=owed_on)
    return ledger.post(draft=Draft(source, "instalment", on, (leg,)), at=at, by=by)


def _move(
    source: str, held: Agreement, debts: Iterable[Part], *, sign: int, kind: str, on: date, by: Actor, at: datetime
) -> None:
    """Between the agreements that owe and the one that holds: -1 to it, 1 home again.

    Each leg names the age of its debt, so that it leaves, and comes back, at that age.
    """
    debts = list(debts)
    owing = {a.pk: a for a in Agreement.objects.filter(pk__in=[debt.agreement for debt in debts])}
    legs = []
    for debt in debts:
        home, amount = owing[debt.agreement], debt.amount * sign
        legs.append(Leg(home.type.control_code, amount, home.subledger_id, owed_on=debt.owed_on, component="plan"))
        legs.append(
            Leg(held.type.control_code, -amount, held.subledger_id, current=ZERO if sign < 0 else -amount,
                owed_on=debt.owed_on if sign < 0 else None, component="plan")
        )  # fmt: skip
    ledger.post(draft=Draft(source, kind, on, tuple(legs)), at=at, by=by)
