"""The true-up of a bill as people read it, from what its statement keeps."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from lamplighter.billing.canonical import Statement
from lamplighter.billing.queries.reading_view import BankView, TrueUpView
from lamplighter.kernel.money import Money


def true_up_of(kept: Statement) -> TrueUpView | None:
    """None on a rate without one, and on bills that were made before they told of it."""
    told = kept.get("true_up")
    if told is None:
        return None
    banks = tuple(_bank(one) for one in told["banks"])
    left = max((int(one.get("bills_left", 0)) for one in told["banks"]), default=0)
    return TrueUpView(date.fromisoformat(told["month"]), bool(told["settled"]), left, banks)


def _bank(kept: dict[str, Any]) -> BankView:
    expected, worth = kept.get("expected"), kept.get("expected_worth")
    return BankView(
        kept["bank"],
        kept["unit"],
        Decimal(kept["balance"]),
        Money.nearest(Decimal(kept["worth"])),
        None if expected is None else Decimal(expected),
        None if worth is None else Money.nearest(Decimal(worth)),
    )
