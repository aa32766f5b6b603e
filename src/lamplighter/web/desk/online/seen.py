"""The pages behind links in our messages: which a customer was sent, what became of each, and each as they see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.billing.models import BillLink
from lamplighter.outreach.models import Invitation, Target
from lamplighter.payments.models import CardInvite
from lamplighter.web.access import needs
from lamplighter.web.desk.online.telling import Told
from lamplighter.web.ebill import views as bills
from lamplighter.web.loading import load_account, note_access
from lamplighter.web.pay import keeping
from lamplighter.web.replies import offers, surveys
from lamplighter.web.ui.parts import Badge, Fact, Link, Tone
from lamplighter.web.ui.wording import moment

NEEDED = "contacts.work"
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Sent:
    """A link that went to the customer: of what `kind`, with what it leads to and what became of it."""

    kind: str
    key: str
    at: datetime
    title: str
    state: str
    say: str


def sent_links(account: Account, *, on: date) -> list[Sent]:
    """Of bills, AutoPay by card, offers and surveys, the newest first; six queries whatever their number."""
    linked = BillLink.objects.filter(bill__account=account).select_related("bill").prefetch_related("tries")
    invites = CardInvite.objects.filter(account=account).select_related("card").order_by("-made_at")[:SHOWN]
    targets = Target.objects.filter(account=account).select_related("campaign").prefetch_related("replies")
    asked = Invitation.objects.filter(account=account, notice__isnull=False).select_related("survey", "answer")
    found = [
        *(_bill(one, on) for one in linked.order_by("-made_at")[:SHOWN]),
        *(_invite(one, on) for one in invites),
        *(_offer(one) for one in targets.order_by("-written_at")[:SHOWN]),
        *(_survey(one) for one in asked.order_by("-invited_at")[:SHOWN]),
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)[:SHOWN]


def told(one: Sent, *, number: str, on: date) -> Told:
    page = Link("See what they see", reverse("desk:seen-page", args=[number, one.kind, one.key]))
    tone = Tone.WATCH if one.state == "Ran out" else Tone.PLAIN
    return Told(one.title, Badge(one.state, tone), [Fact("When", moment(one.at, on), page), Fact("Say", one.say)])


@needs(NEEDED)
def page_behind(request: HttpRequest, number: str, kind: str, key: str) -> HttpResponse:
    """The page behind a link as the customer sees it now; nothing can be pressed. That it was seen is kept."""
    account = load_account(request, number, to=NEEDED)
    if kind not in PAGES:
        raise Http404("There is no such page.")
    found = PAGES[kind](request, account, key)
    if found is None:
        raise Http404("There is no such link.")
    template, shown = found
    note_access(request, f"{kind}-link:{key}", NEEDED)
    return render(request, template, shown | {"seen_from": reverse("desk:account-online", args=[number])})


Page = Callable[[HttpRequest, Account, str], tuple[str, dict[str, Any]] | None]


def _invite_page(request: HttpRequest, account: Account, key: str) -> tuple[str, dict[str, Any]] | None:
    known = {str(one.pk): one for one in CardInvite.objects.filter(account=account).select_related("card")}
    return ("pay/keep.html", keeping.what_is_shown(request, known[key])) if key in known else None


def _offer_page(_: HttpRequest, account: Account, key: str) -> tuple[str, dict[str, Any]] | None:
    rows = Target.objects.filter(account=account, pk=_number(key)).select_related("campaign", "person")
    found = rows.first()
    return ("replies/offer.html", offers.what_is_shown(found)) if found else None


def _bill_page(request: HttpRequest, account: Account, key: str) -> tuple[str, dict[str, Any]] | None:
    rows = BillLink.objects.filter(bill__account=account, pk=_number(key)).select_related("bill__account", "notice")
    found = rows.first()
    return ("ebill/bill.html", bills.what_is_shown(request, found)) if found else None


def _survey_page(_: HttpRequest, account: Account, key: str) -> tuple[str, dict[str, Any]] | None:
    rows = Invitation.objects.filter(account=account, pk=_number(key)).select_related("survey", "person")
    found = rows.first()
    return ("replies/survey.html", surveys.as_shown(found)) if found else None


PAGES: dict[str, Page] = {"bill": _bill_page, "autopay": _invite_page, "offer": _offer_page, "survey": _survey_page}


def _number(key: str) -> int:
    return int(key) if key.isascii() and key.isdigit() and len(key) < 18 else 0


def _bill(one: BillLink, on: date) -> Sent:
    state, say = "Not opened", f"Open the link, and say what it asks for; it is good until {one.until:%b %-d}."
    if one.revoked_at is not None:
        state, say = "Revoked", "That link opens no more. We can send you a new one."
    elif on > one.until:
        state, say = "Ran out", "That link has run out. We can send you a new one."
    elif any(tried.right for tried in one.tries.all()):
        state = "Opened"
    return Sent("bill", str(one.pk), one.made_at, f"Bill {one.bill.number}", state, say)


def _invite(one: CardInvite, on: date) -> Sent:
    state, say = (
        "Waits",
        f"Open the link, read what you agree to, and enter the card; it is good until {one.until:%b %-d}.",
    )
    if one.card is not None:
        state, say = "Done", f"AutoPay runs with your {one.card}."
    elif on > one.until:
        state, say = "Ran out", "That link has run out. We send you a new one."
    return Sent("autopay", str(one.pk), one.made_at, "AutoPay by card", state, say)


def _offer(one: Target) -> Sent:
    replies = list(one.replies.all())
    state = str(replies[-1].get_said_display()) if replies else "Not answered"
    say = "Three buttons: yes, not now, and no more offers. Bills and notices come all the same."
    return Sent("offer", str(one.pk), one.written_at, one.campaign.name, state, say)


def _survey(one: Invitation) -> Sent:
    if hasattr(one, "answer"):
        return Sent(
            "survey", str(one.pk), one.invited_at, one.survey.name, "Answered", "Your answer is kept. Thank you."
        )
    over = one.survey.ended_at is not None
    say = "The survey is over." if over else "A few questions, answered once. Nobody need sign in."
    return Sent("survey", str(one.pk), one.invited_at, one.survey.name, "Over" if over else "Not answered", say)
