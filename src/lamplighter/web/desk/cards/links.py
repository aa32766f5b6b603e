"""Send a customer a link to the card page, or open it for them; the list of links with what came of each.

No representative hears or types a card number: the customer enters it on the processor's page.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.queries import profile
from lamplighter.journeys.carding import send_link
from lamplighter.kernel.money import ZERO, total
from lamplighter.notices.channels import Channel
from lamplighter.notices.queries import CannotCompose
from lamplighter.payments.models import CardCharge, PayLink
from lamplighter.payments.queries import owed_by
from lamplighter.payments.rules import CannotTake
from lamplighter.web.access import actor, needs
from lamplighter.web.columns import IdColumn
from lamplighter.web.desk.counter.handing import WAYS, Send
from lamplighter.web.loading import load_account
from lamplighter.web.naming import ActorColumn, customer_of, named
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import MoneyField, MoneyInput
from lamplighter.web.ui.parts import Alert, Crumb, Empty, Level, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MomentColumn, MoneyColumn, Table, table_page
from lamplighter.web.visits import visit

STATES = {"Paid": Tone.GOOD, "At the card page": Tone.INFO, "Sent": Tone.WATCH, "Over": Tone.PLAIN}


class Links(Table):
    """Links, the newest first; a row opens the account."""

    account = IdColumn("Account", accessor="account__number")
    customer = Column("Customer")
    amount = MoneyColumn("Amount")
    made_at = MomentColumn("Sent")
    by = ActorColumn("By", orderable=False)
    until = DayColumn("Good until")
    state = BadgeColumn("State", empty_values=(), orderable=False, tones=STATES)

    def value_state(self, record: Any) -> str:
        if record.paid:
            return "Paid"
        if self.request and visit(self.request).on > record.until:
            return "Over"
        return "At the card page" if record.session else "Sent"

    def render_state(self, record: Any) -> Any:
        return self.columns["state"].column.render(self.value_state(record))

    def row_url(self, record: Any) -> str:
        return reverse("desk:account", args=[record.account.number])


class SendLink(Send):
    """How much, and to where; what is owed unless said."""

    amount = MoneyField(label="Amount", widget=MoneyInput({"data-select": ""}))
    field_order = ("amount", "way", "address")


@needs("payments.take")
def send(request: HttpRequest, number: str) -> HttpResponse:
    """A link in the customer's language; it can be paid once, for two weeks."""
    account = load_account(request, number, to="payments.take")
    here, on = reverse("desk:account", args=[number]), visit(request).on
    reach, owed = profile(account, on=on).reach, total(debt.amount for debt in owed_by(account))

    def form(*args: object) -> SendLink:
        return SendLink(*args, reach=reach, initial={"amount": owed if owed > ZERO else None})

    def act(form: SendLink) -> str:
        said = form.cleaned_data
        page = request.build_absolute_uri("/pay/")
        send_link(
            account=account, amount=said["amount"], channel=Channel(said["way"]), address=said["address"], page=page,
            on=on, by=actor(request), at=visit(request).at,
        )  # fmt: skip
        return f"A link for {said['amount']} goes out by {WAYS[said['way']].label.lower()}."

    return form_panel(
        request, title="Send a link to pay by card", form=form, act=act, submit="Send it", back=here,
        crumbs=[Crumb(number, here)], done=Done, refusals=(CannotCompose, CannotTake), busy="Sending…",
        alerts=[Alert(Level.KNOW, "Never take a card number down", "They enter it on the processor's page.")],
    )  # fmt: skip


@needs("payments.take")
def listed(request: HttpRequest) -> HttpResponseBase:
    """Every link and what came of it."""
    paid = Exists(CardCharge.objects.filter(link=OuterRef("pk")))
    rows = PayLink.objects.select_related("account").annotate(
        customer=customer_of("account"), by=named("made_by"), paid=paid
    )
    return table_page(
        request, title="Card links", table=Links, rows=rows.order_by("-made_at"), empty=Empty("No link was sent yet.")
    )
