"""The cashier's page, opening a drawer, taking a payment, and its receipt."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.accounts.queries import profile
from lamplighter.journeys.paying import take_payment
from lamplighter.kernel.money import Money
from lamplighter.payments import operations as payments
from lamplighter.payments.models import Payment, TenderControl, TenderSource
from lamplighter.payments.queries import expected_in, receipt
from lamplighter.payments.rules import CannotTake, TenderIn
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.accounts.money import Standing, standing
from lamplighter.web.desk.accounts.tables import Payments
from lamplighter.web.desk.counter.drawers import closed_drawers, own_drawer
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, MoneyField, Once, Option, OptionsField
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Crumb, Empty, Level, Tile
from lamplighter.web.ui.tables import grid
from lamplighter.web.visits import visit

COUNTER = Crumb("Counter", "/desk/counter/")
TENDERS = {
    "cash": Option("Cash", key="c"),
    "check": Option("Check", key="k"),
    "money-order": Option("Money order", key="m"),
}


class OpenDrawer(Once, Form):
    drawer = forms.ChoiceField(label="Drawer")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        chosen = [(source.pk, f"{source.name} · float {source.opening_float}") for source in closed_drawers()]
        self.fields["drawer"].choices = chosen  # type: ignore[attr-defined]


class Pay(Once, Form):
    """Amount, tender, and for cash what was handed over (empty: exactly the amount)."""

    amount = MoneyField(
        label="Amount", most=Money(99_999_999),
        error_messages={"required": "Enter the amount the customer is paying."},
    )  # fmt: skip
    tender = OptionsField(label="Paid with", options=TENDERS, initial="cash")
    handed_over = MoneyField(label="Cash handed over", required=False, help_text="Leave empty when it is exact.")
    reference = forms.CharField(label="Check or order number", required=False, max_length=40)


@needs("payments.take")
def counter(request: HttpRequest) -> HttpResponseBase:
    """Today's drawer: what it should hold, and what it took."""
    control = own_drawer(request)
    if control is None:
        act = Action("Open a drawer", reverse("desk:do-open-drawer"), key="o", primary=True)
        empty = Empty("You have no drawer open. Open one to take payments.")
        panels = [Panel("none", "Your drawer", "desk/counter/empty.html", lambda: {"empty": empty})]
        return page(request, title="Counter", actions=[act], panels=panels)
    held = expected_in(control)
    taken = (
        Payment.objects.filter(event__tenders__control=control)
        .select_related("event", "event__reversal", "account")
        .prefetch_related("event__tenders")
        .order_by("-id")
        .distinct()
    )
    tiles = [
        Tile("Drawer", control.source.name, f"Opened with {control.opening_float}"),
        *(
            Tile(kind.replace("-", " ").capitalize(), amount, "Should be in it")
            for kind, amount in sorted(held.items())
        ),
    ]
    nothing = Empty("Nothing taken yet. Press / to find a customer, then P.")
    return page(
        request,
        title="Counter",
        panels=[
            Panel("drawer", "", "desk/accounts/tiles.html", lambda: {"tiles": tiles}, place="top", frame=False),
            Panel("taken", "Taken with this drawer", "desk/accounts/grid.html",
                  lambda: {"grid": grid(request, table=Payments, rows=taken, caption="Payments", empty=nothing)}),
        ],
    )  # fmt: skip


@needs("payments.take")
def open_drawer(request: HttpRequest) -> HttpResponse:
    def act(form: OpenDrawer) -> str:
        source = TenderSource.objects.get(pk=form.cleaned_data["drawer"])
        return payments.open_control(source=source, by=actor(request), at=visit(request).at).source.name

    return form_panel(
        request, title="Open a drawer", form=OpenDrawer, act=act, submit="Open", back=COUNTER.url, crumbs=[COUNTER],
        done=lambda name: Done(f"{name} is open.", url=COUNTER.url), refusals=(CannotTake,),
    )  # fmt: skip


@needs("payments.take")
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """Amount, tender, change, receipt: the total due is filled in."""
    account = load_account(request, number, to="payments.take")
    known = profile(account, on=visit(request).on)
    owed = standing(known, on=visit(request).on)

    def form(*args: object) -> Pay:
        total = owed.balance.current
        return Pay(*args, initial={"amount": total if total.cents > 0 else None})

    def act(bound: Pay) -> str:
        control = own_drawer(request)
        if control is None:
            raise CannotTake("You have no drawer open. Open one at the counter to take payments.")
        return _take(request, account, control, bound)

    return form_panel(
        request, title="Take a payment", form=form, act=act, submit="Post the payment",
        back=reverse("desk:account", args=[number]), crumbs=[Crumb(number, reverse("desk:account", args=[number]))],
        done=_receipt_shown, refusals=(CannotTake,), alerts=_owes(owed), owed=owed,
        template="desk/counter/pay.html", drawer=own_drawer(request),
    )  # fmt: skip


@needs("accounts.view")
def show_receipt(request: HttpRequest, number: str) -> HttpResponseBase:
    """A receipt as it was given, with what became of it since."""
    event = receipt(number)
    if event is None:
        raise Http404(f"There is no receipt {number}.")
    for payment in event.payments.all():
        load_account(request, payment.account.number, to="accounts.view")
    first = event.payments.all()[0].account.number
    return page(
        request, title=f"Receipt R-{number}", crumbs=[Crumb(first, reverse("desk:account", args=[first]))],
        panels=[Panel("receipt", "Receipt", "desk/counter/receipt.html", lambda: {"event": event})],
    )  # fmt: skip


def _take(request: HttpRequest, account: Account, control: TenderControl, form: Pay) -> str:
    amount, tender = form.cleaned_data["amount"], form.cleaned_data["tender"]
    handed = form.cleaned_data["handed_over"] if tender == "cash" else None
    event = take_payment(
        key=None, control=control,
        tenders=[TenderIn(tender, amount, handed or amount, form.cleaned_data["reference"])],
        payments_to={account: amount}, on=visit(request).on, by=actor(request), at=visit(request).at,
    )  # fmt: skip
    return event.receipt


def _receipt_shown(number: str) -> Done:
    event = receipt(number)
    assert event is not None
    change = sum((t.handed_over.cents - t.amount.cents for t in event.tenders.all()), 0)
    return Done(
        f"Payment taken. Receipt R-{number}.", template="desk/counter/taken.html",
        context={"event": event, "change": Money(change)}, url=reverse("desk:receipt", args=[number]),
    )  # fmt: skip


def _owes(owed: Standing) -> list[Alert]:
    if owed.balance.current.cents <= 0:
        return [Alert(Level.KNOW, "Nothing is due", "What is paid now becomes a credit for the next bill.")]
    return []
