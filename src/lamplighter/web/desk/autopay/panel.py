"""How an account is paid: AutoPay with its next draft, and the acts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.payments.autopay.queries import autopay_of, drafts, hold_of
from lamplighter.payments.models import Autopay, DraftStep
from lamplighter.web.ui.parts import Fact, Link
from lamplighter.web.ui.wording import day, short_day


def how_paid(account: Account, *, work: bool, on: date) -> Mapping[str, Any]:
    """Facts for the side of the account page; for those who may `work` it, the acts."""

    def act(text: str, name: str) -> Link | None:
        return Link(text, reverse(f"desk:{name}", args=[account.number]), panel=True) if work else None

    running = autopay_of(account)
    facts = [Fact("Bills by", account.get_dispatch_display())]
    if running is None:
        facts.append(Fact("AutoPay", "Off", act("Set up", "do-autopay")))
        facts += [Fact("By card", "Off", act("Send a link", "do-autopay-card"))] if settings.CARDS and work else []
    else:
        facts.append(Fact("AutoPay", str(running).capitalize(), act("Stop", "do-stop-autopay")))
        facts.append(Fact("Bills from", running.begins))
        if running.card:
            facts.append(Fact("Card good until", running.card.expires_on, act("Send a link", "do-autopay-card")))
        held = hold_of(running, on=on)
        facts += [Fact("Held", held.reason, act("Go on", "do-lift-autopay"))] if held else []
    facts += _newest(account, on)
    return {"facts": facts}


def _newest(account: Account, on: date) -> list[Fact]:
    """The newest draft and where it stands; one query."""
    newest: Any = drafts().filter(autopay__in=Autopay.objects.filter(account=account)).exclude(bill="").first()
    if newest is None:
        return []
    link = Link("Open", reverse("desk:draft", args=[newest.pk]))
    waits = not newest.stands
    label = "Next draft" if waits else "Last draft"
    when = (
        day(newest.draw_on, on)
        if waits
        else f"{short_day(newest.draw_on, on)}, {DraftStep.Act(newest.stands).label.lower()}"
    )
    return [Fact(label, f"{newest.amount} {when}", link)]
