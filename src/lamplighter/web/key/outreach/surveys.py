"""Surveys: questions, whom they ask now, answers on the phone, and results by segment without small groups."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.notices.queries.drafts import CannotCompose
from lamplighter.outreach.models import Survey, SurveyAnswer
from lamplighter.outreach.operations import surveys as asking
from lamplighter.outreach.queries.segments import names
from lamplighter.outreach.queries.surveys import DIMENSIONS, Result, due, questions, results
from lamplighter.outreach.rules.segments import CannotReach, in_words, segment_of
from lamplighter.outreach.rules.suppression import FEWEST, Group
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.key.acts import user_of
from lamplighter.web.key.forms import Sure
from lamplighter.web.key.outreach import asking_forms as forms
from lamplighter.web.key.outreach.leads import somebody
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Chip, Crumb, Empty, Entry, Fact, Tile, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, NumberColumn, Table, grid, table_page
from lamplighter.web.ui.wording import number
from lamplighter.web.visits import visit

SURVEYS = Crumb("Surveys", "/key/surveys/")
GRID = "ui/tables/grid.html"
REFUSALS = (CannotReach, CannotCompose)


class Surveys(Table):
    """Surveys from `_rows`."""

    name = Column("Survey")
    when = Column("Asks")
    state = BadgeColumn("State", tones={"Running": Tone.GOOD})
    asked = NumberColumn("Asked")
    answered = NumberColumn("Answered")

    def row_url(self, record: Any) -> str:
        return reverse("key:survey", args=[record["slug"]])


class People(Table):
    """Whom a survey asks now, from `Asked`."""

    person = Column("Who", accessor="person__name")
    why = Column("Because")
    refused = Column("Not by email", default="")


class Groups(Table):
    """A question's answers by a dimension, from `Group`s."""

    name = Column("Group")
    count = NumberColumn("Answers")
    mean = Column("Mean of 5", attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    good = Column("4 or 5", attrs={"td": {"class": "num"}, "th": {"class": "num"}})

    def render_mean(self, value: float) -> str:
        return f"{value:.1f}"

    def render_good(self, record: Group) -> str:
        return f"{record.good / record.count:.0%}"

    def value_good(self, record: Group) -> str:
        return self.render_good(record)


@needs("keyaccounts.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    may = "keyaccounts.work" in permissions(request)
    return table_page(
        request, title="Surveys", table=Surveys, rows=_rows(),
        actions=[Action("Begin a survey", reverse("key:do-survey"), key="a", primary=True)] if may else [],
        empty=Empty("Nobody is asked yet how they are served."),
    )  # fmt: skip


@needs("keyaccounts.view")
def survey(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One survey: how many answered, results by segment, what was written, and whom it asks now."""
    found, now = load_survey(slug), visit(request)
    by = request.GET.get("by", "class")
    by = by if by in DIMENSIONS else "class"
    running = found.ended_at is None
    return page(
        request, title=found.name, crumbs=[SURVEYS],
        badges=[Badge("Running", Tone.GOOD) if running else Badge("Ended")], meta=_meta(found, now.on),
        actions=_actions(found) if running and "keyaccounts.work" in permissions(request) else [],
        panels=[
            Panel("counts", "Answers", "key/outreach/tiles.html", lambda: {"tiles": _tiles(found)}, "top", frame=False),
            *_results(request, found, by),
            Panel("words", "In their words", "key/entries.html", lambda: _words(found)),
            Panel("due", "Whom it asks now", GRID, lambda: {"grid": grid(
                request, table=People, rows=due(found, on=now.on, at=now.at) if running else [],
                caption="Whom it asks now", name="due", empty=Empty("Nobody is due.", good=True))}),
            Panel("questions", "What it asks", "key/facts.html", lambda: _asks(found), "side"),
        ],
    )  # fmt: skip


@needs("keyaccounts.work")
def begin(request: HttpRequest) -> HttpResponse:
    now = visit(request)

    def act(form: forms.NewSurvey) -> str:
        said = form.cleaned_data
        return asking.begin_survey(
            name=said["name"], when=said["when"], segment={name: said[name] for name in forms.SEGMENT},
            owner=user_of(now), by=actor(request), at=now.at,
        ).slug  # fmt: skip

    return form_panel(
        request, title="Begin a survey", form=lambda *a: forms.NewSurvey(*a, now=now), act=act, submit="Begin it",
        back=SURVEYS.url, crumbs=[SURVEYS], refusals=REFUSALS,
        done=lambda slug: Done("Begun. Now write what it asks.", url=reverse("key:survey", args=[slug])),
    )  # fmt: skip


@needs("keyaccounts.work")
def words(request: HttpRequest, slug: str) -> HttpResponse:
    found, now = load_survey(slug), visit(request)
    first = found.wordings.filter(language="en").first()
    known = {
        "intro": first.intro, "text": "\n".join(f"{kind}: {asked}" for kind, asked in first.questions)
    } if first else {"text": forms.SAMPLE}  # fmt: skip

    def act(form: forms.SurveyWords) -> str:
        said = form.cleaned_data
        asking.word_survey(survey=found, language=said["language"], intro=said["intro"], text=said["text"],
                           by=actor(request), at=now.at)  # fmt: skip
        return "Kept."

    return _panel(request, found, "What it asks", lambda *a: forms.SurveyWords(*a, initial=known), act)


@needs("keyaccounts.work")
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody who is due and has an email, as they were counted."""
    found, now = load_survey(slug), visit(request)

    def count() -> int:
        return sum(not one.refused for one in due(found, on=now.on, at=now.at))

    def act(form: forms.Invite) -> str:
        asked = asking.invite(survey=found, page=request.build_absolute_uri("/"), on=now.on, by=actor(request),
                              at=now.at, shown=form.cleaned_data["shown"])  # fmt: skip
        return f"{asked:,} invitations are in the outbox."

    return _panel(
        request, found, "Ask by email", lambda *a: forms.Invite(*a, initial={"shown": count()}), act,
        submit="Look at it once more", check=lambda form: [Fact("People to be asked", form.cleaned_data["shown"])],
    )  # fmt: skip


@needs("keyaccounts.work")
def phone(request: HttpRequest, slug: str) -> HttpResponse:
    """What somebody answers on the phone, question by question."""
    found, now = load_survey(slug), visit(request)

    def act(form: forms.Answers) -> str:
        account, person = somebody(request, form.cleaned_data["who"], now)
        waiting = {one.person.pk: one.source for one in due(found, on=now.on, at=now.at)}
        source = waiting.get(person.pk, f"phone:{now.on.isoformat()}:{person.pk}")
        invitation = asking.ask_on_the_phone(survey=found, person=person, account=account, source=source, on=now.on,
                                             by=actor(request), at=now.at)  # fmt: skip
        asking.answer(invitation=invitation, ratings=form.ratings(), words=form.cleaned_data["words"],
                      calls_back=form.cleaned_data["calls_back"], how=SurveyAnswer.How.PHONE, on=now.on,
                      by=actor(request), at=now.at)  # fmt: skip
        return "Kept. Thank them."

    return _panel(request, found, "Answers on the phone",
                  lambda *a: forms.Answers(*a, questions=questions(found), asks_who=True), act)  # fmt: skip


@needs("keyaccounts.work")
def end(request: HttpRequest, slug: str) -> HttpResponse:
    found = load_survey(slug)

    def act(_form: object) -> str:
        asking.end_survey(survey=found, by=actor(request), at=visit(request).at)
        return "It ended."

    return _panel(request, found, "End the survey", Sure, act, submit="End it")


def load_survey(slug: str) -> Survey:
    found = Survey.objects.filter(slug=slug).select_related("owner").first()
    if found is None:
        raise Http404("There is no such survey.")
    return found


def _panel(
    request: HttpRequest, found: Survey, title: str, form: Any, act: Any, *, submit: str = "Save", check: Any = None
) -> HttpResponse:
    here = reverse("key:survey", args=[found.slug])
    return form_panel(request, title=title, form=form, act=act, submit=submit, back=here, check=check, done=Done,
                      crumbs=[SURVEYS, Crumb(found.name, here)], refusals=REFUSALS)  # fmt: skip


def _rows() -> list[dict[str, Any]]:
    rows = Survey.objects.annotate(
        asked=Count("invitations", distinct=True), answered=Count("invitations__answer", distinct=True)
    )
    return [
        {"slug": one.slug, "name": one.name, "when": one.get_when_display(), "asked": one.asked,
         "answered": one.answered, "state": "Ended" if one.ended_at else "Running"}
        for one in rows.order_by("-begun_at")
    ]  # fmt: skip


def _actions(found: Survey) -> list[Action]:
    slug, worded = [found.slug], found.wordings.exists()
    acts = [Action("Write what it asks", reverse("key:do-survey-words", args=slug), key="w", primary=not worded)]
    if worded:
        acts = [
            Action("Ask by email", reverse("key:do-invite", args=slug), key="s", primary=True),
            Action("Answers on the phone", reverse("key:do-phone-answers", args=slug), key="p"), *acts,
        ]  # fmt: skip
    return [*acts, Action("End it", reverse("key:do-end-survey", args=slug), key="e")]


def _meta(found: Survey, on: Any) -> list[str]:
    whom = (
        in_words(segment_of(found.segment), names(on=on)) if found.segment else "who spoke with us, a week at most ago"
    )
    return [found.get_when_display(), whom, f"Manager: {found.owner.name}"]


def _tiles(found: Survey) -> list[Tile]:
    asked = found.invitations.count()
    answered = SurveyAnswer.objects.filter(invitation__survey=found).count()
    share = f"{answered / asked:.0%} of them" if asked else "nobody was asked yet"
    return [Tile("Asked", asked), Tile("Answered", answered, share)]


def _results(request: HttpRequest, found: Survey, by: str) -> list[Panel]:
    """A panel a question: of everybody, and by the dimension that was chosen."""
    made = results(found, by=by, on=visit(request).on)
    return [Panel(f"q{one.question.number}", one.question.words, "key/outreach/result.html",
                  partial(_result, request, found, one, by)) for one in made]  # fmt: skip


def _result(request: HttpRequest, found: Survey, one: Result, by: str) -> Mapping[str, Any]:
    here = reverse("key:survey", args=[found.slug])
    whole = one.whole
    said = (
        f"{whole.count} answers, {number(whole.mean, 1)} of 5 on average; {whole.good / whole.count:.0%} said 4 or 5."
        if whole
        else f"Fewer than {FEWEST} answers: none is shown, for one could be guessed."
    )
    return {
        "said": said, "whole": whole,
        "chips": [Chip(label, f"{here}?by={key}", on=key == by) for key, label in DIMENSIONS.items()],
        "grid": grid(
            request, table=Groups, rows=list(one.by), name=f"q{one.question.number}",
            caption=f"{one.question.words} by {DIMENSIONS[by].lower()}", empty=Empty("Nothing can be shown yet."),
        ),
    }  # fmt: skip


def _words(found: Survey) -> Mapping[str, Any]:
    """What was written, without names: who asked for a call stands among the next steps."""
    rows = SurveyAnswer.objects.filter(invitation__survey=found, words__isnull=False).select_related("words")
    shown = list(rows.order_by("-answered_at")[:40])
    entries = [Entry(one.answered_at, Badge(one.get_how_display()), str(one.words)) for one in shown]
    return {"entries": entries, "empty": Empty("Nobody wrote anything.")}


def _asks(found: Survey) -> Mapping[str, Any]:
    facts = [Fact(f"{one.number}. {one.kind.value.capitalize()}", one.words) for one in questions(found)]
    langs = ", ".join(row.get_language_display() for row in found.wordings.order_by("pk"))
    if facts:
        facts.append(Fact("Languages", langs))
    return {"facts": facts, "links": [], "empty": Empty("It asks nothing yet.")}
