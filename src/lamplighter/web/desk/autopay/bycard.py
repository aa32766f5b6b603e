"""Invite a customer to AutoPay by card: they agree, and enter the card, on their own screen.

No representative hears or types a card number.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.queries import profile
from lamplighter.journeys.card_autopaying import LINK_DAYS, send_invite
from lamplighter.notices.channels import Channel
from lamplighter.notices.queries import CannotCompose
from lamplighter.payments.autopay.queries import autopay_of
from lamplighter.payments.autopay.rules import CannotDraw
from lamplighter.payments.models import Autopay
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.autopay.acts import FIRST, first_day
from lamplighter.web.desk.counter.handing import Send
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit


class Invite(Send):
    """To where, and which bill is the first; another card goes on with the bills of the one before."""

    first = OptionsField(label="First charged", options=FIRST, initial="this")
    field_order = ("first", "way", "address")

    def __init__(self, *args: Any, running: Autopay | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if running is not None:
            del self.fields["first"]


@needs("payments.take")
def invite(request: HttpRequest, number: str) -> HttpResponse:
    """A link in the customer's language, for two weeks: to set AutoPay up, or to enter another card."""
    account = load_account(request, number, to="payments.take")
    seen, here = visit(request), reverse("desk:account", args=[number])
    reach, running = profile(account, on=seen.on).reach, autopay_of(account)

    def act(form: Invite) -> str:
        said = form.cleaned_data
        made = send_invite(
            account=account, begins=first_day(account, said.get("first", "this"), on=seen.on),
            channel=Channel.EMAIL if said["way"] == "email" else Channel.TEXT, address=said["address"],
            page=request.build_absolute_uri("/pay/autopay/"), on=seen.on, by=actor(request), at=seen.at,
        )  # fmt: skip
        return f"The link is on its way. It is good until {day(made.until, seen.on)}."

    if running is not None and running.card_id is None:
        alert = Alert(Level.STOP, "This account has AutoPay from a bank account", "Stop it first.")
    elif running is not None:
        alert = Alert(Level.KNOW, "The new card takes this one's place", f"Now {running}, until they enter another.")
    else:
        alert = Alert(Level.KNOW, "They agree on their own screen", f"The link is good for {LINK_DAYS} days.")
    return form_panel(
        request, title="AutoPay by card", form=lambda *args: Invite(*args, reach=reach, running=running), act=act,
        submit="Send the link", back=here, crumbs=[Crumb(number, here)], done=Done, alerts=[alert],
        refusals=(CannotCompose, CannotDraw),
    )  # fmt: skip
