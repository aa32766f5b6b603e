"""The timeline of an account: everything that happened to it, the newest first, with a filter that is remembered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from lamplighter.accounts.queries import Profile
from lamplighter.platform.models import Event
from lamplighter.platform.queries.events import events_about
from lamplighter.web.access import may_open, permissions
from lamplighter.web.desk.happenings import QUIET, entries, names_of
from lamplighter.web.desk.wordings import CHANGE, CONTACT, MONEY, NOTICE, SERVICE
from lamplighter.web.naming import named
from lamplighter.web.ui import htmx
from lamplighter.web.ui.parts import Chip, Empty, Link
from lamplighter.web.visits import visit

SHOWN = 50
FAMILIES = {
    "all": "All", MONEY: "Money", CONTACT: "Contacts", SERVICE: "Service", NOTICE: "Notices", CHANGE: "Changes",
}  # fmt: skip
REMEMBERED = "timeline"


def timeline(request: HttpRequest, known: Profile) -> Mapping[str, Any]:
    """Fifty entries of the chosen family, the newest or from `?skip=` on, and the filter chips; one query."""
    family = _family(request)
    events = events_about(account=known.account.pk).exclude(name__in=QUIET).annotate(actor_name=named("actor"))
    if family != "all":
        events = events.filter(name__in=names_of(family))
    skip = int(asked) if (asked := request.GET.get("skip", "")).isdigit() else 0
    newest = list(events[skip : skip + SHOWN + 1])
    here = f"{reverse('desk:account', args=[known.account.number])}?family="
    chips = [Chip(label, f"{here}{name}", on=name == family) for name, label in FAMILIES.items()]
    return {
        "entries": entries(newest[:SHOWN], lambda event: _link(event, known.account.number, request), visit(request)),
        "beside": render_to_string("desk/accounts/families.html", {"chips": chips, "swapped": _chosen(request)}),
        "earlier": f"{here}{family}&skip={skip + SHOWN}" if len(newest) > SHOWN else "",
        "newest": f"{here}{family}" if skip else "",
        "empty": Empty(
            "Nothing of this kind has happened yet.", Link("Show all", f"{here}all") if family != "all" else None
        ),
    }


def _chosen(request: HttpRequest) -> bool:
    """Whether somebody pressed a chip just now: then focus stays on it. A refresh after an act takes none."""
    return htmx.asks(request) and request.headers.get("HX-Trigger", "").startswith("family-")


def _family(request: HttpRequest) -> str:
    """As asked, else as this person had it last."""
    asked = request.GET.get("family", "")
    if asked in FAMILIES:
        if asked != request.session.get(REMEMBERED, "all"):
            request.session[REMEMBERED] = asked
        return asked
    kept = str(request.session.get(REMEMBERED, "all"))
    return kept if kept in FAMILIES else "all"


PAGES = {
    "payment": "desk:receipt", "notice": "desk:letter", "contact": "desk:contact", "order": "desk:order",
    "application": "desk:application", "request": "desk:request", "incident": "desk:incident",
    "draft": "desk:draft", "command": "desk:command", "meter": "desk:meter-network",
    "investigation": "desk:investigation", "rebate": "desk:rebate", "grant": "desk:grant",
}  # fmt: skip
"""Where a subject of this kind has its page, found by its key."""


def _link(event: Event, account: str, request: HttpRequest) -> str:
    kind, _, key = event.subject.partition(":")
    if kind == "bill":
        return reverse("desk:bill", args=[account, key])
    if kind == "request" and "contacts.work" not in permissions(request):
        return ""  # who is asked finds it in their work; others do not read it
    url = reverse(PAGES[kind], args=[key]) if kind in PAGES else ""
    return url if url and may_open(request, url) else ""
