"""Find accounts, and know one: overview, bills and payments, ledger."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.accounts.queries import Profile, profile
from lamplighter.billing.models import Bill
from lamplighter.journeys.finding import Hit, find
from lamplighter.payments.queries import payments_of
from lamplighter.web.access import needs, permissions
from lamplighter.web.desk.accounts import overview
from lamplighter.web.desk.accounts.money import ledger_lines, standing
from lamplighter.web.desk.accounts.serving import past_rows, service_rows
from lamplighter.web.desk.accounts.tables import Bills, Changes, Ledger, Payments
from lamplighter.web.loading import load_account
from lamplighter.web.ui.palette import palette_options
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Match, Tab, Tone
from lamplighter.web.ui.tables import Table, grid, table_page
from lamplighter.web.visits import visit

ACCOUNTS = Crumb("Accounts", "/desk/accounts/")
TONES = {"Active": Tone.GOOD, "Stopped": Tone.NOTICE, "Closed": Tone.PLAIN}
TABS = (
    ("Overview", "desk:account", "accounts.view"),
    ("Bills and payments", "desk:account-money", "billing.view"),
    ("Ledger", "desk:account-ledger", "billing.view"),
    ("Usage and meter", "desk:account-usage", "metering.view"),
    ("Service and premises", "desk:account-service", "accounts.view"),
    ("History of changes", "desk:account-history", "audit.view"),
)


@needs("accounts.view")
def search(request: HttpRequest) -> HttpResponse:
    """The page of the search box: every match. One exact match opens at once."""
    text = request.GET.get("q", "").strip()
    hits = find(text, limit=50) if text else []
    if len(hits) == 1 and request.GET.get("open") == "1":
        return redirect("desk:account", number=hits[0].number)
    empty = Empty(f"Nobody matches “{text}”. Try part of the name, the street, or the last digits of a number.")
    return render(
        request, "desk/accounts/search.html", {"title": "Find an account", "text": text, "hits": hits, "empty": empty}
    )


@needs("accounts.view")
def palette(request: HttpRequest) -> HttpResponse:
    """What the palette shows while somebody types."""
    text = request.GET.get("q", "").strip()
    if not text:
        return palette_options(request, [_match(hit) for hit in _recent(request)], heading="Recent")
    hits = find(text)
    more = f"{reverse('desk:accounts')}?q={text}" if len(hits) == 8 else ""
    return palette_options(request, [_match(hit) for hit in hits], more=more)


@needs("accounts.view")
def account(request: HttpRequest, number: str) -> HttpResponseBase:
    """The 360: who, what must I not do, how much, what just happened."""
    known = known_account(request, number)
    on = visit(request).on
    money = standing(known, on=on)
    _remember(request, number)
    return page(
        request,
        **heading(request, known, "desk:account"),
        alerts=overview.alerts(known, money, on=on),
        panels=[
            Panel("facts", "", "desk/accounts/tiles.html", lambda: {"tiles": overview.tiles(known, money, on=on)},
                  place="top", frame=False),
            Panel("timeline", "Timeline", "desk/accounts/timeline.html", lambda: overview.timeline(request, known)),
            Panel("about", "About this account", "desk/accounts/facts.html", lambda: {"facts": overview.facts(known)},
                  place="side"),
        ],
    )  # fmt: skip


@needs("accounts.view", "billing.view")
def money(request: HttpRequest, number: str) -> HttpResponseBase:
    """Bills and payments, each a table of its own."""
    known = known_account(request, number)
    bills = Bill.objects.filter(account=known.account).select_related("account").order_by("-issued_on", "-id")
    payments = payments_of(known.account)
    panels = [
        _table(request, "Bills", Bills, bills, "No bill yet."),
        _table(request, "Payments", Payments, payments, "No payment yet."),
    ]
    return page(request, **heading(request, known, "desk:account-money"), panels=panels)


def _table(request: HttpRequest, title: str, table: type[Table], rows: QuerySet[Any], nothing: str) -> Panel:
    """A panel that is one table."""
    name = title.lower()
    return Panel(
        name, title, "desk/accounts/grid.html",
        lambda: {"grid": grid(request, table=table, rows=rows, caption=title, name=name, empty=Empty(nothing))},
    )  # fmt: skip


@needs("accounts.view", "billing.view")
def ledger(request: HttpRequest, number: str) -> HttpResponseBase:
    """Every movement of the account with both balances after it."""
    known = known_account(request, number)
    return table_page(
        request, table=Ledger, rows=ledger_lines(known), empty=Empty("Nothing was posted yet."),
        template="desk/accounts/ledger.html", **heading(request, known, "desk:account-ledger"),
    )  # fmt: skip


@needs("accounts.view")
def service(request: HttpRequest, number: str) -> HttpResponseBase:
    """Where, on which rate, from when; the facts that price it; meters and their exchanges."""
    known = known_account(request, number)
    return page(
        request,
        **heading(request, known, "desk:account-service"),
        panels=[
            Panel(f"service-{line.agreement.pk}", f"Service at {line.agreement.premise}", "desk/accounts/service.html",
                  partial(service_rows, line, visit(request).on))
            for line in known.services
        ] or [Panel("none", "Service", "desk/accounts/empty.html", lambda: {"empty": Empty("No service yet.")})],
    )  # fmt: skip


@needs("accounts.view", "audit.view")
def history(request: HttpRequest, number: str) -> HttpResponseBase:
    """What rows of this account were, who changed them and when."""
    known = known_account(request, number)
    return table_page(
        request, table=Changes, rows=past_rows(known), empty=Empty("Nothing was changed since it was entered."),
        **heading(request, known, "desk:account-history"),
    )  # fmt: skip


def known_account(request: HttpRequest, number: str) -> Profile:
    return profile(load_account(request, number, to="accounts.view"), on=visit(request).on)


def heading(request: HttpRequest, known: Profile, current: str) -> dict[str, Any]:
    """What stands over every tab of an account."""
    number = known.account.number
    customer = known.customer
    words = [
        f"{known.premise.address}, {known.premise.postcode}" if known.premise else "No premise",
        known.reach.phone,
        known.reach.email,
        known.account.get_customer_class_display(),
    ]
    return {
        "title": customer.sort_name if customer else "No customer",
        "number": number,
        "crumbs": [ACCOUNTS],
        "badges": [Badge(known.state, TONES[known.state])],
        "meta": [word for word in words if word],
        "tabs": [
            Tab(label, reverse(name, args=[number]), current=name == current)
            for label, name, permission in TABS
            if permission in permissions(request)
        ],
        "actions": _actions(request, number),
    }


def _actions(request: HttpRequest, number: str) -> list[Action]:
    may = permissions(request)
    acts = [
        ("payments.take", Action("Pay", reverse("desk:do-pay", args=[number]), key="p", primary=True)),
        ("adjustments.ask", Action("Credit", reverse("desk:do-credit", args=[number]))),
        ("notes.write", Action("Note", reverse("desk:do-note", args=[number]), key="n")),
    ]
    return [action for permission, action in acts if permission in may]


def _match(hit: Hit) -> Match:
    return Match(
        label=hit.name, url=reverse("desk:account", args=[hit.number]), detail=f"{hit.address} · {hit.number}",
        why=", ".join(hit.why), state=None if hit.open else Badge("Closed", Tone.PLAIN),
    )  # fmt: skip


def _recent(request: HttpRequest) -> list[Hit]:
    """The accounts that this person opened last, newest first."""
    numbers: list[str] = request.session.get("recent", [])
    known = {a.number: a for a in Account.objects.filter(number__in=numbers)}
    found = [profile(known[number], on=visit(request).on) for number in numbers if number in known]
    return [
        Hit(p.account.number, p.customer.sort_name if p.customer else "", p.premise.address if p.premise else "",
            p.account.closed_on is None, ()) for p in found
    ]  # fmt: skip


def _remember(request: HttpRequest, number: str) -> None:
    recent: list[str] = request.session.get("recent", [])
    request.session["recent"] = [number, *(other for other in recent if other != number)][:8]
