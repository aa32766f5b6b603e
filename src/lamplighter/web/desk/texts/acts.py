"""What is done with texts: begun, drafted, proposed, withdrawn, reviewed, given to somebody; figures that change."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.journeys.governing import propose_version, write_change
from lamplighter.journeys.parameters import parameters
from lamplighter.platform.models import User
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.approvals import CannotDecide
from lamplighter.policies.models import Change, Text
from lamplighter.policies.operations import reviewing, writing
from lamplighter.policies.queries.texts import proposal_of
from lamplighter.policies.rules import CannotWrite
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.texts import forms
from lamplighter.web.desk.texts.views import LISTS, TITLES, load_text, load_version
from lamplighter.web.key.forms import Sure
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.parts import Crumb
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

REFUSALS = (CannotWrite, CannotDecide)


@needs("policies.write")
def begin(request: HttpRequest, kind: str) -> HttpResponse:
    """A policy or an article with its first words."""
    if kind not in Text.Kind.values:
        raise Http404("There are policies and articles.")
    now, listed = visit(request), reverse(LISTS[Text.Kind(kind)])

    def act(form: forms.Begin) -> str:
        said = form.cleaned_data
        made = writing.begin_text(
            kind=kind, title=said["title"], about=said["about"], owner=_person(said["owner"]), words=said["words"],
            citation=said.get("citation", ""), governs=said.get("governs", ()), by=actor(request), at=now.at,
        )  # fmt: skip
        return made.text.slug

    return form_panel(
        request, title=f"Write: {Text.Kind(kind).label.lower()}", act=act, submit="Keep the draft", back=listed,
        form=lambda *args: forms.Begin(*args, kind=kind, now=now), crumbs=[Crumb(TITLES[Text.Kind(kind)], listed)],
        done=lambda slug: Done("It is drafted.", url=reverse("desk:text", args=[slug])), refusals=REFUSALS,
    )  # fmt: skip


@needs("policies.write")
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """A new version, from the words of the newest."""
    found = load_text(slug)
    last = found.versions.order_by("-number").first()

    def act(form: forms.Words) -> str:
        said = form.cleaned_data
        made = writing.draft_version(
            text=found, words=said["words"], why=said["why"], citation=said.get("citation", ""),
            governs=said.get("governs", ()), by=actor(request), at=visit(request).at,
        )  # fmt: skip
        return str(made.number)

    return _panel(
        request, found, f"Draft: {found.title}", lambda *args: forms.Words(*args, kind=found.kind, last=last), act,
        submit="Keep the draft",
        done=lambda number: Done(f"Version {number} is drafted.", url=reverse("desk:text-version",
                                                                             args=[slug, int(number)])),
    )  # fmt: skip


@needs("policies.write")
def figures(request: HttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """The figures of a parameter that become others with this draft."""
    found, now = load_version(slug, number), visit(request)
    parameter = parameters().get(key)
    if parameter is None or key not in found.governs:
        raise Http404("This version does not govern that.")
    held = parameter.now(now.on)
    kept = Change.objects.filter(version=found, parameter=key).first()

    def act(form: forms.Figures) -> str:
        count = write_change(version=found, parameter=parameter, typed=form.typed, on=now.on, by=actor(request),
                             at=now.at)  # fmt: skip
        return f"{count} figures change with it." if count != 1 else "One figure changes with it."

    return _panel(
        request, found.text, f"Change: {parameter.label}",
        lambda *args: forms.Figures(*args, parameter=parameter, now=held,
                                    shown={**held, **(kept.figures if kept else {})}),
        act, back=reverse("desk:text-version", args=[slug, number]),
    )  # fmt: skip


@needs("policies.write")
def propose(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Put it before a second person: words and figures, from a day on."""
    found, now = load_version(slug, number), visit(request)

    def act(form: forms.Propose) -> str:
        said = form.cleaned_data
        propose_version(version=found, since=said["since"], review_on=said["review_on"], on=now.on,
                        remark=said["remark"], by=actor(request), at=now.at)  # fmt: skip
        return f"It waits for a second person, to be in force from {day(said['since'], now.on)}."

    return _panel(request, found.text, f"Propose {found}", lambda *args: forms.Propose(*args, now=now), act,
                  submit="Propose", back=reverse("desk:text-version", args=[slug, number]))  # fmt: skip


@needs("policies.write")
def withdraw(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    found = load_version(slug, number)

    def act(_form: object) -> str:
        asked = proposal_of(found)
        if asked is None:
            raise CannotWrite("It waits for nobody's decision.")
        approvals.withdraw(approval=asked, by=actor(request), at=visit(request).at)
        return "Withdrawn: it is a draft again."

    return _panel(request, found.text, f"Withdraw {found}", Sure, act, submit="Withdraw",
                  back=reverse("desk:text-version", args=[slug, number]))  # fmt: skip


@needs("policies.write")
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """It was read and still holds."""
    found, now = load_text(slug), visit(request)

    def act(form: forms.Reviewed) -> str:
        said = form.cleaned_data
        reviewing.review_text(text=found, words=said["words"], next_on=said["next_on"], on=now.on, by=actor(request),
                              at=now.at)  # fmt: skip
        return f"Reviewed; again by {day(said['next_on'], now.on)}."

    return _panel(request, found, f"Reviewed: {found.title}", lambda *args: forms.Reviewed(*args, now=now), act)


@needs("policies.write")
def give(request: HttpRequest, slug: str) -> HttpResponse:
    found, now = load_text(slug), visit(request)

    def act(form: forms.Give) -> str:
        held = writing.give_text(text=found, owner=_person(form.cleaned_data["owner"]), by=actor(request), at=now.at)
        return f"{held.owner.name} keeps it."

    return _panel(request, found, f"Who keeps “{found.title}”?", lambda *args: forms.Give(*args, now=now), act)


def _panel(
    request: HttpRequest, found: Text, title: str, form: Any, act: Any, *, submit: str = "Save", back: str = "",
    done: Any = None,
) -> HttpResponse:  # fmt: skip
    here = back or reverse("desk:text", args=[found.slug])
    return form_panel(
        request, title=title, form=form, act=act, submit=submit, back=here, crumbs=[Crumb(found.title, here)],
        done=done or (lambda words: Done(words, url=here)), refusals=REFUSALS,
    )  # fmt: skip


def _person(username: str) -> User:
    return User.objects.get(username=username)
