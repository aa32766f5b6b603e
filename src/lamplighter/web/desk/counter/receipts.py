"""A receipt as it was given, with what became of it since; and taking its payment back by a second entry."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.queries import profile
from lamplighter.journeys.paying import take_back as undo_payment
from lamplighter.journeys.returning import return_item
from lamplighter.kernel.money import Money, total
from lamplighter.notices.queries import sender
from lamplighter.payments.models import PaymentEvent, Reversal, Tender, TenderControl
from lamplighter.payments.queries import receipt
from lamplighter.payments.rules import CannotTake
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.loading import load_account
from lamplighter.web.naming import name_of
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once, Option, OptionsField
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Tone
from lamplighter.web.visits import visit

REASONS = {
    Reversal.Reason.VOID.value: Option("Void it", "Today, while the drawer is open", key="v"),
    Reversal.Reason.RETURNED.value: Option("The bank returned it", "With the fee for it", key="b"),
    Reversal.Reason.ENTRY_ERROR.value: Option("Entered wrongly", "While its drawer is open", key="e"),
}


class TakeBack(Once, Form):
    reason = OptionsField(label="Why", options=REASONS)
    remark = forms.CharField(label="Note", required=False, max_length=500, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, event: PaymentEvent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tenders = {str(one.pk): one for one in event.tenders.all() if one.kind != Tender.Kind.CASH}
        if len(self.tenders) > 1:
            named = [
                (key, f"{one.get_kind_display()} {one.reference} {one.amount}") for key, one in self.tenders.items()
            ]
            self.fields["returned"] = forms.ChoiceField(
                label="If the bank returned it, which", required=False, choices=[("", "All of them"), *named]
            )

    @property
    def returned(self) -> Tender | None:
        """What the bank sent back, where that is not everything but cash."""
        return self.tenders.get(self.cleaned_data.get("returned", ""))


@needs("accounts.view")
def show(request: HttpRequest, number: str) -> HttpResponseBase:
    """The slip; it prints on Letter, and on 80 mm paper with `?paper=80`."""
    event = load_receipt(request, number)
    reversed_ = hasattr(event, "reversal")
    first = event.payments.all()[0].account
    customer = profile(first, on=visit(request).on).customer
    state = Badge(event.reversal.get_reason_display(), Tone.BAD) if reversed_ else Badge("Taken", Tone.GOOD)
    return page(
        request, title=f"Receipt R-{number}", badges=[state], crumbs=[_account(event)],
        actions=_actions(request, number, reversed_=reversed_),
        template="desk/counter/receipt_page.html", paper=request.GET.get("paper", ""),
        panels=[
            Panel("receipt", "Receipt", "desk/counter/receipt.html",
                  lambda: {"event": event, "sender": sender(), "customer": customer, "change": change_of(event),
                           "cashier": name_of(event.recorded_by), "back": came_back(event)}),
        ],
    )  # fmt: skip


def _actions(request: HttpRequest, number: str, *, reversed_: bool) -> list[Action]:
    may, acts = permissions(request), []
    if "payments.take" in may:
        acts.append(Action("Send it", reverse("desk:do-send-receipt", args=[number]), key="e"))
        if not reversed_:
            acts.append(Action("Move it", reverse("desk:do-move-payment", args=[number]), key="m"))
    if "payments.reverse" in may and not reversed_:
        acts.append(Action("Take it back", reverse("desk:do-take-back", args=[number]), key="v"))
    return acts


def came_back(event: PaymentEvent) -> list[Tender]:
    """What the bank returned of an event, if others of its tenders stood; the whole of it needs no list."""
    back = list(Tender.objects.filter(event=event, returned__isnull=False))
    return back if len(back) < len(event.tenders.all()) else []


def change_of(event: PaymentEvent) -> Money:
    """What was handed back of what was handed over."""
    return total(tender.handed_over - tender.amount for tender in event.tenders.all())


@needs("payments.reverse")
def take_back(request: HttpRequest, number: str) -> HttpResponse:
    """Undo a payment by a second entry: what was owed is owed again, at its own age."""
    event = load_receipt(request, number, to="payments.reverse")
    here = reverse("desk:receipt", args=[number])

    def act(form: TakeBack) -> str:
        reason = form.cleaned_data["reason"]
        if reason == Reversal.Reason.VOID and not _may_void(event, request):
            raise CannotTake("Only today's payments in an open drawer can be voided. Choose another reason.")
        on, by, at, remark = visit(request).on, actor(request), visit(request).at, form.cleaned_data["remark"]
        if reason == Reversal.Reason.RETURNED:
            return_item(event=event, tender=form.returned, on=on, by=by, at=at, remark=remark)
        else:
            undo_payment(event=event, reason=reason, on=on, by=by, at=at, remark=remark)
        return number

    return form_panel(
        request, title=f"Take back R-{number}", form=lambda *args: TakeBack(*args, event=event), act=act,
        submit="Take it back", back=here, crumbs=[_account(event)],
        done=lambda _: Done("Taken back. It no longer counts.", url=here),
        refusals=(CannotTake,), busy="Taking back…", template="desk/counter/take_back.html", event=event,
    )  # fmt: skip


def load_receipt(request: HttpRequest, number: str, to: str = "accounts.view") -> PaymentEvent:
    """The event with this receipt number, for somebody who may do `to` on every account that it paid."""
    event = receipt(number)
    if event is None:
        raise Http404(f"There is no receipt {number}.")
    for payment in event.payments.all():
        load_account(request, payment.account.number, to=to)
    return event


def _may_void(event: PaymentEvent, request: HttpRequest) -> bool:
    closed = Tender.objects.filter(event=event).exclude(control__state=TenderControl.State.OPEN)
    return event.received_on == visit(request).on and not closed.exists()


def _account(event: PaymentEvent) -> Crumb:
    number = event.payments.all()[0].account.number
    return Crumb(number, reverse("desk:account", args=[number]))
