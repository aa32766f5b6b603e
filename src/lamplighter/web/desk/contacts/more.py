"""`.`: every further act on an account in one panel, each a key away."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from lamplighter.web.access import needs, permissions
from lamplighter.web.loading import load_account
from lamplighter.web.ui import htmx
from lamplighter.web.ui.formpanel import layout
from lamplighter.web.ui.parts import Action, Crumb


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    actions: list[Action]


GROUPS: tuple[tuple[str, tuple[tuple[str, str, str, str], ...]], ...] = (
    ("Write", (
        ("Email or text", "desk:do-write", "contacts.work", "t"),
        ("Letter or email from a template", "desk:do-letters", "notices.send", "x"),
    )),
    ("Money", (
        ("Set up AutoPay", "desk:do-autopay", "payments.take", "a"),
        ("Stop AutoPay", "desk:do-stop-autopay", "payments.take", ""),
        ("Refund a credit", "desk:do-refund", "adjustments.ask", "k"),
        ("Deposit: ask, waive, apply, give back", "desk:do-deposit", "adjustments.ask", "i"),
    )),
    ("Other departments", (
        ("Ask another department", "desk:do-ask", "contacts.work", "u"),
        ("Hand over to an account manager", "desk:do-hand-over", "notes.write", "h"),
        ("An error that they met", "desk:do-report-error", "interfaces.work", "g"),
    )),
    ("People", (
        ("Name and contact", "desk:do-contact", "accounts.change", "e"),
        ("Add a person", "desk:do-add-person", "accounts.change", "q"),
        ("Take a person off", "desk:do-end-person", "accounts.change", ""),
        ("Language and interpreter", "desk:do-language", "accounts.change", "l"),
        ("Seasonal address", "desk:do-seasonal", "accounts.change", ""),
        ("How bills come", "desk:do-dispatch", "accounts.change", "y"),
        ("The customer died", "desk:do-estate", "accounts.change", ""),
        ("Calls and texts: consent, quiet hours", "desk:do-consent", "accounts.change", "z"),
    )),
    ("Care", (
        ("Raise an alert", "desk:do-alert", "accounts.change", "!"),
        ("Protect: medical, dispute", "desk:do-protect", "credit.work", "r"),
        ("More time to pay", "desk:do-more-time", "credit.work", "d"),
    )),
)  # fmt: skip


@needs("accounts.view")
def more(request: HttpRequest, number: str) -> HttpResponse:
    load_account(request, number, to="accounts.view")
    may = permissions(request)
    groups = [
        Group(title, [
            Action(label, url, key) for label, name, permission, key in acts
            if permission in may and (url := _url(name, number))
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


def _url(name: str, number: str) -> str:
    try:
        return reverse(name, args=[number])
    except NoReverseMatch:
        return ""
