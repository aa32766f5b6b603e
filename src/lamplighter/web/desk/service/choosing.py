"""`S`: start, stop or move, with what runs now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from lamplighter.accounts.queries import profile
from lamplighter.web.access import needs
from lamplighter.web.loading import load_account
from lamplighter.web.ui import htmx
from lamplighter.web.ui.formpanel import layout
from lamplighter.web.ui.parts import Action, Crumb, Fact
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

ACTS = (
    ("Start service", "desk:do-start", "s"), ("Stop service", "desk:do-stop", "x"), ("Move", "desk:do-move", "m"),
    ("Take back a start or a stop", "desk:do-take-back-service", "b"),
    ("Landlord: take service back between tenants", "desk:do-standing", "l"),
    ("End a landlord's agreement", "desk:do-end-standing", ""),
)  # fmt: skip


@needs("service.start")
def choose(request: HttpRequest, number: str) -> HttpResponse:
    account = load_account(request, number, to="service.start")
    on = visit(request).on
    facts = []
    for line in profile(account, on=on).services:
        period = line.agreement.period
        words = f"since {day(period.start, on)}" if period.start <= on else f"starts {day(period.start, on)}"
        if period.end is not None:
            words += f", stops {day(period.end, on)}"
        facts.append(Fact(str(line.agreement.premise), f"{line.schedule} {words}"))
    response = render(request, "desk/service/choose.html", {
        "title": "Service", "facts": facts, "layout": layout(request),
        "crumbs": [Crumb(number, reverse("desk:account", args=[number]))],
        "offered": [Action(label, reverse(name, args=[number]), key) for label, name, key in ACTS],
    })  # fmt: skip
    htmx.vary(response)
    return response
