"""What one must know of an account before acting on it, and the other accounts of its customer and its premise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from lamplighter.accounts.models import AccountRole, Agreement
from lamplighter.accounts.queries import Profile
from lamplighter.billing.kinds import PARKED
from lamplighter.billing.models import Parked
from lamplighter.kernel.periods import Period
from lamplighter.web.desk.accounts.money import Standing
from lamplighter.web.desk.work.telling import why
from lamplighter.web.ui.parts import Alert, Level, Link
from lamplighter.web.ui.wording import due, short_day
from lamplighter.worklist.models import Item

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Other:
    """Another account: of the same customer, or with service at the same premise, now or once."""

    number: str
    name: str
    address: str
    period: Period
    same_customer: bool
    same_premise: bool

    def words(self, on: date) -> str:
        """`Same premise · Sep 3, 2025 to Jun 17`."""
        same = {"Same customer": self.same_customer, "Same premise": self.same_premise}
        start = short_day(self.period.start, on)
        days = f"since {start}" if self.period.end is None else f"{start} to {short_day(self.period.last_day, on)}"
        return f"{', '.join(words for words, is_so in same.items() if is_so)} · {days}"


def others(known: Profile) -> list[Other]:
    """Other accounts of the customer and of the premises served, the newest service first; one query, which finds
    both by index: joined by OR they would be looked for among all agreements."""
    mine = Agreement.objects.filter(premise__in=[service.agreement.premise_id for service in known.services])
    theirs = (
        Agreement.objects.filter(account__roles__person=known.customer, account__roles__role=AccountRole.Role.MAIN)
        if known.customer
        else Agreement.objects.none()
    )
    main = AccountRole.objects.filter(account=OuterRef("account"), role=AccountRole.Role.MAIN).order_by("-period")
    rows = (
        Agreement.objects.filter(
            pk__in=mine.values("pk").union(theirs.values("pk")), premise__isnull=False, cancelled_at__isnull=True
        )
        .exclude(account=known.account)
        .select_related("account", "premise")
        .annotate(name=Subquery(main.values("person__sort_name")[:1]), person=Subquery(main.values("person")[:1]))
        .order_by("-period")[:SHOWN]
    )
    premises = {service.agreement.premise_id for service in known.services}
    return [
        Other(
            row.account.number, row.name or "No customer", row.premise.address, row.period,
            same_customer=known.customer is not None and row.person == known.customer.pk,
            same_premise=row.premise_id in premises,
        )
        for row in rows if row.premise is not None and row.period.start != row.period.end
    ]  # fmt: skip


def alerts(known: Profile, money: Standing, beside: Sequence[Other], *, may: frozenset[str], on: date) -> list[Alert]:
    """What one must know before acting, the loudest first; two queries. Whoever `may` work an item is led to it."""
    found = []
    if money.ageing.past_due:
        found.append(Alert(Level.WATCH, f"Past due {money.ageing.past_due}", money.oldest))
    parked = Parked.objects.filter(agreement__account=known.account, state=Parked.State.OPEN).order_by("-pk").first()
    if parked:
        found.append(Alert(Level.WATCH, "Not billed", parked.message))
    found += [_waits(item, may, on) for item in _items(known)]
    if known.customer and (known.customer.interpreter or known.customer.language != "en"):
        words = known.customer.get_language_display() + (" · interpreter" if known.customer.interpreter else "")
        found.append(Alert(Level.KNOW, "Speaks", words))
    here = [other.number for other in beside if other.same_premise and on in other.period]
    if here:
        found.append(Alert(Level.KNOW, f"{len(here) + 1} accounts at premise", ", ".join(here)))
    return found


def _items(known: Profile) -> list[Item]:
    """What waits for a person about this account. An account that was parked says so itself."""
    return list(
        Item.objects.waiting().filter(account=known.account.pk).exclude(kind=PARKED.key).most_urgent_first()[:4]
    )


def _waits(item: Item, may: frozenset[str], on: date) -> Alert:
    level = {Item.Level.STOP: Level.STOP, Item.Level.WATCH: Level.WATCH}.get(Item.Level(item.severity), Level.KNOW)
    label, permission = (item.of.label, item.of.permission) if item.of else (item.kind, "system.configure")
    words = f"{why(item).rstrip('.')}, due {due(timezone.localdate(item.due_at), on)}"
    link = Link("Open", reverse("desk:item", args=[item.pk])) if permission in may else None
    return Alert(level, label, words, link)
