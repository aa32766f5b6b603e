"""What may be theft, asked of the rows: each finding names who, what and why a person should look at it.

Nothing here proves anything. Skimming shows as receipts that are missing from a drawer's numbers or as a habit of being
short; lapping as payments that are moved on to others who paid by then; the rest as it is named.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.db.models import Max, Min

from lamplighter.kernel.money import ZERO, Money
from lamplighter.payments.models import DrawerCount, OverShort, PaymentEvent, Reversal, Tender, Transfer
from lamplighter.platform.models import Event

VOIDS, SHORTS, MOVES = 2, 3, 2
"""How many cash voids, short drawers or moved cash payments of one person in the time looked at are told."""
AFTER_PAYMENT = timedelta(days=3)
JUMP = 1000
"""So many numbers at once were not given out by hand: their series began anew."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """`kind` is a key of KINDS; `subject` leads to what it is about (`payment:R`, `control:ID`, `account:ID`)."""

    kind: str
    who: str
    words: str
    subject: str
    amount: Money
    on: date


KINDS = {
    "void-after-cash": "Cash voided after it was taken",
    "short-again": "Drawers that are short again and again",
    "lapping": "Cash payments moved on to others",
    "credit-after-cash": "A credit soon after a cash payment, by the same person",
    "two-hands": "Two people's money in one drawer",
    "gap": "Receipt numbers that are missing",
}


def suspicions(*, since: date, until: date) -> list[Suspicion]:
    """Everything that looks odd from a day to another, both included, the newest first."""
    span = (since, until)
    found = [
        *voids_after_cash(span), *shorts(span), *lapping(span), *credits_after_cash(span), *two_hands(span),
        *gaps(span),
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.on, one.kind), reverse=True)


def voids_after_cash(span: tuple[date, date]) -> Iterator[Suspicion]:
    """Somebody who voids cash more than once: the customer has a receipt, the drawer does not miss the money."""
    rows = list(
        Reversal.objects.filter(
            reversed_on__range=span, reason__in=("void", "entry-error"), event__tenders__kind=Tender.Kind.CASH
        ).select_related("event").distinct()
    )  # fmt: skip
    often = Counter(str(row.event.recorded_by) for row in rows)
    for row in rows:
        who = str(row.event.recorded_by)
        if often[who] >= VOIDS:
            cash = _cash_of(row.event)
            yield Suspicion("void-after-cash", who, f"R-{row.event.receipt}: {cash} cash voided, {often[who]} times",
                            row.event.subject, cash, row.reversed_on)  # fmt: skip


def shorts(span: tuple[date, date]) -> Iterator[Suspicion]:
    """A cashier whose drawers are short more than now and then, by the reasons given or by a surprise."""
    found: dict[str, list[tuple[Money, str, date]]] = defaultdict(list)
    for row in OverShort.objects.filter(recorded_at__date__range=span, amount__lt=0).select_related("control"):
        found[str(row.control.opened_by)].append((row.amount, f"control:{row.control_id}", row.recorded_at.date()))
    surprise = DrawerCount.objects.filter(
        kind=DrawerCount.Kind.SURPRISE, recorded_at__date__range=span, difference__lt=0
    ).select_related("control")  # fmt: skip
    for count in surprise:
        found[str(count.control.opened_by)].append(
            (count.difference, f"control:{count.control_id}", count.recorded_at.date())
        )
    for who, several in found.items():
        if len(several) >= SHORTS:
            amount = sum((money for money, _, _ in several), ZERO)
            _, subject, on = several[-1]
            yield Suspicion("short-again", who, f"{len(several)} drawers short, {abs(amount)} together", subject,
                            amount, on)  # fmt: skip


def lapping(span: tuple[date, date]) -> Iterator[Suspicion]:
    """Who took cash themselves and later moves it to others: one customer's money covers another's."""
    rows = list(
        Transfer.objects.filter(moved_on__range=span, payment__event__tenders__kind=Tender.Kind.CASH)
        .select_related("payment__event").distinct()
    )  # fmt: skip
    often = Counter(str(row.recorded_by) for row in rows)
    for row in rows:
        who = str(row.recorded_by)
        if often[who] >= MOVES and row.payment.event.recorded_by == row.recorded_by:
            yield Suspicion("lapping", who, f"R-{row.payment.event.receipt}: {row.amount} moved on, {often[who]} times",
                            row.payment.event.subject, row.amount, row.moved_on)  # fmt: skip


def credits_after_cash(span: tuple[date, date]) -> Iterator[Suspicion]:
    """A credit by hand on an account from which the same person took cash within three days."""
    made = Event.objects.filter(
        name="billing.adjustment.made", at__date__range=span, data__kind="credit", account__isnull=False
    )
    took: dict[tuple[int, str], list[datetime]] = defaultdict(list)
    rows = PaymentEvent.objects.filter(
        received_on__range=(span[0] - AFTER_PAYMENT, span[1]), tenders__kind=Tender.Kind.CASH
    ).values_list("payments__account", "recorded_by", "recorded_at").distinct()  # fmt: skip
    for account, who, at in rows:
        took[account, str(who)].append(at)
    for event in made:
        before = took.get((event.account or 0, str(event.actor)), ())
        if any(abs(event.at - at) <= AFTER_PAYMENT for at in before):
            amount = Money(int(event.data.get("cents", 0)))
            words = f"{abs(amount)} credited within three days of cash that they took"
            yield Suspicion("credit-after-cash", str(event.actor), words, f"account:{event.account}", amount,
                            event.at.date())  # fmt: skip


def two_hands(span: tuple[date, date]) -> Iterator[Suspicion]:
    """Money of two sign-ins in one drawer, or of one sign-in in two drawers at once: a sign-in was lent."""
    rows = (
        Tender.objects.filter(event__received_on__range=span, control__source__kind="drawer")
        .values_list("control", "event__recorded_by", "control__opened_by", "event__received_on")
        .annotate(first=Min("event__recorded_at"), last=Max("event__recorded_at"))
    )
    used: dict[str, list[tuple[int, date, datetime, datetime]]] = defaultdict(list)
    for control, who, opened_by, on, first, last in rows:
        used[str(who)].append((control, on, first, last))
        if who != opened_by:
            yield Suspicion("two-hands", str(who), f"Took money with the drawer of {opened_by.key}",
                            f"control:{control}", ZERO, on)  # fmt: skip
    for who, several in used.items():
        for place, (control, on, first, last) in enumerate(several):
            for other, _, begin, end in several[:place]:
                if control != other and first <= end and begin <= last:
                    yield Suspicion("two-hands", who, "Took money with two drawers at the same time",
                                    f"control:{control}", ZERO, on)  # fmt: skip


def gaps(span: tuple[date, date]) -> Iterator[Suspicion]:
    """Receipt numbers between the first and the last of the days that no payment has: given out, and nothing posted."""
    rows = PaymentEvent.objects.filter(received_on__range=span).values_list("receipt", "received_on", "recorded_by")
    numbers = sorted((int(receipt.partition("-")[0]), on, str(who)) for receipt, on, who in rows)
    for (before, _, _), (after, on, who) in pairwise(numbers):
        if 1 < after - before <= JUMP:
            missing = after - before - 1
            yield Suspicion("gap", who, f"{missing} receipt number{'s' if missing > 1 else ''} before R-{after}",
                            f"receipts:{before}", ZERO, on)  # fmt: skip


def _cash_of(event: PaymentEvent) -> Money:
    rows = event.tenders.filter(kind=Tender.Kind.CASH).values_list("amount", flat=True)
    return sum(rows, ZERO)
