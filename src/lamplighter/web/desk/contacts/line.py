"""The line: a call that rings here, the panel that times it, and who else has the same page open."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode

from lamplighter.accounts.models import Account
from lamplighter.cases.models import Contact
from lamplighter.cases.operations.contacts import note_presence
from lamplighter.cases.queries.contacts import Live, live, others_here, ringing
from lamplighter.customers import rules
from lamplighter.platform.transactions import unit_of_work
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.desk.contacts.loading import load_contact
from lamplighter.web.naming import names_of
from lamplighter.web.ui.panels import Panel
from lamplighter.web.ui.parts import Badge, Tone
from lamplighter.web.ui.wording import clock
from lamplighter.web.visits import visit

WATCHED = ("account:", "item:", "contact:")


@needs("contacts.work")
def watch(request: HttpRequest) -> HttpResponse:
    """Asked every few seconds by an open page: does a call ring here, and who else looks at this?"""
    by, at = actor(request), visit(request).at
    subject = request.GET.get("subject", "")[:80]
    here: list[str] = []
    if subject.startswith(WATCHED):
        with unit_of_work(by):
            note_presence(subject=subject, by=by, at=at)
        others = others_here(subject, actor=by, at=at)
        here = [names_of(others)[one] for one in others]
    call = ringing(by, at=at)
    return JsonResponse({"call": _call(call) if call else None, "here": here})


@needs("contacts.work")
def pop(request: HttpRequest, pk: int) -> HttpResponse:
    """The screen of a call: its account, else everybody whom its number finds."""
    contact = load_contact(request, pk)
    if contact.account is not None:
        return HttpResponseRedirect(reverse("desk:account", args=[contact.account.number]))
    found = urlencode({"q": rules.shown(contact.party), "open": "1"})
    return HttpResponseRedirect(f"{reverse('desk:accounts')}?{found}")


def line_panel(request: HttpRequest, account: Account) -> list[Panel]:
    """Who is on the line about this account, with verifying and wrapping up; fetched after the page."""
    if "contacts.work" not in permissions(request):
        return []
    return [
        Panel(
            "line", "On the line", "desk/contacts/line.html", lambda: _line(request, account), place="side", lazy=True
        )
    ]


def caller_badge(found: Live | None) -> Badge:
    """Whether the person on the line is known to be who they say."""
    if found is None or found.verified_at is None:
        return Badge("Caller not verified", Tone.WATCH)
    return Badge(f"Verified {clock(found.verified_at)}", Tone.GOOD)


def _line(request: HttpRequest, account: Account) -> dict[str, Any]:
    found = live(account, actor=actor(request), at=visit(request).at)
    here = [account.number]
    return {
        "live": found, "badge": caller_badge(found), "party": rules.shown(found.contact.party) if found else "",
        "verify": reverse("desk:do-verify", args=here), "wrap": reverse("desk:do-wrap", args=here),
    }  # fmt: skip


def _call(call: Contact) -> dict[str, Any]:
    who = call.person.name if call.person_id and call.person else ""
    words = " · ".join(filter(None, [rules.shown(call.party) or "Number withheld", who]))
    return {"key": call.pk, "words": f"Call from {words}", "url": reverse("desk:call", args=[call.pk])}
