"""Acts of a desk: a form that opens as a side panel, or as a page of its own when its address is opened directly.

@needs("payments.take")
def pay(request, number):
    account = load_account(request, number)
    return form_panel(
        request, title="Take a payment", form=PayForm, back=account.url,
        act=lambda form: take_payment(account=account, amount=form.cleaned_data["amount"], ...).number,
        done=lambda receipt: Done(f"Receipt {receipt}", url=f"/desk/receipts/{receipt}/"),
        refusals=(CannotTakePayment,),
    )
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render

from lamplighter.platform.operations.requests import KeyReused
from lamplighter.platform.transactions import unit_of_work
from lamplighter.web.access import actor
from lamplighter.web.ui import htmx
from lamplighter.web.ui.forms import Once
from lamplighter.web.ui.once import once
from lamplighter.web.ui.parts import Alert, Crumb, Fact

UNPROCESSABLE, CONFLICT = 422, 409


@dataclass(frozen=True, slots=True)
class Done:
    """What is true now. `undo` is an address to POST to, for what has not left the building; money has none.

    With a template the panel shows the result (a receipt, the change to give); without, it closes. `refresh` names
    the panels of the page to fetch again; empty: all of them.
    """

    message: str
    url: str = ""
    undo: str = ""
    template: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    refresh: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that somebody else changed: what it is now, and what was asked."""

    label: str
    theirs: str
    yours: str


class ChangedMeanwhile(Exception):
    """The row moved on while the form was open. `version` comes back as `over` when the person insists."""

    def __init__(self, who: str, when: str, version: str, differences: Sequence[Difference]) -> None:
        super().__init__(f"{who} changed this {when}.")
        self.who, self.when, self.version, self.differences = who, when, version, differences


@dataclass(frozen=True, slots=True)
class Closed:
    """In place of a form that could only be refused: why, what can be done instead, and nothing to press in vain."""

    why: Sequence[Alert]
    instead: Sequence[Fact]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What the panel shows around its form."""

    title: str
    back: str
    submit: str
    crumbs: Sequence[Crumb]
    alerts: Sequence[Alert]
    template: str
    context: Mapping[str, Any]
    closed: Closed | None = None


def form_panel(
    request: HttpRequest,
    *,
    title: str,
    form: Callable[..., BaseForm],
    act: Callable[[Any], str],
    done: Callable[[str], Done],
    back: str,
    submit: str = "Save",
    check: Callable[[Any], Sequence[Fact]] | None = None,
    confirm: Callable[[Any], str] | None = None,
    refusals: tuple[type[Exception], ...] = (),
    crumbs: Sequence[Crumb] = (),
    alerts: Sequence[Alert] = (),
    template: str = "ui/forms/panel.html",
    closed: Closed | None = None,
    **context: Any,
) -> HttpResponse:
    """GET shows the form. POST acts and answers 303 (or closes the panel), 422 with the form, or 409.

    `act(form)` runs in one unit of work and returns a short result; `done(result)` words it, for the first request
    and for its repeats. `check(form)` shows the answers for confirmation before anything happens, and `confirm(form)`
    names its button where that depends on them. An exception in
    `refusals` becomes an error on top of the form. `closed` stands where the form would, so that a repeat of what was
    done before is still answered with its result.
    """
    sheet = _Sheet(title, back, submit, crumbs, alerts, template, context, closed)
    if request.method in {"GET", "HEAD"}:
        return _show(request, sheet, form())
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "POST"])
    bound = form(request.POST, request.FILES)
    if not bound.is_valid():
        return _show(request, sheet, bound, status=UNPROCESSABLE)
    if "change" in request.POST or (check and "confirmed" not in request.POST):
        answers = () if "change" in request.POST or check is None else check(bound)
        shown = replace(sheet, submit=confirm(bound)) if answers and confirm else sheet
        return _show(request, shown, bound, answers=answers)
    return _answer(request, sheet, bound, act=act, done=done, refusals=refusals)


def _answer(
    request: HttpRequest,
    sheet: _Sheet,
    bound: BaseForm,
    *,
    act: Callable[[Any], str],
    done: Callable[[str], Done],
    refusals: tuple[type[Exception], ...],
) -> HttpResponse:
    refused: tuple[type[Exception], ...] = (KeyReused, *refusals)
    try:
        result = _act(request, bound, act)
    except ChangedMeanwhile as changed:
        return _show(request, sheet, bound, status=CONFLICT, changed=changed)
    except refused as refusal:
        bound.add_error(None, str(refusal))
        return _show(request, sheet, bound, status=UNPROCESSABLE)
    return _finish(request, sheet, done(result))


def _act(request: HttpRequest, form: BaseForm, act: Callable[[Any], str]) -> str:
    if isinstance(form, Once):
        return once(request, key=form.cleaned_data["request_key"], act=lambda: act(form))
    with unit_of_work(actor(request)):
        return act(form)


def _show(request: HttpRequest, sheet: _Sheet, form: BaseForm, *, status: int = 200, **more: Any) -> HttpResponse:
    if sheet.closed and not more.get("answers"):
        sheet = replace(sheet, alerts=sheet.closed.why, template="ui/forms/closed.html",
                        context={"instead": sheet.closed.instead})  # fmt: skip
    response = render(request, sheet.template, {
        **sheet.context, **more, "title": sheet.title, "back": sheet.back, "submit": sheet.submit,
        "crumbs": sheet.crumbs, "alerts": sheet.alerts, "form": form, "once": isinstance(form, Once),
        "has_errors": status == UNPROCESSABLE, "layout": layout(request),
    }, status=status)  # fmt: skip
    htmx.vary(response)
    return response


def layout(request: HttpRequest) -> str:
    """The template around a panel: the slot of an open page, or a page of its own."""
    return "ui/panels/slot.html" if htmx.asks(request) else "ui/panels/alone.html"


def _finish(request: HttpRequest, sheet: _Sheet, done: Done) -> HttpResponse:
    if not htmx.asks(request):
        messages.success(request, done.message, extra_tags=done.undo)
        return HttpResponseRedirect(done.url or sheet.back, status=303)
    if done.template:
        shown = {**done.context, "title": sheet.title, "done": done, "back": sheet.back, "layout": layout(request)}
        response = render(request, done.template, shown)
    elif done.url:
        messages.success(request, done.message, extra_tags=done.undo)
        return htmx.move_to(done.url)
    else:
        response = HttpResponse(status=204)
    said = {"message": done.message, "undo": done.undo, "refresh": list(done.refresh), "stay": bool(done.template)}
    return htmx.tell(response, "lamp:done", said)
