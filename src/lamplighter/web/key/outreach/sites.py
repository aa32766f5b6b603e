"""What is known of customers' sites beyond their meters, and who wants no offers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.outreach.models import OptOut, Trait
from lamplighter.outreach.operations import traits as keeping
from lamplighter.outreach.rules.segments import CannotReach
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.key.forms import Sure
from lamplighter.web.key.outreach import forms, lists
from lamplighter.web.key.outreach.leads import somebody
from lamplighter.web.loading import load_account
from lamplighter.web.naming import customer_of
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Crumb, Empty
from lamplighter.web.ui.tables import Column, DayColumn, Table, grid
from lamplighter.web.visits import visit

SITES = Crumb("Sites and consent", "/key/sites/")


class Traits(Table):
    """What holds today, from `Trait`s with `customer`."""

    customer = Column("Customer")
    account = Column("Account", accessor="account__number")
    words = Column("Known", order_by=("kind", "value"))
    source = Column("From")
    since = DayColumn("Since", accessor="period__start", order_by="period")

    def row_url(self, record: Any) -> str:
        return reverse("desk:account", args=[record.account.number])


class OptOuts(Table):
    """Who wants no offers."""

    person = Column("Who", accessor="person__name", order_by="person__sort_name")
    how = Column("How they said so", accessor="get_how_display", order_by="how")
    since = DayColumn("Since", accessor="period__start", order_by="period")

    def row_url(self, record: Any) -> str:
        return reverse("key:do-offers-again", args=[record.pk])


@needs("keyaccounts.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    on = visit(request).on
    traits = Trait.objects.filter(period__contains=on).select_related("account")
    out = OptOut.objects.filter(period__contains=on).select_related("person")
    acts = [
        Action("Something is known", reverse("key:do-trait"), key="a", primary=True),
        Action("Take in a list", reverse("key:do-traits"), key="u"),
        Action("Wants no offers", reverse("key:do-no-offers"), key="o"),
    ] if "keyaccounts.work" in permissions(request) else []  # fmt: skip
    return page(
        request, title="Sites and consent", actions=acts,
        panels=[
            Panel("traits", "What is known of sites", "ui/tables/grid.html", lambda: {"grid": grid(
                request, table=Traits, rows=traits.annotate(customer=customer_of("account")).order_by("kind", "pk"),
                caption="What is known of sites", name="traits",
                empty=Empty("Nothing is known beyond meters and bills: note it after a visit, or take in a list."))}),
            Panel("out", "Who wants no offers", "ui/tables/grid.html", lambda: {"grid": grid(
                request, table=OptOuts, rows=out.order_by("person__sort_name"), caption="Who wants no offers",
                name="out", empty=Empty("Everybody hears of offers.", good=True))}, "side"),
        ],
    )  # fmt: skip


@needs("keyaccounts.work")
def note(request: HttpRequest) -> HttpResponse:
    now = visit(request)

    def act(form: forms.NewTrait) -> str:
        said = form.cleaned_data
        if not Account.objects.filter(number=said["account"].strip()).exists():
            raise CannotReach(f"There is no account {said['account']}.")
        account = load_account(request, said["account"].strip(), to="keyaccounts.work")
        made = keeping.note_trait(account=account, kind=said["kind"], value=said["value"], source=said["source"],
                                  on=said["since"], by=actor(request), at=now.at)  # fmt: skip
        return "Noted." if made else "That was known already."

    return _panel(request, "Something is known", lambda *a: forms.NewTrait(*a, initial={"since": now.on}), act)


@needs("keyaccounts.work")
def take_in(request: HttpRequest) -> HttpResponse:
    """A list of what is known: good lines count at once, the others are named by their line."""
    now = visit(request)

    def act(form: forms.TraitList) -> str:
        said = form.cleaned_data
        try:
            text = said["file"].read().decode("utf-8-sig")
        except UnicodeDecodeError as fault:
            raise CannotReach("This is no text in UTF-8. Save the list as CSV (UTF-8) and send it again.") from fault
        taken = keeping.take_traits(text=text, source=said["source"], on=said["since"], by=actor(request), at=now.at)
        return str(taken.pk)

    return _panel(request, "Take in a list", lambda *a: forms.TraitList(*a, initial={"since": now.on}), act,
                  done=lists.done)  # fmt: skip


@needs("keyaccounts.work")
def no_offers(request: HttpRequest) -> HttpResponse:
    now = visit(request)

    def act(form: forms.NoOffers) -> str:
        _, person = somebody(request, form.cleaned_data["who"], now)
        keeping.opt_out(person=person, how=form.cleaned_data["how"], on=now.on, by=actor(request), at=now.at)
        return f"{person.name} gets no more offers."

    return _panel(request, "Wants no offers", forms.NoOffers, act)


@needs("keyaccounts.work")
def offers_again(request: HttpRequest, pk: int) -> HttpResponse:
    now = visit(request)
    out = OptOut.objects.filter(pk=pk).select_related("person").first()
    if out is None:
        raise Http404("They get offers.")

    def act(_form: object) -> str:
        keeping.opt_in(person=out.person, on=now.on, by=actor(request), at=now.at)
        return f"{out.person.name} hears of offers again."

    return _panel(request, f"{out.person.name} wants offers again", Sure, act)


def _panel(
    request: HttpRequest, title: str, form: Any, act: Any, *, done: Callable[[str], Done] = Done
) -> HttpResponse:
    return form_panel(request, title=title, form=form, act=act, back=SITES.url, crumbs=[SITES], done=done,
                      refusals=(CannotReach,))  # fmt: skip
