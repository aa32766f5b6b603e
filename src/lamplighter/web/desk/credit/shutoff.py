"""The shut-off check: every condition of each service, whether it holds now, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Agreement
from lamplighter.accounts.queries import profile
from lamplighter.credit.queries.certificates import judge
from lamplighter.credit.rules.certificate import Decision
from lamplighter.credit.rules.facts import Reason
from lamplighter.web.access import needs, permissions
from lamplighter.web.desk.accounts.views import heading
from lamplighter.web.loading import load_account
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Badge, Empty, Entry, Level, Tone
from lamplighter.web.visits import visit


@needs("accounts.view", "credit.view")
def shutoff(request: HttpRequest, number: str) -> HttpResponseBase:
    """What a certificate for non-payment would say now, service by service."""
    known = profile(load_account(request, number, to="credit.view"), on=visit(request).on)
    running = [service.agreement for service in known.services if service.running]
    panels = [
        Panel(f"checks-{each.pk}", f"{each.type.label} at {each.premise}", "desk/credit/checks.html",
              partial(checks, request, each))
        for each in running
    ]  # fmt: skip
    if not panels:
        empty = {"empty": Empty("No service runs.")}
        panels = [Panel("none", "Service", "desk/accounts/empty.html", lambda: empty)]
    acts = [Action("Calendar", reverse("desk:collection-calendar", args=[number]), key="c", panel=False)]
    if running and "orders.raise" in permissions(request):
        acts.append(Action("Turn off", reverse("desk:do-turn-off", args=[number]), key="t"))
    shown = {**heading(request, known, "desk:shutoff"), "title": "Shut-off check", "actions": acts}
    return page(request, **shown, panels=panels)


def checks(request: HttpRequest, agreement: Agreement) -> Mapping[str, Any]:
    """The decision with its loudest words, and each check as a line."""
    at = visit(request).at
    _, decision = judge(agreement, reason=Reason.NON_PAYMENT, at=at)
    badges = {True: Badge("Holds", Tone.GOOD), False: Badge("Missing", Tone.BAD)}
    return {
        "alerts": [_verdict(decision)],
        "entries": [Entry(at, badges[check.passed], check.says, check.cites) for check in decision.checks],
        "pack": decision.pack,
    }  # fmt: skip


def _verdict(decision: Decision) -> Alert:
    if decision.allowed:
        return Alert(Level.WATCH, "Power may be turned off now", "It is checked again when the order is sent.")
    says = " ".join(check.says for check in decision.refusals[:2])
    return Alert(Level.STOP, "Power can't be turned off.", f"{says} Only a supervisor can review a protection.")
