"""What one must know of an account before acting on it, and the other accounts of its customer and its premise."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject
from django.urls import reverse
from django.utils import timezone

from lamplighter.accounts.models import AccountRole, Agreement
from lamplighter.accounts.queries import Profile
from lamplighter.billing.kinds import PARKED
from lamplighter.billing.models import Parked
from lamplighter.cases.models import AccountAlert
from lamplighter.cases.words import Barred
from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.models import Hold
from lamplighter.customers.models import AddressProtection
from lamplighter.kernel.periods import Period
from lamplighter.platform.columns import PeriodField
from lamplighter.web.desk.accounts.money import Standing
from lamplighter.web.desk.credit.permissions import ends_with
from lamplighter.web.desk.work.telling import why
from lamplighter.web.ui.parts import Alert, Level, Link
from lamplighter.web.ui.wording import day, due, short_day
from lamplighter.worklist.models import Item

SHOWN = 8
ALERT, ADDRESS = "alert:", "address"


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
    held, parked, written, confidential = _stands(known, on)
    found = [_held(hold, known.account.number, may, on) for hold in held]
    found += [_written(row, known.account.number, may, on) for row in written]
    found += [_confidential(known, program, may) for program in confidential]
    if money.ageing.past_due:
        found.append(Alert(Level.WATCH, f"Past due {money.ageing.past_due}", money.oldest))
    if parked:
        found.append(Alert(Level.WATCH, "Not billed", parked))
    found += [_waits(item, may, on) for item in _items(known)]
    if known.customer and (known.customer.interpreter or known.customer.language != "en"):
        words = known.customer.get_language_display() + (" · interpreter" if known.customer.interpreter else "")
        found.append(Alert(Level.KNOW, "Speaks", words))
    here = [other.number for other in beside if other.same_premise and on in other.period]
    if here:
        found.append(Alert(Level.KNOW, f"{len(here) + 1} accounts at premise", ", ".join(here)))
    return found


@dataclass(frozen=True, slots=True)
class Written:
    """An alert that a person wrote."""

    pk: int
    level: str
    title: str
    acts: tuple[str, ...]
    words: str
    period: Period


def _stands(known: Profile, on: date) -> tuple[list[tuple[int, HoldKind, Period]], str, list[Written], list[str]]:
    """The protections that run, why the account was not billed, if it was parked, what people wrote down to be known,
    and by which program the customer's address is confidential; one query for all four, told apart by `kind`."""
    nothing = Value("", output_field=CharField())
    holds = Hold.objects.filter(account=known.account, period__contains=on).values_list("pk", "kind", nothing, "period")
    parked = Parked.objects.filter(agreement__account=known.account, state=Parked.State.OPEN).order_by("-pk")
    never = Value(None, output_field=PeriodField())
    said = JSONObject(title="title", acts="acts", words=Coalesce("remark__words", Value("")))
    alerts = AccountAlert.objects.filter(account=known.account, period__contains=on)
    rows = holds.union(
        parked.values_list("pk", nothing, "message", never)[:1],
        alerts.values_list("pk", Concat(Value(ALERT), "level"), Cast(said, CharField()), "period"),
        AddressProtection.objects.filter(person=known.customer, ended_on=None).values_list(
            "pk", Value(ADDRESS), "program", never
        ),
        all=True,
    )
    held, why_parked, written, confidential = [], "", [], []
    for pk, kind, words, period in rows:
        if not kind:
            why_parked = words
        elif kind == ADDRESS:
            confidential.append(AddressProtection.Program(words).label)
        elif kind.startswith(ALERT):
            fact = json.loads(words)
            written.append(
                Written(pk, kind.removeprefix(ALERT), fact["title"], tuple(fact["acts"]), fact["words"], period)
            )
        else:
            held.append((pk, HoldKind(kind), period))
    return held, why_parked, sorted(written, key=lambda one: one.pk), confidential


def _held(hold: tuple[int, HoldKind, Period], number: str, may: frozenset[str], on: date) -> Alert:
    """A protection, with the way to end it for who may."""
    pk, kind, period = hold
    days = f"until {day(period.last_day, on)}" if period.end else f"since {day(period.start, on)}"
    end = Link("End", reverse("desk:do-end-hold", args=[number, pk]), panel=True)
    link = end if ends_with(kind) in may else None
    return Alert(Level.STOP, f"Do not disconnect: {kind.label.lower()}", days, link)


def _confidential(known: Profile, program: str, may: frozenset[str]) -> Alert:
    """Nobody says or confirms where they live; for who may, the way to see it."""
    place = known.premise if "addresses.protect" in may else None
    link = Link("See it", reverse("desk:do-show-address", args=[place.number]), panel=True) if place else None
    words = f"{program} · letters go to the substitute address · confirm no address to anybody"
    return Alert(Level.STOP, "Address confidential", words, link)


def _written(alert: Written, number: str, may: frozenset[str], on: date) -> Alert:
    """An alert of a person: its words, what it blocks, and the way to end it for who may."""
    stops = alert.level == AccountAlert.Level.STOP
    blocked = f"Blocks: {', '.join(Barred(act).label.lower() for act in alert.acts)}" if stops else ""
    until = f"until {day(alert.period.last_day, on)}" if alert.period.end else ""
    end = Link("End", reverse("desk:do-end-alert", args=[number, alert.pk]), panel=True)
    link = end if ("team.lead" if stops else "accounts.change") in may and "accounts.change" in may else None
    words = " · ".join(filter(None, [alert.words, blocked, until]))
    return Alert(Level(alert.level), alert.title, words, link)


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
