"""The account page above the fold: alerts, five facts that never change place, and the timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from lamplighter.accounts.queries import Profile, neighbours
from lamplighter.billing.models import Parked
from lamplighter.kernel.money import ZERO
from lamplighter.metering.models import Installation, SwitchState
from lamplighter.platform.models import Event
from lamplighter.platform.queries.events import events_about
from lamplighter.usage.models import IntervalException
from lamplighter.web.desk.accounts.money import Standing
from lamplighter.web.desk.happenings import MONEY, SERVICE, entries, names_of
from lamplighter.web.ui.parts import Alert, Chip, Empty, Fact, Level, Link, Tile, Tone
from lamplighter.web.ui.wording import short_day

SHOWN = 50
FAMILIES = {"": "All", MONEY: "Money", "contacts": "Contacts", SERVICE: "Service", "changes": "Changes"}


def alerts(known: Profile, money: Standing, *, on: date) -> list[Alert]:
    """What one must know before acting, the loudest first."""
    found = []
    if money.ageing.past_due:
        found.append(Alert(Level.WATCH, f"Past due {money.ageing.past_due}", f"Oldest {money.oldest}"))
    parked = Parked.objects.filter(agreement__account=known.account, state=Parked.State.OPEN).first()
    if parked:
        found.append(Alert(Level.WATCH, "Not billed", parked.message))
    points = [point for service in known.services for point in service.points]
    waiting = IntervalException.objects.filter(
        channel__meter__installations__point__in=points, state=IntervalException.State.OPEN
    ).count()
    if waiting:
        found.append(Alert(Level.WATCH, "Readings in question", f"{waiting} wait for a decision"))
    if known.customer and (known.customer.interpreter or known.customer.language != "en"):
        words = known.customer.get_language_display() + (" · interpreter" if known.customer.interpreter else "")
        found.append(Alert(Level.KNOW, "Speaks", words))
    if known.premise:
        others = neighbours(known.account, known.premise, on=on)
        if others:
            numbers = ", ".join(account.number for account in others[:3])
            found.append(Alert(Level.KNOW, f"{len(others) + 1} accounts at premise", numbers))
    return found


def tiles(known: Profile, money: Standing, *, on: date) -> list[Tile]:
    """Balance, past due, last bill, last payment, meter: a zero is shown as $0.00."""
    bill, payment = money.last_bill, money.last_payment
    return [
        Tile("Balance", money.balance.current, _owed(money)),
        Tile("Past due", money.ageing.past_due, money.oldest or "Nothing is late",
             Tone.BAD if money.ageing.past_due else Tone.PLAIN),
        Tile("Last bill", bill.charges if bill else ZERO,
             f"{short_day(bill.issued_on, on)}, due {short_day(bill.due_on, on)}" if bill else "No bill yet"),
        Tile("Last payment", payment.amount if payment else ZERO,
             f"{short_day(payment.event.received_on, on)} · "
             + ", ".join(t.get_kind_display().lower() for t in payment.event.tenders.all())
             if payment else "None yet"),
        _meter(known),
    ]  # fmt: skip


def facts(known: Profile) -> list[Fact]:
    """Who stands on the account besides the customer, and how it is billed."""
    people = [Fact(role.get_role_display(), role.person.name) for role in known.others]
    rates = [
        Fact("Rate", " + ".join((service.schedule, *service.riders)) + ("" if service.running else " (stopped)"))
        for service in known.services
    ]
    return [
        *rates,
        Fact("Bill cycle", known.account.cycle.code),
        Fact("Bills by", known.account.get_dispatch_display()),
        Fact("Customer since", known.account.opened_on),
        *people,
    ]


def timeline(request: HttpRequest, known: Profile) -> Mapping[str, Any]:
    """The newest entries of a family, and the filter chips. `all=1` shows everything."""
    family = request.GET.get("family", "")
    events = events_about(account=known.account.pk)
    if family in FAMILIES and family:
        events = events.filter(name__in=names_of(family))
    newest = list(events[: SHOWN + 1])
    here = reverse("desk:account", args=[known.account.number])
    return {
        "entries": entries(newest[:SHOWN], lambda event: _link(event, known.account.number)),
        "chips": [
            Chip(label, f"{here}?panel=timeline&family={name}", on=name == family) for name, label in FAMILIES.items()
        ],
        "more": len(newest) > SHOWN,
        "empty": Empty("Nothing of this kind has happened yet.", Link("Show all", here) if family else None),
    }


def _link(event: Event, account: str) -> str:
    kind, _, key = event.subject.partition(":")
    if kind == "payment":
        return reverse("desk:receipt", args=[key])
    if kind == "bill":
        return reverse("desk:bill", args=[account, key])
    return ""


def _owed(money: Standing) -> str:
    if money.balance.current.cents < 0:
        return "Credit"
    if money.balance.payoff != money.balance.current:
        return f"{money.balance.payoff} settles everything"
    return f"{money.ageing.current} not yet due" if money.ageing.current else "Nothing owed"


def _meter(known: Profile) -> Tile:
    points: Sequence[int] = known.services[0].points if known.services else ()
    standing = (
        Installation.objects.filter(point__in=points, span__endswith__isnull=True).select_related("meter").first()
    )
    if standing is None:
        return Tile("Meter", "None", "No meter stands here now")
    switch = SwitchState.objects.filter(point__in=points, span__endswith__isnull=True).first()
    state = switch.get_state_display() if switch else "On"
    kind = "network meter" if standing.meter.ami else "read by hand"
    url = reverse("desk:meter", args=[standing.meter.badge])
    return Tile(f"Meter {standing.meter.badge}", state, kind, Tone.BAD if state == "Off" else Tone.PLAIN, url)
