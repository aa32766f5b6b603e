"""Try a failed message again; report an error, send it to the vendor, note, fix, open again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from lamplighter.incidents import operations as incidents
from lamplighter.incidents.models import Incident
from lamplighter.incidents.operations import CannotHandle
from lamplighter.platform.interfaces import CannotRetry, interfaces
from lamplighter.platform.transactions import unit_of_work
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.interfaces.incidents import load
from lamplighter.web.desk.interfaces.views import INTERFACES, known
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import CheckRows, Form, Once
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.visits import visit


class WordsForm(Once, Form):
    draft = "incident"
    words = forms.CharField(label="In words", max_length=1000, widget=forms.Textarea({"rows": 3}))


class ReportForm(WordsForm):
    evidence = forms.MultipleChoiceField(
        label="Evidence", required=False, widget=CheckRows,
        help_text="What is chosen goes to the vendor, without logins.",
    )  # fmt: skip


class CustomerForm(WordsForm):
    interface = forms.ChoiceField(label="Where did it happen?")


class Sure(Once, Form):
    """Nothing to fill in: what it does stands above."""


class TicketForm(Once, Form):
    ticket = forms.CharField(label="The vendor's number for it", max_length=40)


@require_POST
@needs("interfaces.work")
def retry(request: HttpRequest, key: str) -> HttpResponse:
    """Once more, and back to the interface."""
    found = known(key)
    try:
        if found.retry is None:
            raise CannotRetry(found.instead or "This interface tries again by itself.")
        with unit_of_work(actor(request)):
            words = found.retry(request.POST.get("message", ""), actor(request), visit(request).at)
        messages.success(request, words)
    except CannotRetry as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(reverse("desk:interface", args=[key]), status=303)


@needs("interfaces.work")
def retry_all(request: HttpRequest, key: str) -> HttpResponse:
    """Each that failed lately once more, and what came of it; one that is refused stops no other."""
    found = known(key)
    back = reverse("desk:interface", args=[key])
    failed = found.standing(visit(request).at).failed

    def act(_: Sure) -> str:
        assert found.retry is not None
        refused: list[str] = []
        for one in failed:
            try:
                with unit_of_work(actor(request)):
                    found.retry(one.key, actor(request), visit(request).at)
            except CannotRetry as why:
                refused.append(str(why))
        went = len(failed) - len(refused)
        return f"{len(failed)} tried again: {went} went, {len(refused)} did not. {refused[0] if refused else ''}"[:200]

    if found.retry is None:
        raise Http404(found.instead)
    return form_panel(
        request, title="Try all again", form=Sure, act=act, submit="Try again", back=back,
        done=lambda words: Done(words, url=back), crumbs=[INTERFACES, Crumb(found.name, back)], busy="Trying…",
        alerts=[Alert(Level.KNOW, f"{len(failed)} failed lately", "Each is tried once, by itself.")],
    )  # fmt: skip


@needs("interfaces.work")
def report_at(request: HttpRequest, key: str) -> HttpResponse:
    """An error that we noticed, with the failed messages that show it."""
    found = known(key)
    failed = {one.key: one for one in found.standing(visit(request).at).failed}

    def form(*args: Any) -> ReportForm:
        made = ReportForm(*args)
        if not failed:
            del made.fields["evidence"]
            return made
        field = made.fields["evidence"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(one.key, one.words) for one in failed.values()]
        field.initial = list(failed)[:5]
        return made

    def act(bound: ReportForm) -> str:
        chosen = [failed[one] for one in bound.cleaned_data.get("evidence", ())]
        made = incidents.report(
            interface=found, words=bound.cleaned_data["words"], evidence=chosen, by=actor(request), at=visit(request).at
        )
        return str(made.pk)

    back = reverse("desk:interface", args=[key])
    return form_panel(
        request, title="Report an error", form=form, act=act, submit="Report it", back=back,
        crumbs=[INTERFACES, Crumb(found.name, back)], refusals=(CannotHandle,),
        done=lambda pk: Done("Reported.", url=reverse("desk:incident", args=[int(pk)])),
    )  # fmt: skip


@needs("interfaces.work")
def report_of_customer(request: HttpRequest, number: str) -> HttpResponse:
    """An error that a customer met; what failed there lately goes with it."""
    account = load_account(request, number, to="interfaces.work")
    ways = {one.key: one for one in interfaces()}

    def form(*args: Any) -> CustomerForm:
        made = CustomerForm(*args)
        field = made.fields["interface"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.key, f"{one.name}: {one.what}") for one in ways.values()]
        return made

    def act(bound: CustomerForm) -> str:
        at, way = visit(request).at, ways[bound.cleaned_data["interface"]]
        failed = way.standing(at).failed[:5]
        made = incidents.report(
            interface=way, words=bound.cleaned_data["words"], evidence=failed, account=account, by=actor(request), at=at
        )
        return str(made.pk)

    back = reverse("desk:account", args=[number])
    return form_panel(
        request, title="Report an error", form=form, act=act, submit="Report it", back=back,
        crumbs=[Crumb(number, back)], refusals=(CannotHandle,),
        done=lambda pk: Done("Reported.", url=reverse("desk:incident", args=[int(pk)])),
    )  # fmt: skip


@needs("interfaces.work")
def sent(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found: Incident, told: dict[str, Any]) -> None:
        incidents.send_ticket(incident=found, ticket=told["ticket"], by=actor(request), at=visit(request).at)

    return _sheet(request, pk, TicketForm, act, title="Sent to the vendor", submit="Keep the number")


@needs("interfaces.work")
def note(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found: Incident, told: dict[str, Any]) -> None:
        incidents.note(incident=found, words=told["words"], by=actor(request), at=visit(request).at)

    return _sheet(request, pk, WordsForm, act, title="Note", submit="Save the note")


@needs("interfaces.work")
def fix(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found: Incident, told: dict[str, Any]) -> None:
        incidents.fix(incident=found, words=told["words"], by=actor(request), at=visit(request).at)

    return _sheet(request, pk, WordsForm, act, title="Fixed", submit="It works again")


@needs("interfaces.work")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found: Incident, told: dict[str, Any]) -> None:
        incidents.reopen(incident=found, words=told["words"], by=actor(request), at=visit(request).at)

    return _sheet(request, pk, WordsForm, act, title="Not fixed after all", submit="Open it again")


def _sheet(
    request: HttpRequest, pk: int, form: type[Form], act: Callable[[Incident, dict[str, Any]], None], *, title: str,
    submit: str,
) -> HttpResponse:  # fmt: skip
    found = load(pk)
    back = reverse("desk:incident", args=[pk])

    def done(bound: Form) -> str:
        act(found, bound.cleaned_data)
        return str(pk)

    crumbs = [INTERFACES, Crumb(str(found), back)]
    return form_panel(
        request, title=title, form=form, act=done, submit=submit, back=back, crumbs=crumbs,
        refusals=(CannotHandle,), done=lambda _: Done("Saved.", url=back),
    )  # fmt: skip
