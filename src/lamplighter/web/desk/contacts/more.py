"""`.`: every further act on an account in one panel, each a key away."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from lamplighter.web.access import may_open, needs
from lamplighter.web.loading import load_account
from lamplighter.web.ui import htmx
from lamplighter.web.ui.formpanel import layout
from lamplighter.web.ui.parts import Action, Crumb


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    actions: list[Action]


GROUPS: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    ("Write", (
        ("Email or text", "desk:do-write", "t"),
        ("Letter or email from a template", "desk:do-letters", "x"),
    )),
    ("Money", (
        ("Send a link to pay by card", "desk:do-card-link", "c"),
        ("Set up AutoPay", "desk:do-autopay", "a"),
        ("Stop AutoPay", "desk:do-stop-autopay", ""),
        ("Refund a credit", "desk:do-refund", "k"),
        ("Deposit: ask, waive, apply, give back", "desk:do-deposit", "i"),
        ("Bill now, outside the cycle", "desk:do-bill-now", "b"),
        ("Bill something else", "desk:do-invoice", "v"),
    )),
    ("Other departments", (
        ("Ask another department", "desk:do-ask", "u"),
        ("Hand over to an account manager", "desk:do-hand-over", "h"),
        ("An error that they met", "desk:do-report-error", "g"),
    )),
    ("People", (
        ("Name and contact", "desk:do-contact", "e"),
        ("Add a person", "desk:do-add-person", "q"),
        ("Take a person off", "desk:do-end-person", ""),
        ("Language and interpreter", "desk:do-language", "l"),
        ("Seasonal address", "desk:do-seasonal", ""),
        ("Protect the address", "desk:do-protect-address", ""),
        ("End the address's protection", "desk:do-open-address", ""),
        ("How bills come", "desk:do-dispatch", "y"),
        ("The customer died", "desk:do-estate", ""),
        ("Calls and texts: consent, quiet hours", "desk:do-consent", "z"),
    )),
    ("Care", (
        ("Raise an alert", "desk:do-alert", "!"),
        ("Protect: medical, dispute", "desk:do-protect", "r"),
        ("More time to pay", "desk:do-more-time", "d"),
    )),
)  # fmt: skip


@needs("accounts.view")
def more(request: HttpRequest, number: str) -> HttpResponse:
    load_account(request, number, to="accounts.view")
    groups = [
        Group(title, [
            Action(label, url, key) for label, name, key in acts
            if may_open(request, url := reverse(name, args=[number]))
        ])
        for title, acts in GROUPS
    ]  # fmt: skip
    here = reverse("desk:account", args=[number])
    response = render(request, "desk/contacts/more.html", {
        "title": "More", "groups": [group for group in groups if group.actions], "back": here,
        "crumbs": [Crumb(number, here)], "layout": layout(request),
    })  # fmt: skip
    htmx.vary(response)
    return response
