"""Take a payment: amount, tender, change, receipt; from the account's page with a handful of keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.queries import profile
from lamplighter.journeys.paying import take_payment
from lamplighter.kernel.money import ZERO, Money
from lamplighter.payments.models import CashOnly, TenderControl
from lamplighter.payments.queries import cash_only, expected_in, owed_by, receipt
from lamplighter.payments.rules import CannotTake
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.accounts.money import Standing, standing
from lamplighter.web.desk.accounts.overview import MOVED
from lamplighter.web.desk.counter.drawers import drawer_badge, own_drawer
from lamplighter.web.desk.counter.payform import Pay, Till
from lamplighter.web.desk.counter.receipts import change_of
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.parts import Alert, Crumb, Level, Link
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit


@needs("payments.take")
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """The total due is filled in; letters choose the tender, Enter goes on and posts."""
    account = load_account(request, number, to="payments.take")
    on = visit(request).on
    owed = standing(profile(account, on=on), on=on)
    control = own_drawer(request)
    till = Till(request, account, owed, on, debts_of(account))

    def form(*args: object) -> Pay:
        due = owed.balance.current
        return Pay(*args, till=till, initial={"amount": due if due.cents > 0 else None})

    def act(bound: Pay) -> str:
        if control is None:
            raise CannotTake("You have no drawer open. Open one to take payments.")
        return _take(request, control, bound.cleaned_data)

    here = reverse("desk:account", args=[number])
    barred = cash_only([account.pk], on=on).get(account.pk)
    return form_panel(
        request, title="Take a payment", form=form, act=act, submit="Post the payment", back=here,
        crumbs=[Crumb(number, here)], done=lambda result: _taken(result, control), refusals=(CannotTake,),
        alerts=[*_needs_drawer(control, number), *_owes(owed), *_cash(barred)], owed=owed,
        template="desk/counter/pay.html",
    )  # fmt: skip


def debts_of(account: Account) -> list[tuple[Agreement, Money]]:
    """What each agreement asks for, where there is more than one to choose among."""
    sums: dict[int, Money] = {}
    for debt in owed_by(account):
        sums[debt.agreement] = sums.get(debt.agreement, ZERO) + debt.amount
    if len(sums) < 2:
        return []
    found = Agreement.objects.in_bulk(sums)
    return [(found[pk], amount) for pk, amount in sums.items()]


def _take(request: HttpRequest, control: TenderControl, said: Mapping[str, Any]) -> str:
    event = take_payment(
        key=None, control=control, tenders=said["tenders"], payments_to=said["payments"], directed=said["directed"],
        on=visit(request).on, by=actor(request), at=visit(request).at,
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


def _cash(barred: CashOnly | None) -> list[Alert]:
    if barred is None:
        return []
    until = f" until {day(barred.period.end)}" if barred.period.end else ""
    return [Alert(Level.STOP, f"No checks{until}", f"{barred.reason}. Take cash, a card or a money order.")]
