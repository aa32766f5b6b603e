"""Account plans: goals that measure themselves, what is done and late, risks; and what the customer sees of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any, TypeAlias

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Agreement
from lamplighter.journeys.measuring import BEYOND
from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.models import Goal, Organisation, Plan, Risk, Step
from lamplighter.keyaccounts.operations import plans as keeping
from lamplighter.keyaccounts.operations.plans import PlanMoved
from lamplighter.keyaccounts.operations.relations import set_step
from lamplighter.keyaccounts.queries.history import people_of
from lamplighter.keyaccounts.queries.measuring import measured
from lamplighter.keyaccounts.queries.plans import Standing, running_plan, standings
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.key import forms, planforms
from lamplighter.web.key.acts import named
from lamplighter.web.key.loading import PORTFOLIO, heading, load_organisation
from lamplighter.web.key.planpaper import paper
from lamplighter.web.key.planshown import goal_row, people_rows, step_rows, without_power_shown
from lamplighter.web.naming import name_of
from lamplighter.web.ui.formpanel import ChangedMeanwhile, Difference, Done, form_panel
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Fact, Tone
from lamplighter.web.ui.wording import day, due
from lamplighter.web.visits import visit

Shown: TypeAlias = Mapping[str, Any]


@needs("keyaccounts.view", "billing.view")
def plan(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The plan that runs. `?view=customer` is what the customer may see; `?print=1` is its paper of four pages."""
    organisation = load_organisation(slug)
    above, on = heading(request, organisation, "key:plan"), visit(request).on
    found = above.pop("found")
    running = running_plan(organisation, on=on)
    theirs = request.GET.get("view") == "customer"
    if running is not None and "print" in request.GET:
        return paper(request, running, found, on=on)
    above["actions"] = _actions(request, organisation, running, theirs=theirs)
    if running is None:
        return page(
            request,
            **above,
            panels=[
                Panel(
                    "none",
                    "Plan",
                    "key/chooser.html",
                    lambda: {"empty": Empty("No plan runs. Begin one with where it stands today.")},
                )
            ],
        )
    stand = cache(lambda: standings(running, on=on, beyond=BEYOND))
    panels = [
        Panel("situation", "Where it stands", "key/facts.html", lambda: _situation(running, on)),
        Panel("goals", "Goals", "key/goals.html", lambda: _goals(request, organisation, stand(), ours=not theirs)),
        Panel("actions", "What is being done", "key/actions.html", lambda: _steps(running, on, request, theirs=theirs)),
        Panel(
            "people",
            "People",
            "key/planpeople.html",
            lambda: {"people": people_rows(people_of(organisation, on=on)), "manager": found.manager},
        ),
    ]
    if not theirs:
        panels.append(
            Panel("risks", "Risks, for ourselves", "key/risks.html", lambda: _risks(request, organisation, running))
        )
    if theirs:
        above["badges"] = [Badge("As the customer sees it", Tone.INFO)]
    return page(request, **above, panels=panels)


@needs("keyaccounts.work")
def start(request: HttpRequest, slug: str) -> HttpResponse:
    organisation, now = load_organisation(slug), visit(request)
    first = {"start": now.on, "end": now.on + timedelta(days=364), "review_on": now.on + timedelta(days=90)}

    def act(form: planforms.NewPlan) -> str:
        said = form.cleaned_data
        if said["end"] < said["start"]:
            raise CannotKeep("It ends before it begins.")
        keeping.start_plan(
            organisation=organisation,
            period=Period(said["start"], said["end"] + timedelta(days=1)),
            situation=said["situation"],
            review_on=said["review_on"],
            by=actor(request),
            at=now.at,
        )
        return "The plan runs."

    return _panel(request, organisation, "Begin a plan", lambda *a: planforms.NewPlan(*a, initial=first), act)


@needs("keyaccounts.work")
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """Looked at: the situation in words, and when it is looked at next. Two people are told of each other."""
    organisation, now = load_organisation(slug), visit(request)
    running = _running(organisation, now.on)
    first = {"situation": str(running.situation), "review_on": now.on + timedelta(days=90), "seen": running.version}

    def act(form: planforms.Review) -> str:
        said = form.cleaned_data
        seen = int(form.data["over"]) if form.data.get("over") else said["seen"]
        try:
            keeping.review_plan(
                plan=running,
                seen=seen,
                situation=said["situation"],
                review_on=said["review_on"],
                on=now.on,
                by=actor(request),
                at=now.at,
            )
        except PlanMoved as moved:
            mine = [Difference("Where it stands", str(moved.now.situation), said["situation"])]
            raise ChangedMeanwhile("A colleague", "since you opened it", str(moved.now.version), mine) from moved
        return "Reviewed."

    return _panel(request, organisation, "Review the plan", lambda *a: planforms.Review(*a, initial=first), act)


@needs("keyaccounts.work")
def goal(request: HttpRequest, slug: str) -> HttpResponse:
    """Another page may say what is to be measured, of which service, and how far it should come."""
    organisation, now = load_organisation(slug), visit(request)
    running = _running(organisation, now.on)
    asked = {name: request.GET[name] for name in ("measure", "service", "target") if request.GET.get(name)}
    first = {"due_on": running.period.last_day, **asked}

    def act(form: planforms.NewGoal) -> str:
        given = form.cleaned_data
        service = Agreement.objects.filter(pk=given["service"] or 0).first()
        baseline = given["baseline"]
        if baseline is None:
            begins = measured(given["measure"], organisation=organisation, agreement=service, on=now.on, beyond=BEYOND)
            baseline = None if begins is None else begins.value
        if baseline is None:
            raise CannotKeep("It can't be measured here yet: give where it begins, or choose another measure.")
        keeping.set_goal(
            plan=running,
            title=given["title"],
            measure=given["measure"],
            agreement=service,
            baseline=baseline,
            target=given["target"],
            due_on=given["due_on"],
            by=actor(request),
            at=now.at,
        )
        return "The goal is set."

    return _panel(
        request,
        organisation,
        "Set a goal",
        lambda *a: planforms.NewGoal(*a, organisation=organisation, initial=first),
        act,
    )


@needs("keyaccounts.work")
def drop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    organisation, now = load_organisation(slug), visit(request)
    found = Goal.objects.filter(pk=pk, plan__organisation=organisation, dropped_at=None).select_related("plan").first()
    if found is None:
        raise Http404("There is no such goal any more.")

    def act(form: planforms.Drop) -> str:
        keeping.drop_goal(goal=found, why=form.cleaned_data["why"], by=actor(request), at=now.at)
        return "Given up."

    return _panel(request, organisation, f"Give up: {found.title}", planforms.Drop, act)


@needs("keyaccounts.work")
def action(request: HttpRequest, slug: str) -> HttpResponse:
    organisation, now = load_organisation(slug), visit(request)
    running = _running(organisation, now.on)

    def act(form: planforms.NewAction) -> str:
        said = form.cleaned_data
        set_step(
            words=said["words"],
            due_on=said["due_on"],
            owner=named(said["owner"]),
            organisation=organisation,
            goal=Goal.objects.filter(pk=said["goal"] or 0, plan=running).first(),
            by=actor(request),
            at=now.at,
        )
        return "Set."

    return _panel(request, organisation, "An action", lambda *a: planforms.NewAction(*a, plan=running, now=now), act)


@needs("keyaccounts.work")
def risk(request: HttpRequest, slug: str) -> HttpResponse:
    organisation, now = load_organisation(slug), visit(request)
    running = _running(organisation, now.on)

    def act(form: planforms.NewRisk) -> str:
        said = form.cleaned_data
        keeping.tell_risk(plan=running, words=said["words"], grave=said["grave"] == "yes", by=actor(request), at=now.at)
        return "Told."

    return _panel(request, organisation, "A risk", planforms.NewRisk, act)


@needs("keyaccounts.work")
def end_risk(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    organisation, now = load_organisation(slug), visit(request)
    found = Risk.objects.filter(pk=pk, plan__organisation=organisation, ended_at=None).select_related("plan").first()
    if found is None:
        raise Http404("There is no such risk any more.")

    def act(_form: object) -> str:
        keeping.end_risk(risk=found, by=actor(request), at=now.at)
        return "It is over."

    return _panel(request, organisation, "The risk is over", forms.Sure, act)


def _running(organisation: Organisation, on: date) -> Plan:
    found = running_plan(organisation, on=on)
    if found is None:
        raise Http404(f"No plan runs for {organisation}.")
    return found


def _panel(request: HttpRequest, organisation: Organisation, title: str, form: Any, act: Any) -> HttpResponse:
    here = reverse("key:plan", args=[organisation.slug])
    return form_panel(
        request,
        title=title,
        form=form,
        act=act,
        back=here,
        done=Done,
        refusals=(CannotKeep,),
        crumbs=[PORTFOLIO, Crumb(str(organisation), here)],
    )


def _actions(request: HttpRequest, organisation: Organisation, running: Plan | None, *, theirs: bool) -> list[Action]:
    slug, here = [organisation.slug], reverse("key:plan", args=[organisation.slug])
    may = "keyaccounts.work" in permissions(request)
    if running is None:
        return [Action("Begin a plan", reverse("key:do-plan", args=slug), key="b", primary=True)] if may else []
    views = [
        Action(
            "Our view" if theirs else "Customer view", here if theirs else f"{here}?view=customer", key="c", panel=False
        ),
        Action("Print", f"{here}?view=customer&print=1", key="p", panel=False),
    ]
    if theirs or not may:
        return views
    return [
        Action("Review", reverse("key:do-review", args=slug), key="r", primary=True),
        Action("Goal", reverse("key:do-goal", args=slug), key="g"),
        Action("Action", reverse("key:do-action", args=slug), key="a"),
        Action("Risk", reverse("key:do-risk", args=slug), key="k"),
        *views,
    ]


def _situation(running: Plan, on: date) -> Mapping[str, Any]:
    reviewed = f", looked at on {day(running.reviewed_at.date())}" if running.reviewed_at else ""
    return {
        "facts": [
            Fact("Runs", f"{day(running.period.start)} to {day(running.period.last_day)}{reviewed}"),
            Fact("Now", str(running.situation)),
            *without_power_shown(running.organisation, on),
            Fact("Next review", f"{day(running.review_on)}, {due(running.review_on, on)}"),
        ],
        "links": [],
    }


def _goals(request: HttpRequest, organisation: Organisation, found: Sequence[Standing], *, ours: bool) -> Shown:
    may = "keyaccounts.work" in permissions(request) and ours
    slug = organisation.slug
    rows = [
        {
            **goal_row(one),
            "drop": reverse("key:do-drop", args=[slug, one.goal.pk]) if may else "",
            "behind": reverse("key:goal", args=[slug, one.goal.pk]) if ours else "",
        }
        for one in found
    ]
    return {"goals": rows, "empty": Empty("No goal yet.")}


def _steps(running: Plan, on: date, request: HttpRequest, *, theirs: bool) -> Mapping[str, Any]:
    """Steps of these days; the customer sees those that serve a goal, without our buttons."""
    may = "keyaccounts.work" in permissions(request) and not theirs
    steps = Step.objects.filter(organisation=running.organisation, set_at__date__gte=running.period.start)
    if theirs:
        steps = steps.filter(goal__isnull=False)
    shown = list(steps.select_related("words", "owner", "goal").order_by("done_at", "due_on"))
    rows = [
        {**row, "done": reverse("key:step-done", args=[one.pk]) if one.done_at is None and may else ""}
        for one, row in zip(shown, step_rows(shown, on), strict=True)
    ]
    return {"steps": rows, "back": request.path, "empty": Empty("Nothing is being done yet.")}


def _risks(request: HttpRequest, organisation: Organisation, running: Plan) -> Mapping[str, Any]:
    may = "keyaccounts.work" in permissions(request)
    rows = Risk.objects.filter(plan=running, ended_at=None).select_related("words").order_by("-grave", "pk")
    return {
        "risks": [
            {
                "words": str(one.words),
                "grave": one.grave,
                "end": reverse("key:do-end-risk", args=[organisation.slug, one.pk]) if may else "",
            }
            for one in rows
        ],
        "empty": Empty("No risk is known."),
        "by": name_of(running.made_by),
    }
