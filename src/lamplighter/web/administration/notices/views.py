"""See every notice template, and read one version in each of its languages before it is adopted."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.models import Template
from lamplighter.notices.operations.templates import ADOPTION, RETIREMENT
from lamplighter.notices.queries import sample
from lamplighter.notices.rules.rendering import CannotRender
from lamplighter.notices.rules.wording import Translation
from lamplighter.platform.models import Approval
from lamplighter.web.access import needs
from lamplighter.web.administration.notices.tables import (
    STATES,
    Versions,
    mark,
    versions,
)
from lamplighter.web.naming import names_of
from lamplighter.web.ui.panels import Panel, Unavailable, page
from lamplighter.web.ui.parts import Action, Alert, Badge, Chip, Crumb, Fact, Level, Tone
from lamplighter.web.ui.tables import grid

TEMPLATES = Crumb("Templates", "/admin-desk/templates/")
TAGS = {Language.CHINESE_TRADITIONAL: "zh-Hant", Language.CHINESE_SIMPLIFIED: "zh-Hans"}
"""BCP 47 as it is usually written."""


@needs("notices.template")
def template(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One version: its words with the samples filled in, its fields, its basis, the other versions."""
    found = load_template(pk)
    chosen = _chosen(request, found)
    waits = waits_for_adoption(found)
    return page(
        request,
        title=found.title,
        number=f"version {found.version}",
        crumbs=[TEMPLATES],
        badges=[Badge(found.get_state_display(), STATES.get(found.get_state_display(), Tone.PLAIN))],
        meta=[found.code, found.get_channel_display(), found.basis],
        alerts=_alerts(found, waits=waits),
        actions=_actions(found, chosen, waits=waits),
        panels=[
            Panel("preview", "Preview with samples", "administration/notices/preview.html",
                  lambda: _preview(found, chosen)),
            Panel("versions", "Versions", "ui/tables/grid.html",
                  lambda: {"grid": grid(request, table=Versions, rows=versions(found), caption="Versions")}),
            Panel("about", "About this version", "administration/notices/facts.html",
                  lambda: {"facts": _about(found)}, "side"),
            Panel("fields", "Fields", "administration/notices/fields.html", lambda: {"fields": found.fields}, "side"),
        ],
    )  # fmt: skip


def load_template(pk: int) -> Template:
    """A version with its words at hand."""
    found = Template.objects.filter(pk=pk).prefetch_related("wordings").first()
    if found is None:
        raise Http404("There is no such template.")
    return found


def waits_for_adoption(found: Template) -> bool:
    """Whether a second person has it before them."""
    return Approval.objects.filter(kind=ADOPTION, subject=found.key, state=Approval.State.WAITING).exists()


def waits_for_retirement(found: Template) -> bool:
    """Whether a second person is asked to take it out of use."""
    return Approval.objects.filter(kind=RETIREMENT, subject=found.key, state=Approval.State.WAITING).exists()


def languages_of(found: Template) -> dict[Language, Translation]:
    rows = sorted(found.wordings.all(), key=lambda row: row.pk)
    return {Language(row.language): Translation(row.translation) for row in rows}


def _chosen(request: HttpRequest, found: Template) -> Language:
    asked = request.GET.get("language", "")
    return Language(asked) if asked in list(languages_of(found)) else Language.ENGLISH


def _alerts(found: Template, *, waits: bool) -> list[Alert]:
    if waits_for_retirement(found):
        return [Alert(Level.WATCH, "Asked to be retired", "It is used until a second person has decided.")]
    if waits:
        return [Alert(Level.KNOW, "Proposed", "It waits for a second person to adopt it.")]
    if found.state in (Template.State.DRAFT, Template.State.PROPOSED) and _drafts(found):
        names = ", ".join(language.label for language in _drafts(found))
        return [Alert(Level.WATCH, "Translations are drafts", f"{names}: have them certified, or leave them out.")]
    return []


def _drafts(found: Template) -> list[Language]:
    return [language for language, how in languages_of(found).items() if how is Translation.DRAFT]


def _actions(found: Template, chosen: Language, *, waits: bool) -> list[Action]:
    drafting = reverse("admin-desk:do-draft-template", args=[found.pk, chosen])
    acts = [Action("Draft the next version", drafting, "d", panel=False)]
    if found.state in (Template.State.DRAFT, Template.State.PROPOSED) and not waits:
        propose = reverse("admin-desk:do-propose-template", args=[found.pk])
        acts.insert(0, Action("Propose it", propose, "p", primary=True))
    if found.state != Template.State.RETIRED and not waits and not waits_for_retirement(found):
        acts.append(Action("Retire", reverse("admin-desk:do-retire-template", args=[found.pk]), "r"))
    return acts


def _preview(found: Template, chosen: Language) -> dict[str, Any]:
    """The sheets of the chosen language as they would go out, with the chips that choose another."""
    here = reverse("admin-desk:template", args=[found.pk])
    try:
        rendered = sample(found, language=chosen)
    except CannotRender as why:
        raise Unavailable(str(why)) from None
    marks = languages_of(found)
    return {
        "chips": [Chip(each.label, f"{here}?language={each}", each is chosen) for each in marks],
        "chips_label": "Language",
        "marks": [mark(each, how) for each, how in marks.items() if each is chosen],
        "fallback": rendered.fallback,
        "sheets": [(_tag(sheet.language), sheet) for sheet in rendered.sheets],
        "lines": [(_tag(language), line) for language, line in rendered.lines],
        "letter": found.channel == Channel.LETTER,
    }


def _tag(language: Language) -> str:
    return TAGS.get(language, language.value)


def _about(found: Template) -> list[Fact]:
    names = names_of([found.drafted_by, found.proposed_by, found.adopted_by, found.retired_by])
    steps = (
        ("Drafted", found.drafted_by, found.drafted_at),
        ("Proposed", found.proposed_by, found.proposed_at),
        ("Adopted", found.adopted_by, found.adopted_at),
        ("Retired", found.retired_by, found.retired_at),
    )
    facts = [Fact("Basis", found.basis or "none: no law asks for it"), Fact("Code", found.code)]
    for verb, by, at in steps:
        if at is not None:
            facts += [Fact(verb, at), Fact(f"{verb} by", names[by] if by else "–")]
    return facts
