"""Ask the card processor for what it did not tell, and balance each day's cards by its own total."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from lamplighter.jobs.progress import WHEN_THE_DATABASE_RETURNS
from lamplighter.journeys.card_autopaying import ask, due_drafts, prepare, refused, settle, warn_of_expiry
from lamplighter.journeys.carding import close_day, hear_card, take_charge
from lamplighter.kernel.actors import system
from lamplighter.payments.cards.processor import CannotReach, HostedProcessor, Refuses
from lamplighter.payments.models import Draft
from lamplighter.payments.operations.charging import SOURCE
from lamplighter.payments.operations.keeping import waiting_invites
from lamplighter.payments.queries import periods_to_balance
from lamplighter.platform.transactions import unit_of_work

BY = system("card-processor")


@app.periodic(cron="*/15 * * * *")
@app.task(name="payments.ask-cards", queueing_lock="payments.ask-cards", lock="payments.ask-cards")
def ask_cards(timestamp: int = 0) -> str:  # noqa: ARG001 - when it was due
    """Payments of yesterday and today, and cards, that no event told; then yesterday's period balances, if it is over.
    A processor that does not answer is asked again a quarter of an hour later."""
    if not settings.CARDS:
        return "no processor"
    processor, now, on = HostedProcessor(settings.CARDS), timezone.now(), timezone.localdate()
    days = {(now - timedelta(days=back)).date() for back in range(3)}
    try:
        charges = [one for day in sorted(days) for one in processor.charges(day)]
        entered = [kept for one in waiting_invites(on=on) if (kept := processor.kept(str(one.pk)))]
    except CannotReach as lost:
        return str(lost)
    for charge in charges:
        with unit_of_work(BY):
            take_charge(charge=charge, on=on, by=BY, at=now)
    for kept in entered:
        with unit_of_work(BY):
            hear_card(kept=kept, on=on, by=BY, at=now)
    balanced = 0
    for control in periods_to_balance(SOURCE, before=on):
        with unit_of_work(BY):
            balanced += close_day(control=control, charges=charges, by=BY, at=now)
    return f"{len(charges)} payments known, {balanced} periods balanced"


@app.periodic(cron="50 15 * * *")
@app.task(name="payments.charge-cards", queueing_lock="payments.charge-cards", lock="payments.charge-cards",
          retry=WHEN_THE_DATABASE_RETURNS)  # fmt: skip
def charge_cards(timestamp: int = 0) -> str:  # noqa: ARG001 - when it was due
    """Charge every announced bill whose day has come to its card, one after another, and tell whose card expires. A
    processor that does not answer is asked again the next day, one that refuses a charge is a person's to ask; twice
    charges nothing twice."""
    now, on = timezone.now(), timezone.localdate()
    with unit_of_work(BY):
        warned = warn_of_expiry(on=on, by=BY, at=now)
    if not settings.CARDS:
        return f"no processor; {warned} told that their card expires"
    processor, charged = HostedProcessor(settings.CARDS), 0
    try:
        for draft in due_drafts(on=on):
            charged += _charge(draft, processor)
    except CannotReach as lost:
        return f"{charged} charged; {lost}"
    return f"{charged} charged or declined, {warned} told that their card expires"


def _charge(draft: Draft, processor: HostedProcessor) -> bool:
    """Kept, asked, settled: three steps, of which only the second is on the wire."""
    now, on = timezone.now(), timezone.localdate()
    with unit_of_work(BY):
        asking = prepare(draft=draft, on=on, by=BY, at=now)
    if asking is None:
        return False
    try:
        answer = ask(asking, processor, at=now)
    except Refuses as why:
        with unit_of_work(BY):
            refused(asking=asking, why=str(why), by=BY, at=now)
        return False
    with unit_of_work(BY):
        settle(draft=draft, answer=answer, on=on, by=BY, at=timezone.now())
    return True
