"""Payments that a customer tried from afar, and why one failed: what happened, what to say, what to do.

Links to the card page, AutoPay by card and from a bank account. What a card holder did on the processor's page is known
as far as the processor tells it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.accounts.models import Account
from lamplighter.kernel.money import Money
from lamplighter.payments.autopay.queries import drafts
from lamplighter.payments.autopay.returns import handling_of
from lamplighter.payments.models import CardCharge, CardEvent, Draft, DraftStep, PayLink

FAILED = "payment.failed"
SHOWN = 12
ANOTHER_WAY = "Offer another card, the bank draft, the counter, or more time."


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What became of it, in a word and a sentence; what the customer is told, and what is done. `failed` asks for both;
    of what went well both are ""."""

    state: str
    why: str
    say: str = ""
    do: str = ""

    @property
    def failed(self) -> bool:
        return bool(self.do)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One payment that was tried: when, how, how much, what became of it; `link` where a customer's page shows it."""

    at: datetime
    how: str
    amount: Money
    found: Diagnosis
    link: PayLink | None = None


def attempts_of(account: Account, *, on: date) -> list[Attempt]:
    """The newest first; five queries whatever their number."""
    links = list(PayLink.objects.filter(account=account).order_by("-made_at")[:SHOWN])
    paid = set(CardCharge.objects.filter(link__in=links).values_list("link", flat=True))
    declines = _declines(links)
    drawn = drafts().filter(autopay__account=account).exclude(bill="").prefetch_related("steps")[:SHOWN]
    found = [
        Attempt(link.made_at, "Link to the card page", link.amount,
                link_diagnosis(link, paid=link.pk in paid, declines=declines.get(str(link.pk), ()), on=on), link)
        for link in links
    ]  # fmt: skip
    found += [
        Attempt(_since(draft), "AutoPay by card" if draft.autopay.card_id else "AutoPay from the bank account",
                draft.amount, draft_diagnosis(draft))
        for draft in drawn
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.at, reverse=True)[:SHOWN]


def link_diagnosis(link: PayLink, *, paid: bool, declines: Iterable[CardEvent], on: date) -> Diagnosis:
    """`declines` are what the processor told of tries that failed, the newest first."""
    newest = next(iter(declines), None)
    if paid:
        return Diagnosis("Paid", "It was paid once. The link takes no second payment.")
    if on > link.until:
        return Diagnosis("Ran out", f"The link was good until {link.until:%b %-d}.",
                         "That link has run out. Nothing was charged.", "Send a new link.")  # fmt: skip
    if newest is not None:
        return Diagnosis(
            "Declined", f"The card's bank said no: {newest.words}.",
            "Your card's bank declined the payment, and nothing was charged. Your bank can tell you more.",
            f"The same link takes another card until {link.until:%b %-d}. {ANOTHER_WAY}",
        )  # fmt: skip
    if link.session:
        return Diagnosis(
            "Not finished", "They went to the card page, and the processor told of no payment.",
            "You reached the card page, but the payment was not finished. Nothing was charged.",
            "Have them open the link again. The processor is asked every quarter of an hour for what it did not tell.",
        )  # fmt: skip
    return Diagnosis("Not opened", "Nobody followed the link yet.", "The link is in your messages; look for our name.",
                     "Check the address it went to, and send it again.")  # fmt: skip


def draft_diagnosis(draft: Draft) -> Diagnosis:
    """`draft` as `payments.autopay.queries.drafts` has it, with where it `stands`."""
    stands, why, code = draft.stands, draft.why, draft.code  # type: ignore[attr-defined]  # annotated
    match stands:
        case DraftStep.Act.SENT | DraftStep.Act.CHARGED:
            return Diagnosis("Drawn", str(DraftStep.Act(stands).label) + ".")
        case DraftStep.Act.SKIPPED:
            return Diagnosis("Not drawn", f"{why}.")
        case DraftStep.Act.DECLINED:
            return Diagnosis("Declined", f"The card's bank said no: {why}.",
                             "Your card's bank declined it, and nothing was charged.", ANOTHER_WAY)  # fmt: skip
        case DraftStep.Act.RETURNED if code:
            told = handling_of(code)
            return Diagnosis("Came back", f"{told.means} ({code}).",
                             "Your bank sent the payment back, so the bill is open again.",
                             told.asks or ANOTHER_WAY)  # fmt: skip
        case DraftStep.Act.RETURNED:
            return Diagnosis("Taken back", f"{why}.", "The payment was taken back, so the bill is open again.",
                             ANOTHER_WAY)  # fmt: skip
    return Diagnosis("Announced", f"It is drawn on {draft.draw_on:%b %-d}.")


def _declines(links: Iterable[PayLink]) -> Mapping[str, list[CardEvent]]:
    found: dict[str, list[CardEvent]] = {}
    rows = CardEvent.objects.filter(kind=FAILED, reference__in=[str(link.pk) for link in links])
    for event in rows.order_by("-happened_at"):
        found.setdefault(event.reference, []).append(event)
    return found


def _since(draft: Draft) -> datetime:
    """When it came to stand as it does."""
    return max((step.recorded_at for step in draft.steps.all()), default=draft.recorded_at)
