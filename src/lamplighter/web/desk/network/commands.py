"""One command from the asking to its end, with the messages that went over the wire for it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.network.models import Command, Message
from lamplighter.web.access import needs, permissions
from lamplighter.web.desk.network import words
from lamplighter.web.naming import names_of
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Badge, Crumb, Empty, Entry, Fact, Link, Tone
from lamplighter.web.ui.wording import moment
from lamplighter.web.visits import visit

ENTRIES = "desk/network/entries.html"
TONES = {"taken": Tone.GOOD, "refused": Tone.BAD, "repeated": Tone.PLAIN, "unreachable": Tone.WATCH}


@needs("metering.view")
def command(request: HttpRequest, key: str) -> HttpResponseBase:
    try:
        rows = Command.objects.select_related("meter", "head_end", "account", "point__premise")
        found = rows.filter(pk=UUID(key)).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404("There is no such command.")
    meter = Crumb(f"Meter {found.meter.badge}", reverse("desk:meter-network", args=[found.meter.badge]))
    return page(
        request,
        title=str(found.get_act_display()),
        number=found.meter.badge,
        crumbs=[meter],
        badges=[words.command_badge(found)],
        meta=[found.words],
        panels=[
            Panel("about", "Command", "desk/network/facts.html",
                  lambda: {"facts": _about(request, found), "waits": found.is_open}),
            Panel("messages", "Over the wire", ENTRIES, lambda: {"entries": _messages(found), "waits": found.is_open,
                  "empty": Empty("Nothing went out yet.")}),
            Panel("steps", "Steps", ENTRIES,
                  lambda: {"entries": _steps(found), "waits": found.is_open, "empty": Empty("None.")}, place="side"),
        ],
    )  # fmt: skip


def _about(request: HttpRequest, found: Command) -> list[Fact]:
    on, may = visit(request).on, permissions(request)
    names = names_of([found.asked_by])
    facts = [
        Fact("Asked", f"{moment(found.asked_at, on)} by {names[found.asked_by]}, from {found.origin}"),
        Fact("Head-end", found.head_end.name),
        Fact("Given up" if not found.is_open else "Given up at", moment(found.expires_at, on)),
        Fact("Sent", f"{found.tries} {'time' if found.tries == 1 else 'times'}"),
    ]
    if found.point:
        facts.insert(1, Fact("Where", found.point.premise.address))
    if found.account and "accounts.view" in may:
        url = reverse("desk:account", args=[found.account.number])
        facts.insert(1, Fact("Account", found.account.number, Link("Open", url)))
    if found.certificate:
        facts.append(Fact("Shut-off certificate", found.certificate))
    return facts


def _messages(found: Command) -> list[Entry]:
    rows = Message.objects.filter(transaction=str(found.pk)).order_by("id")
    return [
        Entry(one.at, Badge(str(one.get_outcome_display()), TONES[one.outcome]),
              f"{one.operation} {'to' if one.direction == 'out' else 'from'} the head-end", one.words)
        for one in rows
    ]  # fmt: skip


def _steps(found: Command) -> list[Entry]:
    return [
        Entry(step.at, Badge(str(step.get_state_display()), words.STATES[str(step.get_state_display())]),
              step.words or str(step.get_state_display()))
        for step in found.steps.order_by("serial")
    ]  # fmt: skip
