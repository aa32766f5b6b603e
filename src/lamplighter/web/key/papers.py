"""Papers for a customer: make the slides, word the letter, take them along; and the template that slides stand on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms as fields
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Agreement
from lamplighter.journeys.measuring import BEYOND
from lamplighter.keyaccounts.documents.papers import MOST_WORDS, LetterWords, first_words
from lamplighter.keyaccounts.models import Organisation, Paper, SlideTemplate, Tie
from lamplighter.keyaccounts.operations import papers as making
from lamplighter.keyaccounts.queries.history import mailable, people_of
from lamplighter.keyaccounts.queries.papers import papers_of
from lamplighter.keyaccounts.queries.story import Story, story
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.platform.queries.files import path_of
from lamplighter.ratestudies.queries.rules import ruled_out
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.key import releases
from lamplighter.web.key.acts import user_of
from lamplighter.web.key.forms import choose
from lamplighter.web.key.loading import PORTFOLIO, heading, load_organisation, load_service
from lamplighter.web.naming import names_of
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Chip, Crumb, Empty, Entry, Fact, Link, Tone
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

LINES = fields.Textarea({"rows": 4})


class ForService(Once, Form):
    """Something about one of the organisation's services."""

    service = fields.ChoiceField(label="Service")

    def __init__(self, *args: Any, services: list[Agreement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.services = {str(one.pk): one for one in services}
        choose(self, "service", [(key, str(one.premise)) for key, one in self.services.items()])


class Letter(Once, Form):
    """The words around the figures, as they were drafted."""

    to = fields.CharField(label="To", max_length=80)
    greeting = fields.CharField(label="Greeting", max_length=80)
    opening = fields.CharField(label="Above the figures", max_length=MOST_WORDS, widget=LINES)
    closing = fields.CharField(label="Below them", max_length=MOST_WORDS, widget=LINES)
    sign = fields.CharField(label="Signed by", max_length=80)


class Template(Once, Form):
    since = DayField(label="From")
    file = fields.FileField(
        label="Template (.pptx)", help_text="With the layouts Title Slide and Title Only, no slides."
    )


@needs("keyaccounts.view", "billing.view", "metering.view")
def papers(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Every paper that was made of this organisation, and the acts that make one."""
    organisation = load_organisation(slug)
    services, chosen = load_service(request, organisation)
    of = f"?service={chosen.pk}" if chosen is not None else ""
    above = heading(request, organisation, "key:papers")
    above.pop("found")
    above["actions"] = [
        Action("Make the slides", reverse("key:do-deck", args=[slug]) + of, key="s", primary=True),
        Action("Write the letter", reverse("key:do-letter", args=[slug]) + of, key="w", panel=False),
        *_mailing(request, organisation),
    ] if "keyaccounts.work" in permissions(request) and services else []  # fmt: skip
    return page(
        request, **above,
        panels=[
            Panel("where", "Service", "key/chooser.html", lambda: _chooser(organisation, services, chosen), "top",
                  frame=False),
            Panel("papers", "Papers of this customer's own data", "key/entries.html", lambda: _papers(organisation)),
            Panel("given", "Given to ENERGY STAR Portfolio Manager", "key/entries.html",
                  lambda: releases.given(request, organisation)),
            Panel("allowed", "Portfolio Manager: who may be given what", "key/facts.html",
                  lambda: releases.allowed(request, organisation, chosen), "side"),
            Panel("template", "The template of slides", "key/facts.html", lambda: _template(request), "side"),
        ],
    )  # fmt: skip


def _mailing(request: HttpRequest, organisation: Organisation) -> list[Action]:
    """Only where there is something to send, and somebody who has an email."""
    if not papers_of(organisation).exists() or not mailable(organisation, on=visit(request).on):
        return []
    return [Action("Email a paper", reverse("key:do-email-paper", args=[organisation.slug]), key="e")]


@needs("keyaccounts.view", "billing.view", "metering.view")
def paper(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:  # noqa: ARG001 - the guard reads it
    """The file as it was made."""
    found = Paper.objects.filter(pk=pk, organisation__slug=slug).select_related("file").first()
    if found is None:
        raise Http404("There is no such paper.")
    content = path_of(found.file_id).open("rb")
    return FileResponse(content, content_type=found.file.media_type, filename=found.file.name,
                        as_attachment=found.kind == Paper.Kind.DECK)  # fmt: skip


@needs("keyaccounts.work", "billing.view", "metering.view")
def deck(request: HttpRequest, slug: str) -> HttpResponse:
    """Six slides of one service, as PowerPoint and as PDF."""
    organisation, now = load_organisation(slug), visit(request)
    services, chosen = load_service(request, organisation)
    first = {"service": str(chosen.pk)} if chosen is not None else {}

    def act(form: ForService) -> str:
        told = _story(organisation, form.services[form.cleaned_data["service"]], now.on)
        making.make_deck(story=told, manager=user_of(now).name, by=actor(request), at=now.at)
        return "Six slides are made, to change in PowerPoint and as PDF."

    def form(*args: Any) -> ForService:
        return ForService(*args, services=services, initial=first)

    return _panel(request, organisation, "Make the slides", form, act, submit="Make them")


@needs("keyaccounts.work", "billing.view", "metering.view")
def letter(request: HttpRequest, slug: str) -> HttpResponse:
    """Two pages about one service; what stands around the figures is the manager's."""
    organisation, now = load_organisation(slug), visit(request)
    _, chosen = load_service(request, organisation)
    if chosen is None:
        raise Http404(f"{organisation} has no running service.")
    told = _story(organisation, chosen, now.on)

    def act(form: Letter) -> str:
        said = form.cleaned_data
        words = LetterWords(
            *(" ".join(said[name].split()) for name in ("to", "greeting", "opening", "closing", "sign"))
        )
        making.make_letter(story=told, words=words, by=actor(request), at=now.at)
        return "The letter is made: two pages, to print or to send."

    return _panel(
        request, organisation, f"Letter about {chosen.premise}", lambda *a: Letter(*a, initial=_drafted(told, now)),
        act, submit="Make the letter",
    )  # fmt: skip


@needs("keyaccounts.work")
def template(request: HttpRequest) -> HttpResponse:
    """The utility's own slides: decks are made on them from a day on."""
    now = visit(request)

    def act(form: Template) -> str:
        file = form.cleaned_data["file"]
        making.adopt_template(content=file.read(), name=file.name or "template.pptx", since=form.cleaned_data["since"],
                              by=actor(request), at=now.at)  # fmt: skip
        return "Decks are made on it."

    return form_panel(
        request, title="Template of slides", form=lambda *a: Template(*a, initial={"since": now.on}), act=act,
        done=Done, submit="Use it", back=PORTFOLIO.url, crumbs=[PORTFOLIO], refusals=(CannotKeep,),
    )  # fmt: skip


def _drafted(told: Story, now: Any) -> dict[str, str]:
    ties = [tie for tie in people_of(told.organisation, on=now.on) if tie.part == Tie.Part.DECIDES]
    words = first_words(told, decides=ties[0].person if ties else None, manager=user_of(now).name)
    return {"to": words.to, "greeting": words.greeting, "opening": words.opening, "closing": words.closing,
            "sign": words.sign}  # fmt: skip


def _story(organisation: Organisation, service: Agreement, on: date) -> Story:
    return story(organisation, service, on=on, beyond=BEYOND, ruled_out=ruled_out(service, on=on))


def _panel(
    request: HttpRequest, organisation: Organisation, title: str, form: Any, act: Any, *, submit: str
) -> HttpResponse:
    here = reverse("key:papers", args=[organisation.slug])
    return form_panel(
        request, title=title, form=form, act=act, submit=submit, back=here, done=Done, refusals=(CannotKeep,),
        crumbs=[PORTFOLIO, Crumb(str(organisation), here)],
    )  # fmt: skip


def _chooser(organisation: Organisation, services: list[Agreement], chosen: Agreement | None) -> Mapping[str, Any]:
    here = reverse("key:papers", args=[organisation.slug])
    chips = [Chip(str(one.premise), f"{here}?service={one.pk}", on=one == chosen) for one in services]
    return {"chips": chips if len(chips) > 1 else [], "chips_label": "Service"}


def _papers(organisation: Organisation) -> Mapping[str, Any]:
    rows = list(papers_of(organisation)[:60])
    names = names_of(one.made_by for one in rows)
    kinds = {str(one): one.label.rstrip(")").split(" (") for one in Paper.Kind}  # what it is, and in which file
    entries = [
        Entry(one.made_at, Badge(kinds[one.kind][0], Tone.INFO), f"{kinds[one.kind][1]}: {one.agreement.premise}",
              names[one.made_by], Link("Open", reverse("key:paper", args=[organisation.slug, one.pk])))
        for one in rows
    ]  # fmt: skip
    return {
        "entries": entries,
        "empty": Empty("No paper was made yet: six slides to present, or a letter of two pages."),
    }


def _template(request: HttpRequest) -> Mapping[str, Any]:
    on = visit(request).on
    newest = SlideTemplate.objects.filter(since__lte=on).select_related("file").order_by("-since", "-id").first()
    facts = [Fact("In use", f"{newest.file.name}, since {day(newest.since)}" if newest else "The program's plain one")]
    may = "keyaccounts.work" in permissions(request)
    links = [Link("Use another", reverse("key:do-template"), panel=True)] if may else []
    return {"facts": facts, "links": links}
