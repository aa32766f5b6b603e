"""What the phone sends: the crew begins, and what it found. Each answers a phone's script and a plain form alike."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lamplighter.fieldwork.models import Order
from lamplighter.fieldwork.operations.reporting import CannotReport, CannotStart
from lamplighter.journeys.completing import report_order
from lamplighter.journeys.severing import begin_order
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.transactions import unit_of_work
from lamplighter.premises.operations import CannotTell, tell_address
from lamplighter.web.access import actor, needs, refuse
from lamplighter.web.field.forms import NotDoneForm, Sent
from lamplighter.web.field.loading import load_mine
from lamplighter.web.field.views import done_form
from lamplighter.web.loading import note_access
from lamplighter.web.ui.forms import problems
from lamplighter.web.visits import visit

OK, UNPROCESSABLE = 200, 422


@needs("orders.work")
@require_POST
def start(request: HttpRequest, number: str) -> HttpResponse:
    """The crew is there. Sent again it changes nothing. Why a disconnect must not be done is kept, and told."""
    found = load_mine(request, number)
    why: list[str] = []

    def act() -> str:
        why.append(begin_order(order=found, on=visit(request).on, by=actor(request), at=visit(request).at))
        return why[0] or "Started."

    answer = _answer(request, act, done=_here(found), refused=_here(found))
    if any(why) and answer.status_code == OK:
        answer.status_code = UNPROCESSABLE
    return answer


@needs("orders.work")
@require_POST
def where(request: HttpRequest, number: str) -> HttpResponse:
    """The confidential address of a stop that is still to be done, for its crew; kept on no phone."""
    found, seen = load_mine(request, number), visit(request)
    if not found.is_open:
        refuse("orders.work", "This order is over: nobody needs to go there.")
    try:
        with unit_of_work(actor(request)):
            clear = tell_address(
                premise=found.premise, reason=f"To work order SO-{found.number}", account=found.account_id,
                by=actor(request), at=seen.at,
            )  # fmt: skip
    except CannotTell as why:
        messages.error(request, str(why))
        return HttpResponseRedirect(_here(found), status=303)
    note_access(request, f"premise:{found.premise.number}", "orders.work")
    response = render(request, "field/where.html", {"title": "Confidential address", "clear": clear, "order": found})
    response["Cache-Control"] = "no-store"
    return response


@needs("orders.work")
@require_POST
def report(request: HttpRequest, number: str) -> HttpResponse:
    """Done, or not done. Known by its draft: sent again it answers the same."""
    found = load_mine(request, number)
    form: Sent = (
        NotDoneForm(request.POST, request.FILES)
        if request.POST.get("outcome") == "not-done"
        else done_form(found, visit(request).at, request.POST, request.FILES)
    )
    return _answer(request, lambda: _report(request, found, form), done=reverse("field:route"), refused=_here(found))


def _report(request: HttpRequest, order: Order, form: Sent) -> str:
    if not form.is_valid():
        raise CannotReport(" ".join(problem.message for problem in problems(form)))
    by, at = actor(request), visit(request).at
    photos = [
        store_file(file.chunks(), name=file.name or "photo", media_type=kind, by=by, at=at)[0].sha256
        for file, kind in form.cleaned_data["photos"]
    ]
    kept = report_order(order=order, report=form.report(at=at, photos=photos), by=by, at=at)
    if kept.late:
        return f"SO-{order.number} was over before this came. The desk was told."
    return f"SO-{order.number} is done." if kept.outcome == kept.Outcome.DONE else f"SO-{order.number} went back."


def _answer(request: HttpRequest, act: Callable[[], str], *, done: str, refused: str) -> HttpResponse:
    """For the phone's script as JSON: 200 with `message`, or 422 with why not; for a plain form a page."""
    script = request.headers.get("Accept") == "application/json"
    try:
        with unit_of_work(actor(request)):
            words = act()
    except (CannotStart, CannotReport) as refusal:
        if script:
            return JsonResponse({"message": str(refusal)}, status=UNPROCESSABLE)
        messages.error(request, str(refusal))
        return HttpResponseRedirect(refused, status=303)
    if script:
        return JsonResponse({"message": words, "url": done})
    messages.success(request, words)
    return HttpResponseRedirect(done, status=303)


def _here(order: Order) -> str:
    return reverse("field:order", args=[order.number])
