"""The cashier's page, and opening a drawer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.payments import operations as payments
from lamplighter.payments.cash.counting import differences_of, last_count
from lamplighter.payments.models import Payment, Tender, TenderControl, TenderSource
from lamplighter.payments.queries import expected_in
from lamplighter.payments.rules import CannotTake
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.accounts.tables import PaymentsOfAll
from lamplighter.web.desk.counter.drawers import closed_drawers, counting_drawer, own_drawer
from lamplighter.web.desk.counter.tape import differs_in
from lamplighter.web.naming import customer_of
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once, Option, OptionsField
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Link, Tile, Tone
from lamplighter.web.ui.tables import grid
from lamplighter.web.ui.wording import moment
from lamplighter.web.visits import visit

COUNTER = Crumb("Counter", "/desk/counter/")


class OpenDrawer(Once, Form):
    drawer = OptionsField(
        label="Drawer", options={}, error_messages={"required": "Every drawer is open. Ask for one to be handed in."}
    )
    account = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = closed_drawers()
        drawer = self.fields["drawer"]
        assert isinstance(drawer, OptionsField)
        drawer.choices = [
            (source.pk, Option(source.name, f"Float {source.opening_float}", key=str(place)))
            for place, source in enumerate(free, 1)
        ]
        drawer.initial = free[0].pk if free else None


@needs("payments.take")
def counter(request: HttpRequest) -> HttpResponseBase:
    """Today's drawer: what it should hold, and what it took."""
    control = own_drawer(request)
    if control is None:
        return _no_drawer(request, counting_drawer(request))
    taken = (
        Payment.objects.filter(event__tenders__control=control)
        .select_related("event", "event__reversal", "account")
        .prefetch_related("event__tenders")
        .annotate(customer=customer_of("account"))
        .order_by("-id")
        .distinct()
    )
    nothing = Empty("Nothing taken yet. Press / to find a customer, then P.")
    return page(
        request,
        title="Counter",
        badges=[Badge(f"{control.source.name} open", Tone.GOOD)],
        actions=[
            Action("Count and close", reverse("desk:do-count"), key="x", primary=True),
            Action("Turn in cash", reverse("desk:do-turn-in"), key="t"),
            Action("Tape", reverse("desk:tape", args=[control.pk]), panel=False),
        ],
        meta=[f"Since {moment(control.opened_at, visit(request).on)}"],
        panels=[
            Panel("drawer", "", "desk/accounts/tiles.html", lambda: {"tiles": _tiles(control)}, "top", frame=False),
            Panel("taken", "Taken with this drawer", "ui/tables/grid.html",
                  lambda: {"grid": grid(request, table=PaymentsOfAll, rows=taken, caption="Payments", empty=nothing)}),
        ],
    )  # fmt: skip


@needs("payments.take")
def open_drawer(request: HttpRequest) -> HttpResponse:
    """Begin the day; from a payment (`?account=`) it leads back there."""
    number = request.GET.get("account", "") or request.POST.get("account", "")

    def act(form: OpenDrawer) -> str:
        source = TenderSource.objects.get(pk=form.cleaned_data["drawer"])
        return payments.open_control(source=source, by=actor(request), at=visit(request).at).source.name

    back = f"{reverse('desk:account', args=[number])}#key-p" if number else COUNTER.url
    return form_panel(
        request, title="Open a drawer", form=lambda *args: OpenDrawer(*args, initial={"account": number}), act=act,
        submit="Open it", back=back, crumbs=[COUNTER], busy="Opening…", refusals=(CannotTake,),
        done=lambda name: Done(f"{name} is open.", url=back),
    )  # fmt: skip


def _no_drawer(request: HttpRequest, counted: TenderControl | None) -> HttpResponseBase:
    url = reverse("desk:do-open-drawer")
    act = Action("Open a drawer", url, key="o", primary=True)
    empty = Empty("You have no drawer open. Open one to take payments.", Link("Open a drawer", url, panel=True))
    panels = [Panel("none", "Your drawer", "desk/accounts/empty.html", lambda: {"empty": empty})]
    acts = [act]
    if counted is not None:
        done = last_count(counted) is not None
        words = differs_in(differences_of(counted)) if done else "not counted yet"
        note = "counted, waits for a second person" if done else "closed"
        tile = Tile(counted.source.name, words, note, Tone.WATCH)
        panels.insert(
            0, Panel("counted", "", "desk/accounts/tiles.html", lambda: {"tiles": [tile]}, "top", frame=False)
        )
        acts += [
            Action("Count again" if done else "Count it", reverse("desk:do-count"), key="x", primary=not done),
            Action("Tape", reverse("desk:tape", args=[counted.pk]), panel=False),
        ]
        if done and words != "exact" and not hasattr(counted, "over_short"):
            acts.append(Action("Say why", reverse("desk:do-explain"), key="y"))
    return page(request, title="Counter", actions=acts, panels=panels)


def _tiles(control: TenderControl) -> list[Tile]:
    """What the drawer should hold, by kind of tender; cash with the float that it was opened with."""
    held, tape = expected_in(control), reverse("desk:tape", args=[control.pk])
    cash = held.pop("cash")
    return [
        Tile("Cash", cash, f"{control.opening_float} float, {cash - control.opening_float} taken", url=tape),
        *(Tile(Tender.Kind(kind).label, amount, "should be in it", url=tape) for kind, amount in sorted(held.items())),
    ]
