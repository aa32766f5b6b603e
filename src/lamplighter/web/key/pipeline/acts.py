"""What is done about a development: open it, keep its letter, move its stage, tell what it waits for, meet."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lamplighter.keyaccounts.models import DevelopmentNeed
from lamplighter.keyaccounts.operations import developments as doing
from lamplighter.keyaccounts.operations.relations import TouchIn, log_touch, set_step
from lamplighter.keyaccounts.queries.planning import adopted_planning
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.web.access import actor, needs
from lamplighter.web.key.acts import named
from lamplighter.web.key.loading import load_organisation
from lamplighter.web.key.pipeline import forms
from lamplighter.web.key.pipeline.views import PIPELINE, load_standing
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.parts import Crumb
from lamplighter.web.visits import visit

REFUSALS = (CannotKeep,)


@needs("keyaccounts.work")
def begin(request: HttpRequest) -> HttpResponse:
    """A request for service; before planning figures were adopted, the page on which they are."""
    now = visit(request)
    planning = adopted_planning(on=now.on)
    if planning is None:
        return redirect("key:planning")  # where it says that no load can be estimated, and figures are adopted

    def act(form: forms.Open) -> str:
        said = form.cleaned_data
        return doing.open_development(
            name=said["name"], developer=load_organisation(said["developer"]), place=said["place"],
            feeder=said["feeder"], customer_class=said["customer_class"], wanted_on=said["wanted_on"],
            ramp_months=said["ramp_months"], owner=named(said["user"]), on=now.on, by=actor(request), at=now.at,
        ).slug  # fmt: skip

    return form_panel(
        request, title="A request for service", form=lambda *args: forms.Open(*args, now=now, planning=planning),
        act=act, submit="Open it", back=PIPELINE.url, crumbs=[PIPELINE], refusals=REFUSALS,
        done=lambda slug: Done("It is in the pipeline.", url=reverse("key:development", args=[slug])),
    )  # fmt: skip


@needs("keyaccounts.work")
def letter(request: HttpRequest, slug: str) -> HttpResponse:
    """A load letter, with the sizes of the one before it."""
    now = visit(request)
    standing, planning = load_standing(slug, now.on), adopted_planning(on=now.on)
    if planning is None:
        raise Http404("Adopt planning figures first: without them no load can be estimated.")
    before = standing.letter
    sizes = {one["building"]: f"{Decimal(one['size']).normalize():f}" for one in before.uses} if before else {}

    def act(form: forms.Letter) -> str:
        doing.take_letter(
            development=standing.development, uses=form.uses(), stated_kva=form.cleaned_data["stated_kva"],
            received_on=form.cleaned_data["received_on"], on=now.on, by=actor(request), at=now.at,
        )  # fmt: skip
        return "The letter is kept."

    return _panel(request, slug, "Load letter",
                  lambda *args: forms.Letter(*args, planning=planning, now=now, sizes=sizes), act)  # fmt: skip


@needs("keyaccounts.work")
def stage(request: HttpRequest, slug: str) -> HttpResponse:
    now = visit(request)
    standing = load_standing(slug, now.on)
    if not forms.movable(standing.stage):
        raise Http404(f"{standing.development} ended: it is {standing.stage.label.lower()}.")

    def act(form: forms.Move) -> str:
        said = form.cleaned_data
        made = doing.move_stage(development=standing.development, stage=said["stage"], on=said["on"],
                                words=said["words"], today=now.on, by=actor(request), at=now.at)  # fmt: skip
        return f"{made.get_stage_display()}."

    return _panel(request, slug, "Stage", lambda *args: forms.Move(*args, now=now, stage=standing.stage), act)


@needs("keyaccounts.work")
def wanted(request: HttpRequest, slug: str) -> HttpResponse:
    now = visit(request)
    found = load_standing(slug, now.on).development

    def act(form: forms.Wanted) -> str:
        said = form.cleaned_data
        doing.want_power_on(development=found, wanted_on=said["wanted_on"], why=said["why"], on=now.on,
                            by=actor(request), at=now.at)  # fmt: skip
        return "Kept."

    return _panel(request, slug, "Power wanted on another day",
                  lambda *args: forms.Wanted(*args, initial={"wanted_on": found.wanted_on}), act)  # fmt: skip


@needs("keyaccounts.work")
def need(request: HttpRequest, slug: str) -> HttpResponse:
    now = visit(request)
    found = load_standing(slug, now.on).development

    def act(form: forms.Need) -> str:
        said = form.cleaned_data
        doing.set_need(
            development=found, kind=said["kind"], words=said["words"], waits_on=said["waits_on"], since=said["since"],
            expected_on=said["expected_on"], amount=said["amount"], on=now.on, by=actor(request), at=now.at,
        )  # fmt: skip
        return "Power waits for it."

    return _panel(request, slug, "What power waits for",
                  lambda *args: forms.Need(*args, initial={"since": now.on}), act)  # fmt: skip


@needs("keyaccounts.work")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """It waits on somebody else now."""
    found, now = _need(pk), visit(request)
    first = {"waits_on": found.waits_on, "since": now.on, "expected_on": found.expected_on}

    def act(form: forms.ChangeNeed) -> str:
        said = form.cleaned_data
        doing.change_need(need=found, waits_on=said["waits_on"], since=said["since"], expected_on=said["expected_on"],
                          on=now.on, by=actor(request), at=now.at)  # fmt: skip
        return "Kept."

    return _panel(request, found.development.slug, f"{found.words}: waits on somebody else",
                  lambda *args: forms.ChangeNeed(*args, initial=first), act)  # fmt: skip


@needs("keyaccounts.work")
def meet(request: HttpRequest, pk: int) -> HttpResponse:
    found, now = _need(pk), visit(request)

    def act(form: forms.MeetNeed) -> str:
        said = form.cleaned_data
        doing.meet_need(need=found, met_on=said["met_on"], reference=said["reference"], on=now.on, by=actor(request),
                        at=now.at)  # fmt: skip
        return "Met."

    return form_panel(
        request, title=found.words, form=lambda *args: forms.MeetNeed(*args, initial={"met_on": now.on}), act=act,
        submit="It is here", back=_here(found.development.slug), refusals=REFUSALS, done=Done,
        crumbs=[PIPELINE, Crumb(found.development.name, _here(found.development.slug))],
        template="key/meet.html", change=reverse("key:do-change-need", args=[pk]),
    )  # fmt: skip


@needs("keyaccounts.work")
def meeting(request: HttpRequest, slug: str) -> HttpResponse:
    """Minutes with a task; the developer's history has them too."""
    now = visit(request)
    found = load_standing(slug, now.on).development

    def act(form: forms.Meeting) -> str:
        said = form.cleaned_data
        due = said["step_due"] if said["step"] else None
        touch = TouchIn(uuid4(), said["kind"], said["words"], now.at, (), said["step"], due)
        log_touch(touch=touch, owner=named(said["user"]), organisation=found.developer, development=found,
                  by=actor(request), at=now.at)  # fmt: skip
        return "Noted."

    return _panel(request, slug, "Meeting", lambda *args: forms.Meeting(*args, now=now), act)


@needs("keyaccounts.work")
def task(request: HttpRequest, slug: str) -> HttpResponse:
    now = visit(request)
    found = load_standing(slug, now.on).development

    def act(form: forms.Task) -> str:
        said = form.cleaned_data
        set_step(words=said["words"], due_on=said["due_on"], owner=named(said["user"]), organisation=found.developer,
                 development=found, by=actor(request), at=now.at)  # fmt: skip
        return "Set."

    return _panel(request, slug, "Task", lambda *args: forms.Task(*args, now=now), act)


def _need(pk: int) -> DevelopmentNeed:
    found = DevelopmentNeed.objects.filter(pk=pk, met_on__isnull=True).select_related("development").first()
    if found is None:
        raise Http404("Power does not wait for that any more.")
    return found


def _here(slug: str) -> str:
    return reverse("key:development", args=[slug])


def _panel(request: HttpRequest, slug: str, title: str, form: Any, act: Any) -> HttpResponse:
    found = load_standing(slug, visit(request).on).development
    return form_panel(
        request, title=f"{title}: {found}", form=form, act=act, back=_here(slug), submit="Keep it", refusals=REFUSALS,
        crumbs=[PIPELINE, Crumb(found.name, _here(slug))], done=Done,
    )  # fmt: skip
