"""The link in a bill's email at the desk: that it went and was opened; revoke it, or send a new one."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.billing.models import Bill, BillLink
from lamplighter.billing.operations.linking import revoke_links
from lamplighter.billing.queries.linking import standing_of
from lamplighter.journeys.notifying import lead_again
from lamplighter.notices.queries.drafts import CannotCompose
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.bills.loading import load_bill
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once
from lamplighter.web.ui.parts import Action, Alert, Crumb, Fact, Level
from lamplighter.web.ui.wording import counted, day, moment
from lamplighter.web.visits import Visit, visit

SENDS = "notices.send"


class Sure(Once, Form):
    """Nothing to fill in."""


@needs("accounts.view", "billing.view", SENDS)
def send_link(request: HttpRequest, number: str, bill: str) -> HttpResponse:
    """A new link by email; the one before ends."""
    found, seen = load_bill(request, number, bill), visit(request)
    here = reverse("desk:bill", args=[number, bill])
    site = settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")

    def act(_: Sure) -> str:
        notice = lead_again(bill=found, site=site, on=seen.on, by=actor(request), at=seen.at)
        return f"A new link goes out: {notice.number}."

    return form_panel(
        request, title="Send the link to the bill", form=Sure, act=act, submit="Send it", back=here, busy="Sending…",
        crumbs=[Crumb(bill, here)], done=lambda said: Done(said, url=here), refusals=(CannotCompose,),
        alerts=[Alert(Level.KNOW, "By email, to the address on file", "A link that was sent before opens no more.")],
    )  # fmt: skip


@needs("accounts.view", "billing.view", SENDS)
def revoke_link(request: HttpRequest, number: str, bill: str) -> HttpResponse:
    """Nobody opens it any more: it went to a wrong address, or somebody else reads their mail."""
    found, seen = load_bill(request, number, bill), visit(request)
    here = reverse("desk:bill", args=[number, bill])

    def act(_: Sure) -> str:
        gone = revoke_links(bills=[found.pk], by=actor(request), at=seen.at)
        return "The link opens no more." if gone else "There is no link to this bill that opens."

    return form_panel(
        request, title="Revoke the link to the bill", form=Sure, act=act, submit="Revoke it", back=here,
        crumbs=[Crumb(bill, here)], done=lambda said: Done(said, url=here),
        alerts=[Alert(Level.KNOW, "Nobody opens the bill by it any more", "What was emailed counts as it did.")],
    )  # fmt: skip


def link_acts(found: Bill, number: str, may: frozenset[str]) -> list[Action]:
    """Where a link was sent: send it again, or revoke it."""
    last = found.links.order_by("pk").last()
    if last is None or SENDS not in may:
        return []
    acts = [Action("Send the link again", reverse("desk:do-send-bill-link", args=[number, found.number]))]
    if last.revoked_at is None:
        acts.append(Action("Revoke the link", reverse("desk:do-revoke-bill-link", args=[number, found.number])))
    return acts


def link_facts(found: Bill, seen: Visit) -> list[Fact]:
    """Of the last link: when it was made, when it was opened first, what was guessed, and how it stands."""
    last = found.links.select_related("bill").order_by("pk").last()
    if last is None:
        return []
    tries = list(last.tries.order_by("pk"))
    opened = next((one.at for one in tries if one.right), None)
    wrong = sum(not one.right for one in tries)
    return [
        Fact("Link in the email", state_of(last, seen)),
        Fact("Opened", moment(opened, seen.on) if opened else "not yet"),
        *([Fact("Wrong answers", counted(wrong, "time"))] if wrong else []),
    ]


def state_of(link: BillLink, seen: Visit) -> str:
    if link.revoked_at is not None:
        return f"revoked {moment(link.revoked_at, seen.on)}"
    if seen.on > link.until:
        return f"ran out {day(link.until, seen.on)}"
    now = standing_of(link, at=seen.at)
    if now.over:
        return "shut after too many wrong answers"
    if now.locked_until is not None:
        return f"locked until {moment(now.locked_until, seen.on)}"
    return f"good until {day(link.until, seen.on)}"
