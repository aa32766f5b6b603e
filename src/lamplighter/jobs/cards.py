"""Ask the card processor for what it did not tell, and balance each day's cards by its own total."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from lamplighter.journeys.carding import SOURCE, close_day, take_charge
from lamplighter.kernel.actors import system
from lamplighter.payments.cards.processor import CannotReach, HostedProcessor
from lamplighter.payments.queries import periods_to_balance
from lamplighter.platform.transactions import unit_of_work

BY = system("card-processor")


@app.periodic(cron="*/15 * * * *")
@app.task(name="payments.ask-cards", queueing_lock="payments.ask-cards", lock="payments.ask-cards")
def ask_cards(timestamp: int = 0) -> str:  # noqa: ARG001 - when it was due
    """Payments of yesterday and today that no event told; then yesterday's period balances, if it is over. A processor
    that does not answer is asked again a quarter of an hour later."""
    if not settings.CARDS:
        return "no processor"
    processor, now, on = HostedProcessor(settings.CARDS), timezone.now(), timezone.localdate()
    days = {(now - timedelta(days=back)).date() for back in range(3)}
    try:
        charges = [one for day in sorted(days) for one in processor.charges(day)]
    except CannotReach as lost:
        return str(lost)
    for charge in charges:
        with unit_of_work(BY):
            take_charge(charge=charge, on=on, by=BY, at=now)
    balanced = 0
    for control in periods_to_balance(SOURCE, before=on):
        with unit_of_work(BY):
            balanced += close_day(control=control, charges=charges, by=BY, at=now)
    return f"{len(charges)} payments known, {balanced} periods balanced"
