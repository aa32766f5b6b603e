"""Close a drawer: counted blind, the difference told and explained; cash turned in during the day; the tape."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from lamplighter.kernel.actors import staff
from lamplighter.kernel.money import total
from lamplighter.payments.cash.counting import differences_of, last_count
from lamplighter.payments.models import TenderControl
from lamplighter.payments.operations.counting import count_drawer, explain, stop_taking, turn_in
from lamplighter.payments.rules import CannotTake
from lamplighter.platform.access import ROLES
from lamplighter.platform.models import RoleGrant, User
from lamplighter.web.access import actor, needs, refuse
from lamplighter.web.desk.counter.countform import Count
from lamplighter.web.desk.counter.drawers import counting_drawer, own_drawer
from lamplighter.web.desk.counter.tape import differs_in, tape
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, MoneyField, Once
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.visits import visit

COUNTER = Crumb("Counter", "/desk/counter/")


@needs("payments.take")
def count(request: HttpRequest) -> HttpResponse:
    """Blind: nothing on this page says what the drawer should hold."""
    control = _mine(request)
    if control is None:
        return _none(request)
    if control.state == TenderControl.State.OPEN:
        return _stop(request, control)

    def act(form: Count) -> str:
        made = count_drawer(control=control, counted=form.counted, by=actor(request), at=visit(request).at)
        return str(made.pk)

    return form_panel(
        request, title=f"Count {control.source.name}", form=Count, act=act, submit="That is what I counted",
        back=COUNTER.url, crumbs=[COUNTER], done=lambda _: _counted(control), refusals=(CannotTake,),
        template="desk/counter/count.html", busy="Counting…",
        alerts=[Alert(Level.KNOW, "Count what is there", "What should be there is shown afterwards.")],
    )  # fmt: skip


class Sure(Once, Form):
    """Nothing to fill in."""


def _stop(request: HttpRequest, control: TenderControl) -> HttpResponse:
    """First the drawer stops taking, and what it should hold goes from sight; then it is counted."""

    def act(_: Sure) -> str:
        stop_taking(control=control, by=actor(request), at=visit(request).at)
        return "Closed"

    return form_panel(
        request, title=f"Close {control.source.name}", form=Sure, act=act, submit="Close and count", back=COUNTER.url,
        crumbs=[COUNTER], done=lambda _: Done("Closed. Count it now.", url=reverse("desk:do-count")),
        refusals=(CannotTake,),
        alerts=[Alert(Level.KNOW, "From now on this drawer takes nothing more", "You count it on the next page.")],
    )  # fmt: skip


class Why(Once, Form):
    reason = forms.CharField(label="What you know of it", max_length=200, widget=forms.Textarea({"rows": 2}))


@needs("payments.take")
def say_why(request: HttpRequest) -> HttpResponse:
    """Over or short: the reason, and the difference goes to its own account."""
    control = _mine(request)
    if control is None:
        return _none(request)
    differences = differences_of(control)

    def act(form: Why) -> str:
        explain(
            control=control, reason=form.cleaned_data["reason"], on=visit(request).on, by=actor(request),
            at=visit(request).at,
        )  # fmt: skip
        return "Noted. A second person verifies the drawer."

    return form_panel(
        request, title=f"{control.source.name} is {differs_in(differences)}", form=Why, act=act, submit="Note it",
        back=COUNTER.url, crumbs=[COUNTER], done=Done, refusals=(CannotTake,),
        alerts=[Alert(Level.WATCH, differs_in(differences), "Count again first if you are not sure.")],
    )  # fmt: skip


class TurnInForm(Once, Form):
    amount = MoneyField(label="Cash turned in")
    received_by = forms.ChoiceField(label="Taken by")

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["received_by"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = people


@needs("payments.take")
def hand_over(request: HttpRequest) -> HttpResponse:
    """Cash to the vault during the day, from hand to hand."""
    control = own_drawer(request)
    if control is None:
        return _none(request)
    people = _keepers(request)

    def act(form: TurnInForm) -> str:
        said = form.cleaned_data
        turn_in(
            control=control, amount=said["amount"], received_by=staff(said["received_by"]), by=actor(request),
            at=visit(request).at,
        )  # fmt: skip
        return f"{said['amount']} turned in."

    return form_panel(
        request, title="Turn in cash", form=lambda *args: TurnInForm(*args, people=people), act=act,
        submit="Turn it in", back=COUNTER.url, crumbs=[COUNTER], done=Done, refusals=(CannotTake,),
    )  # fmt: skip


@needs("payments.take")
def own_tape(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The tape of a drawer of one's own."""
    return show_tape(request, pk, own=True)


@needs("cash.verify")
def any_tape(request: HttpRequest, pk: int) -> HttpResponseBase:
    return show_tape(request, pk, own=False)


def show_tape(request: HttpRequest, pk: int, *, own: bool) -> HttpResponseBase:
    """Everything that a drawer took, its count, its difference and its seal; it prints on Letter. Its cashier sees the
    count once it is made; others, who may be about to verify it, once it is verified."""
    control = TenderControl.objects.filter(pk=pk).select_related("source").first()
    if control is None:
        raise Http404("There is no such drawer.")
    if own and control.opened_by != actor(request):
        refuse("cash.verify", "This is somebody else's drawer.")
    crumb = COUNTER if own else Crumb("Cash", "/lead/cash/")
    counted = last_count(control) is not None if own else control.state == TenderControl.State.BALANCED
    return page(
        request, title=f"{control.source.name}, {control.opened_at:%b %-d}", crumbs=[crumb],
        panels=[Panel("tape", "Tape", "desk/counter/tape.html", lambda: {"tape": tape(control, blind=not counted)})],
    )  # fmt: skip


def _counted(control: TenderControl) -> Done:
    differences = differences_of(control)
    words = differs_in(differences)
    count = last_count(control)
    assert count is not None
    return Done(
        f"{control.source.name}: {words}.", template="desk/counter/counted.html", url=COUNTER.url,
        context={"words": words, "differs": bool(differences), "control": control, "cash": count.cash,
                 "sum": total(differences.values())},
    )  # fmt: skip


def _mine(request: HttpRequest) -> TenderControl | None:
    return own_drawer(request) or counting_drawer(request)


def _none(request: HttpRequest) -> HttpResponse:
    """Back to the counter, with why."""
    messages.error(request, "You have no drawer to count.")
    return redirect(COUNTER.url)


def _keepers(request: HttpRequest) -> list[tuple[str, str]]:
    """Who may take cash from a cashier: those who verify."""
    roles = [name for name, role in ROLES.items() if "cash.verify" in role.permissions]
    held = RoleGrant.objects.filter(role__in=roles, period__contains=visit(request).on).values("user")
    people = User.objects.filter(pk__in=held, is_active=True).exclude(username=actor(request).key)
    return list(people.order_by("name").values_list("username", "name"))
