"""Who belongs on another rate by the rules: review, notice, approval by a second person; or kept, with a reason."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.journeys.reclassing import give_notice
from lamplighter.platform.models import Run
from lamplighter.platform.operations.approvals import CannotDecide
from lamplighter.platform.operations.queueing import AlreadyQueued, queue_run
from lamplighter.ratestudies.models import Move, Review
from lamplighter.ratestudies.operations.moving import CannotMove
from lamplighter.ratestudies.operations.reviews import keep_on_rate
from lamplighter.ratestudies.queries.rules import rules_on
from lamplighter.web.access import actor, may_open, needs
from lamplighter.web.lead.rates.forms import KeepForm, NoticeForm, YearForm
from lamplighter.web.lead.rates.studies import LAB
from lamplighter.web.lead.rates.tables import Moves
from lamplighter.web.naming import customer_of
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Crumb, Empty, Fact, Link
from lamplighter.web.ui.runs import ENDED
from lamplighter.web.ui.tables import grid
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

TITLE, TASK, KIND = "Who is on which rate", "ratestudies.review", "rate.review"


@needs("rates.study")
def listed(request: HttpRequest) -> HttpResponseBase:
    """The moves of all reviews, those that wait first; and what the last review could not tell."""
    rows = (
        Move.objects.select_related("agreement__account", "present_schedule", "schedule")
        .annotate(customer=customer_of("agreement__account"))
        .order_by("-review", "state", "agreement__account__number")
    )
    newest = Review.objects.order_by("-pk").first()
    waiting = newest is not None and newest.moves.filter(state=Move.State.FOUND).exists()
    review = reverse("lead:do-review")
    notice = reverse("lead:do-notice", args=[newest.pk]) if waiting and newest else ""
    give = [Action("Give notice", notice, key="n")] if notice and may_open(request, notice) else []
    return page(
        request, title=TITLE, crumbs=[LAB], actions=[*give, Action("Review everybody", review, key="r", primary=True)],
        panels=[
            *_running(),
            Panel("moves", "Who belongs elsewhere", "ui/tables/grid.html", lambda: {"grid": grid(
                request, table=Moves, rows=rows, caption="Moves",
                empty=Empty("Nobody is known to be on the wrong rate.", Link("Review", review, panel=True)),
            )}),
            Panel("review", "The last review", "desk/accounts/facts.html", lambda: {"facts": _facts(newest)},
                  place="side"),
        ],
    )  # fmt: skip


@needs("rates.study")
def begin(request: HttpRequest) -> HttpResponse:
    now, here = visit(request), reverse("lead:rate-reviews")

    def act(form: YearForm) -> str:
        until = date.fromisoformat(form.cleaned_data["until"])
        queue_run(
            TASK, kind=KIND, subject=f"year before {until:%B %Y}", alone=TASK, by=actor(request), at=now.at,
            until=until.isoformat(),
        )  # fmt: skip
        return "Everybody is held to the rules."

    return form_panel(
        request, title="Review everybody", form=lambda *args: YearForm(*args, on=now.on), act=act, submit="Review",
        back=here, crumbs=[LAB, Crumb(TITLE, here)], refusals=(AlreadyQueued,),
        done=lambda words: Done(words, url=here),
    )  # fmt: skip


@needs("rates.study", "notices.send")
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Letters to those chosen, and the moves before a second person."""
    review = Review.objects.filter(pk=pk).first()
    if review is None:
        raise Http404("There is no such review.")
    now, here = visit(request), reverse("lead:rate-reviews")
    rows = list(
        review.moves.filter(state=Move.State.FOUND)
        .select_related("agreement__account", "present_schedule", "schedule")
        .order_by("pk")
    )
    days = max((rule.notice_days for rule in rules_on(now.on).values()), default=30)
    initial = {"effective_on": _next_month(now.on + timedelta(days=days))}

    def form(*args: Any) -> NoticeForm:
        return NoticeForm(*args, rows=rows, initial=initial)

    def act(form: NoticeForm) -> str:
        said = form.cleaned_data
        asked = give_notice(
            review=review, moves=[int(pk) for pk in said["moves"]], effective_on=said["effective_on"], on=now.on,
            by=actor(request), at=now.at, remark=said["remark"],
        )  # fmt: skip
        return asked.summary

    return form_panel(
        request, title="Give notice", form=form, act=act, submit="Write, and ask for approval", back=here,
        crumbs=[LAB, Crumb(TITLE, here)], refusals=(CannotMove, CannotDecide),
        done=lambda words: Done(f"{words}: letters go out, a second person approves.", url=here),
    )  # fmt: skip


@needs("rates.study")
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    found = Move.objects.filter(pk=pk).select_related("agreement__account", "schedule").first()
    if found is None:
        raise Http404("There is no such finding.")
    here = reverse("lead:rate-reviews")

    def act(form: KeepForm) -> str:
        keep_on_rate(move=found, reason=form.cleaned_data["reason"], by=actor(request), at=visit(request).at)
        return f"{found.agreement.account.number} stays."

    return form_panel(
        request, title=f"Keep {found.agreement.account.number} on its rate", form=KeepForm, act=act, submit="Keep",
        back=here, crumbs=[LAB, Crumb(TITLE, here)], refusals=(CannotMove,), done=lambda words: Done(words, url=here),
    )  # fmt: skip


def _facts(newest: Review | None) -> list[Fact]:
    if newest is None:
        return [Fact("Reviewed", "never")]
    return [
        Fact("Reviewed on", day(newest.on)), Fact("Customers", f"{newest.looked_at:,}"),
        Fact("Belong elsewhere", f"{newest.moves.count():,}"),
        *(Fact("Not told", f"{count:,}: {why}") for why, count in newest.unjudged.items()),
    ]  # fmt: skip


def _running() -> list[Panel]:
    run = Run.objects.filter(kind=KIND).order_by("-pk").first()
    if run is None or run.state in ENDED:
        return []
    return [Panel("run", "Reviewing", "lead/rates/running.html", lambda: {"run": run, "ended": False})]


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
