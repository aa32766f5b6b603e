"""Ways in which a receipt leaves the counter beside paper: email, text, and bytes for an 80 mm printer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.queries import profile
from lamplighter.customers.queries import Reach
from lamplighter.formats.escpos import Amount, Part, Qr, Rule, Words, slip
from lamplighter.journeys.receipting import send_receipt
from lamplighter.notices.channels import Channel
from lamplighter.notices.queries import CannotCompose, sender
from lamplighter.payments.models import PaymentEvent
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.counter.receipts import change_of, load_receipt
from lamplighter.web.naming import name_of
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Crumb
from lamplighter.web.ui.wording import clock, day
from lamplighter.web.visits import visit

WAYS = {"email": Option("Email", key="e"), "text": Option("Text message", key="t")}
LEAST_DIGITS = 10


class Send(Once, Form):
    way = OptionsField(label="Send it by", options=WAYS)
    address = forms.CharField(
        label="To", required=False, max_length=254, help_text="Empty: the address or number on the account.",
        widget=forms.TextInput({"autocomplete": "off", "data-no-draft": ""}),
    )  # fmt: skip

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reach = reach
        self.fields["way"].initial = "email" if reach.email or not reach.phone else "text"

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if self.errors:
            return said
        email = said["way"] == "email"
        said["address"] = said["address"].strip() or (self.reach.email if email else self.reach.phone)
        if not said["address"]:
            self.add_error("address", f"The account has no {'email address' if email else 'number'}. Enter one.")
        elif email:
            try:
                validate_email(said["address"])
            except ValidationError:
                self.add_error("address", "That is no email address. It looks like name@example.net.")
        elif sum(sign.isdigit() for sign in said["address"]) < LEAST_DIGITS:
            self.add_error("address", "Enter the whole number with its area code.")
        return said


@needs("payments.take", "accounts.view")
def send(request: HttpRequest, number: str) -> HttpResponse:
    """By email or text, in the customer's language; it stands on the timeline with the others."""
    event = load_receipt(request, number, to="payments.take")
    here, account = reverse("desk:receipt", args=[number]), event.payments.all()[0].account
    reach = profile(account, on=visit(request).on).reach

    def act(form: Send) -> str:
        said = form.cleaned_data
        send_receipt(
            event=event, account=account, channel=Channel(said["way"]), address=said["address"], on=visit(request).on,
            by=actor(request), at=visit(request).at,
        )  # fmt: skip
        return f"The receipt goes out by {WAYS[said['way']].label.lower()}."

    return form_panel(
        request, title=f"Send R-{number}", form=lambda *args: Send(*args, reach=reach), act=act, submit="Send it",
        back=here, crumbs=[Crumb(f"R-{number}", here)], done=lambda words: Done(words, url=here),
        refusals=(CannotCompose,), busy="Sending…",
    )  # fmt: skip


@needs("accounts.view")
def printer(request: HttpRequest, number: str) -> HttpResponse:
    """The slip as ESC/POS bytes: for a receipt printer that takes files."""
    event = load_receipt(request, number, to="accounts.view")
    sent = HttpResponse(slip(_parts(event)), content_type="application/octet-stream")
    sent["Content-Disposition"] = f'attachment; filename="receipt-{number}.escpos"'
    return sent


def _parts(event: PaymentEvent) -> list[Part]:
    who = sender()
    parts: list[Part] = [Words(who.utility, centred=True, large=True)]
    parts += [Words(line, centred=True) for line in (who.office, who.phone) if line]
    parts += [Rule(), Amount("Receipt", f"R-{event.receipt}")]
    parts += [Amount(day(event.received_on), clock(event.recorded_at)), Rule()]
    for payment in event.payments.all():
        parts.append(Amount("Account", payment.account.number))
        parts += [Amount(f"  {one.agreement.type.label}", str(one.amount)) for one in payment.segments.all()]
    parts.append(Rule())
    for tender in event.tenders.all():
        parts.append(Amount(f"{tender.get_kind_display()} {tender.reference}".strip(), str(tender.amount)))
        if tender.handed_over != tender.amount:
            parts.append(Amount("  handed over", str(tender.handed_over)))
    if change := change_of(event):
        parts.append(Amount("Change", str(change)))
    if hasattr(event, "reversal"):
        parts += [Rule(), Words(f"{event.reversal.get_reason_display()}: it no longer counts", centred=True)]
    taken_by = name_of(event.recorded_by)
    return [*parts, Rule(), Words(f"Taken by {taken_by}. Thank you.", centred=True), Qr(f"R-{event.receipt}")]
