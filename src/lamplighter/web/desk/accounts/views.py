"""Know an account: overview, bills and payments, ledger, service, history."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.queries import Profile, profile
from lamplighter.billing.models import Bill
from lamplighter.cases.queries.contacts import live
from lamplighter.payments.queries import payments_of
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.desk.accounts.changes import changes
from lamplighter.web.desk.accounts.finding import remember
from lamplighter.web.desk.accounts.money import ledger_lines
from lamplighter.web.desk.accounts.overview import Overview
from lamplighter.web.desk.accounts.serving import service_rows
from lamplighter.web.desk.accounts.tables import Bills, Changes, Ledger, LedgerWithPayoff, Payments
from lamplighter.web.desk.contacts.line import caller_badge
from lamplighter.web.loading import load_account
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Tab, Tone
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
    ("Contacts", "desk:account-contacts", "accounts.view"),
    ("Online", "desk:account-online", "contacts.work"),
    ("Rates", "desk:account-rates", "billing.view"),
    ("Credit", "desk:account-credit", "credit.view"),
    ("Programs", "desk:account-programs", "programs.view"),
    ("History of changes", "desk:account-history", "audit.view"),
)
SAID = {
    "arrange": "extension, more time, payment plan, installments",
    "programs": "CARE, low income, EAP, assist, discount",
    "desk:account-money": "NSF, bounced, returned payment, returned check",
}
"""What people say for an act or a tab; the palette finds it by them."""


@needs("accounts.view")
def account(request: HttpRequest, number: str) -> HttpResponseBase:
    """The 360: who, what must I not do, how much, what happens next, what just happened."""
    known = known_account(request, number)
    if "panel" not in request.GET:
        remember(request, number)
    return page(request, **heading(request, known, "desk:account"), panels=Overview(request, known).panels)


@needs("accounts.view", "billing.view")
def money(request: HttpRequest, number: str) -> HttpResponseBase:
    """Bills and payments, each a table of its own."""
    known = known_account(request, number)
    bills = Bill.objects.filter(account=known.account).select_related("account").annotate(kwh=Sum("segments__kwh"))
    panels = [
        _table(request, "Bills", Bills, bills.order_by("-issued_on", "-id"), "No bill yet."),
        _table(request, "Payments", Payments, payments_of(known.account), "No payment yet."),
    ]
    return page(request, **heading(request, known, "desk:account-money"), panels=panels)


@needs("accounts.view", "billing.view")
def ledger(request: HttpRequest, number: str) -> HttpResponseBase:
    """Every movement of the account with the balance after it."""
    known = known_account(request, number)
    lines = ledger_lines(known)
    table = LedgerWithPayoff if any(line.current != line.payoff for line in lines) else Ledger
    return table_page(
        request, table=table, rows=lines, empty=Empty("Nothing was posted yet."),
        template="desk/accounts/ledger.html", **heading(request, known, "desk:account-ledger"),
    )  # fmt: skip


@needs("accounts.view")
def service(request: HttpRequest, number: str) -> HttpResponseBase:
    """Where, on which rate, from when; the facts that price it; meters and their exchanges."""
    known, on, corrects = known_account(request, number), visit(request).on, "billing.correct" in permissions(request)
    return page(
        request,
        **heading(request, known, "desk:account-service"),
        panels=[
            Panel(f"service-{line.agreement.pk}", f"{line.agreement.get_kind_display()} at {line.agreement.premise}",
                  "desk/accounts/service.html", partial(service_rows, line, on, corrects=corrects))
            for line in known.services
        ] or [Panel("none", "Service", "desk/accounts/empty.html", lambda: {"empty": Empty("No service yet.")})],
    )  # fmt: skip


@needs("accounts.view", "audit.view")
def history(request: HttpRequest, number: str) -> HttpResponseBase:
    """What rows of this account were, who changed them and when."""
    known = known_account(request, number)
    return table_page(
        request, table=Changes, rows=changes(known), empty=Empty("Nothing was changed since it was entered."),
        **heading(request, known, "desk:account-history"),
    )  # fmt: skip


def known_account(request: HttpRequest, number: str) -> Profile:
    return profile(load_account(request, number, to="accounts.view"), on=visit(request).on)


def heading(request: HttpRequest, known: Profile, current: str) -> dict[str, Any]:
    """What stands over every tab of an account."""
    number = known.account.number
    customer = known.customer
    return {
        "title": customer.sort_name if customer else "No customer",
        "number": number,
        "crumbs": [ACCOUNTS],
        "badges": [Badge(known.state, TONES[known.state]), *_caller(request, known)],
        "watch": known.account.subject,
        "meta": [word for word in _meta(known) if word],
        "tabs": [
            Tab(label, reverse(name, args=[number]), current=name == current, also=SAID.get(name, ""))
            for label, name, permission in TABS
            if permission in permissions(request)
        ],
        "actions": _actions(request, number),
    }


def _caller(request: HttpRequest, known: Profile) -> list[Badge]:
    """Whether the person on the line was verified, for those who speak with customers; one query."""
    if "contacts.work" not in permissions(request):
        return []
    return [caller_badge(live(known.account, actor=actor(request), at=visit(request).at))]


def _meta(known: Profile) -> list[str]:
    """Where, how to reach them, in which language, on which rate, since when."""
    customer = known.customer
    language = customer.get_language_display() if customer and customer.language != "en" else ""
    rate = next((service.schedule for service in known.services if service.running), "")
    return [
        f"{known.premise.address}, {known.premise.postcode}" if known.premise else "No premise",
        known.reach.phone,
        known.reach.email,
        language + (" · interpreter" if customer and customer.interpreter else ""),
        f"{known.account.get_customer_class_display()} {rate}".strip(),
        f"Since {known.account.opened_on.year}",
    ]


def _actions(request: HttpRequest, number: str) -> list[Action]:
    """What is done many times a day; the rest is behind More."""
    may = permissions(request)
    acts = [
        ("payments.take", Action("Pay", reverse("desk:do-pay", args=[number]), key="p", primary=True)),
        ("credit.work", Action("Arrange", reverse("desk:do-arrange", args=[number]), key="a", also=SAID["arrange"])),
        ("adjustments.ask", Action("Adjust", reverse("desk:do-credit", args=[number]), key="c")),
        ("accounts.change", Action("Contact", reverse("desk:do-contact", args=[number]), key="e")),
        ("metering.view", Action("Meter", reverse("desk:meter-check", args=[number]), key="m", panel=False)),
        ("orders.raise", Action("Order", reverse("desk:do-order", args=[number]), key="o")),
        (
            "programs.apply",
            Action(
                "Programs", reverse("desk:account-programs", args=[number]), key="f", panel=False, also=SAID["programs"]
            ),
        ),
        ("service.start", Action("Service", reverse("desk:do-service", args=[number]), key="s")),
        ("notes.write", Action("Note", reverse("desk:do-note", args=[number]), key="n")),
        ("accounts.view", Action("More", reverse("desk:do-more", args=[number]), key=".")),
    ]
    return [action for permission, action in acts if permission in may]


def _table(request: HttpRequest, title: str, table: type[Table], rows: QuerySet[Any], nothing: str) -> Panel:
    """A panel that is one table."""
    name = title.lower()
    return Panel(
        name, title, "ui/tables/grid.html",
        lambda: {"grid": grid(request, table=table, rows=rows, caption=title, name=name, empty=Empty(nothing))},
    )  # fmt: skip
