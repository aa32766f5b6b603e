"""Take a payment: amount, tender, change, receipt; from the account's page with a handful of keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.accounts.queries import profile
from lamplighter.journeys.paying import take_payment
from lamplighter.kernel.money import Money, total
from lamplighter.payments.models import Tender, TenderControl
from lamplighter.payments.queries import expected_in, receipt
from lamplighter.payments.rules import CannotTake, TenderIn
from lamplighter.platform.models import RequestKey
from lamplighter.web.access import Refused, actor, needs
from lamplighter.web.desk.accounts.money import Standing, standing
from lamplighter.web.desk.accounts.overview import MOVED
from lamplighter.web.desk.counter.drawers import drawer_badge, own_drawer
from lamplighter.web.desk.counter.receipts import change_of
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, MoneyField, MoneyInput, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Level, Link
from lamplighter.web.ui.wording import clock
from lamplighter.web.visits import visit

MOST = Money(99_999_999)
BESIDE = (1, 2, 3)
TENDERS = {
    "cash": Option("Cash", key="c"),
    "check": Option("Check", key="k"),
    "money-order": Option("Money order", key="m"),
}


@dataclass(frozen=True, slots=True)
class Till:
    """What a payment is measured against: the account, what it owes, and who may be paid beside it."""

    request: HttpRequest
    account: Account
    owed: Standing
    on: date


@dataclass(frozen=True, slots=True)
class Offer:
    """Another way to post what was refused: the button that says it."""

    name: str
    words: str


class Pay(Once, Form):
    """Amount, tender, for cash what was handed over (empty: exactly the amount), and other accounts it is for.

    `offer` is the way through when something is amiss but may still be meant.
    """

    amount = MoneyField(
        label="Amount", most=MOST, error_messages={"required": "Enter the amount the customer is paying."},
        widget=MoneyInput({"autofocus": "", "data-select": "", "data-letters": ""}),
    )  # fmt: skip
    tender = OptionsField(label="Paid with", options=TENDERS, initial="cash")
    handed_over = MoneyField(label="Cash handed over", required=False, help_text="Leave empty when it is exact.",
                             widget=MoneyInput({"data-select": ""}))  # fmt: skip
    reference = forms.CharField(label="Number of the check or order", required=False, max_length=40)

    def __init__(self, *args: Any, till: Till, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.till, self.offer = till, Offer("", "")
        for n in BESIDE:
            number = forms.CharField(label="Account", required=False, max_length=20)
            self.fields |= {f"number_{n}": number, f"amount_{n}": MoneyField(label="Amount", required=False, most=MOST)}

    @property
    def beside(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"number_{n}"], self[f"amount_{n}"]) for n in BESIDE]

    @property
    def shares_out(self) -> bool:
        """Whether the part for other accounts stands open."""
        return any(field.data for pair in self.beside for field in pair) if self.is_bound else False

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if self.errors:
            return said
        said["payments"] = self._payments(said)
        said["total"] = total(said["payments"].values())
        if said["tender"] == "cash" and said["handed_over"] and said["handed_over"] < said["total"]:
            self._too_little(said)
        elif not self.errors and "anyway" not in self.data and not _answered(said):
            for doubt in self._doubts(said):
                self.add_error(None, doubt)
                self.offer = Offer("anyway", "Take it anyway")
        return said

    def _payments(self, said: Mapping[str, Any]) -> dict[Account, Money]:
        """Which account gets how much."""
        found = {self.till.account: said["amount"]}
        for n in BESIDE:
            number, amount = said[f"number_{n}"].strip(), said[f"amount_{n}"]
            if not number and not amount:
                continue
            if not number or not amount:
                self.add_error(f"amount_{n}" if number else f"number_{n}", "Fill in both the account and its amount.")
                continue
            try:
                other = load_account(self.till.request, number, to="payments.take")
            except (Http404, Refused) as refused:
                self.add_error(f"number_{n}", str(refused))
                continue
            if other in found:
                self.add_error(f"number_{n}", f"Account {number} stands here already.")
            found[other] = amount
        return found

    def _too_little(self, said: dict[str, Any]) -> None:
        """Less cash than the amount: a part payment, if that is meant."""
        handed = said["handed_over"]
        if "part" in self.data and len(said["payments"]) == 1:
            said |= {"payments": {self.till.account: handed}, "total": handed}
            return
        self.add_error("handed_over", f"{handed} does not cover {said['total']}.")
        if len(said["payments"]) == 1:
            self.offer = Offer("part", f"Take {handed} as a part payment")

    def _doubts(self, said: Mapping[str, Any]) -> Iterator[str]:
        """What may be a slip: more than is owed, or the same payment a second time."""
        owed, amount = self.till.owed.balance.current, said["amount"]
        if owed.cents > 0 and amount > owed:
            yield f"This is {amount - owed} more than the account owes. It will show as credit."
        same = (
            Tender.objects.filter(
                event__payments__account=self.till.account, event__received_on=self.till.on, kind=said["tender"],
                amount=said["total"], reference=said["reference"], event__reversal__isnull=True,
            ).select_related("event").order_by("-id").first()
        )  # fmt: skip
        if same:
            what = f"{same.amount} {same.get_kind_display().lower()} {same.reference}".strip()
            yield f"A payment of {what} was taken today at {clock(same.event.recorded_at)} ({same.event})."


def _answered(said: Mapping[str, Any]) -> bool:
    """This very form was posted already: its repeat gets the same receipt, and nothing is doubted."""
    return RequestKey.objects.filter(key=said["request_key"]).exists()


@needs("payments.take")
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """The total due is filled in; letters choose the tender, Enter goes on and posts."""
    account = load_account(request, number, to="payments.take")
    on = visit(request).on
    owed = standing(profile(account, on=on), on=on)
    control = own_drawer(request)

    def form(*args: object) -> Pay:
        due = owed.balance.current
        return Pay(*args, till=Till(request, account, owed, on), initial={"amount": due if due.cents > 0 else None})

    def act(bound: Pay) -> str:
        if control is None:
            raise CannotTake("You have no drawer open. Open one to take payments.")
        return _take(request, control, bound.cleaned_data)

    here = reverse("desk:account", args=[number])
    return form_panel(
        request, title="Take a payment", form=form, act=act, submit="Post the payment", back=here,
        crumbs=[Crumb(number, here)], done=lambda result: _taken(result, control), refusals=(CannotTake,),
        alerts=[*_needs_drawer(control, number), *_owes(owed)], owed=owed, template="desk/counter/pay.html",
    )  # fmt: skip


def _take(request: HttpRequest, control: TenderControl, said: Mapping[str, Any]) -> str:
    handed = said["handed_over"] if said["tender"] == "cash" else None
    reference = "" if said["tender"] == "cash" else said["reference"]
    event = take_payment(
        key=None, control=control,
        tenders=[TenderIn(said["tender"], said["total"], handed or said["total"], reference)],
        payments_to=said["payments"], on=visit(request).on, by=actor(request), at=visit(request).at,
    )  # fmt: skip
    return event.receipt


def _taken(number: str, control: TenderControl | None) -> Done:
    event = receipt(number)
    assert event is not None
    change = change_of(event)
    said = f"Change {change}. Receipt R-{number}." if change else f"Payment taken. Receipt R-{number}."
    drawer = drawer_badge(control) if control else None
    return Done(
        said, template="desk/counter/taken.html", refresh=MOVED, url=reverse("desk:receipt", args=[number]),
        context={"event": event, "change": change, "drawer": drawer,
                 "holds": expected_in(control)["cash"] if control else None},
    )  # fmt: skip


def _needs_drawer(control: TenderControl | None, number: str) -> list[Alert]:
    if control:
        return []
    url = f"{reverse('desk:do-open-drawer')}?account={number}"
    return [Alert(Level.STOP, "No drawer is open", "Open one to take payments.", Link("Open", url, panel=True))]


def _owes(owed: Standing) -> list[Alert]:
    if owed.balance.current.cents > 0:
        return []
    return [Alert(Level.KNOW, "Nothing is due", "What is paid now becomes a credit for the next bill.")]
