"""Bill an account again from a day on: cancel what changed, and rebill it, within the utility's limits."""

from __future__ import annotations

from datetime import date
from typing import Any

import click
from django.utils import timezone

from lamplighter.accounts.models import Account
from lamplighter.billing.models import Segment
from lamplighter.billing.rules import CannotBill
from lamplighter.cli.billing.finding import services_of
from lamplighter.journeys.rebilling import correct
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.platform.transactions import unit_of_work

REASON_LENGTH: int = Segment._meta.get_field("cancel_reason").max_length or 0


def again(account: Account, *, start: date, reason: str, on: date, by: Actor) -> list[dict[str, Any]]:
    """What became of each service, all or none. Refuses, in words, what cannot be billed."""
    if not 0 < len(reason) <= REASON_LENGTH:
        raise click.UsageError(f"Give a reason of at most {REASON_LENGTH} characters.")
    try:
        with unit_of_work(by):
            return [_again(one, start=start, reason=reason, on=on, by=by) for one in services_of(account)]
    except CannotBill as refused:
        raise click.ClickException(f"{refused} Nothing was changed.") from refused


def _again(agreement: Any, *, start: date, reason: str, on: date, by: Actor) -> dict[str, Any]:
    correction, bill = correct(
        agreement=agreement, period=Period(start), reason=reason, on=on, by=by, at=timezone.now(),
    )  # fmt: skip
    return {
        "service": str(agreement.premise or agreement.kind), "bill": bill.number if bill else None,
        "replaced": [str(one.period) for one in correction.was] if bill else [],
        "kept": [str(one.period) for one in correction.kept],
        "difference": str(correction.difference.dollars),
    }  # fmt: skip


def in_words(one: dict[str, Any]) -> str:
    if one["bill"] is None:
        small = "" if one["difference"] == "0.00" else f" The difference of ${one['difference']} is too small to bill."
        return f"{one['service']}: nothing was billed again.{small}"
    return (
        f"{one['service']}: bill {one['bill']} replaces {len(one['replaced'])} segments, "
        f"difference ${one['difference']}; {len(one['kept'])} kept as they were."
    )
