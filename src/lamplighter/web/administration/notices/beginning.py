"""Every template, and what a utility begins with: starters that it does not have, all drafts proposed at once."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.kernel.actors import Actor
from lamplighter.notices.models import Template
from lamplighter.notices.operations import CannotAdopt, draft_template, load_starter_templates, propose
from lamplighter.notices.queries import content_of
from lamplighter.notices.rules.starter import starter_contents
from lamplighter.notices.rules.wording import Translation
from lamplighter.web.access import actor, needs
from lamplighter.web.administration.notices.acts import ProposeForm
from lamplighter.web.administration.notices.tables import TemplateFilters, Templates, newest
from lamplighter.web.administration.notices.views import TEMPLATES
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once
from lamplighter.web.ui.parts import Action, Alert, Empty, Level
from lamplighter.web.ui.tables import table_page
from lamplighter.web.ui.wording import counted
from lamplighter.web.visits import visit

ALL = 200
"""Templates are few and looked for by eye."""


class BringForm(Once, Form):
    """No field: its button is the answer."""


@needs("notices.template")
def listed(request: HttpRequest) -> HttpResponseBase:
    """The newest version of each template; while there is something to begin with, the acts for it."""
    bring = Action("Bring the new starters", reverse("admin-desk:do-bring-starters"), key="n")
    ask = Action("Propose every draft", reverse("admin-desk:do-propose-all"), key="p")
    return table_page(
        request, title="Templates", table=Templates, rows=newest(), filters=TemplateFilters, per_page=ALL,
        actions=[*([bring] if _missing() else []), *([ask] if _drafts() else [])],
        empty=Empty("No notice has a template yet. The starter templates come with setting up."),
    )  # fmt: skip


@needs("notices.template")
def bring(request: HttpRequest) -> HttpResponse:
    """Drafts of the templates that came with a newer program; what the utility has is left as it is."""

    def act(form: BringForm) -> str:  # noqa: ARG001 - the form is its own confirmation
        return counted(len(load_starter_templates(by=actor(request), at=visit(request).at)), "draft")

    words = "come with the program and are not among yours. They are used once two people have adopted them."
    return form_panel(
        request, title="Bring the new starters", form=BringForm, act=act, submit="Draft them", back=TEMPLATES.url,
        crumbs=[TEMPLATES], alerts=[Alert(Level.KNOW, counted(_missing(), "template"), words)],
        done=lambda made: Done(f"{made} made.", url=TEMPLATES.url),
    )  # fmt: skip


@needs("notices.template")
def propose_all(request: HttpRequest) -> HttpResponse:
    """Each newest draft before a second person, without the languages that nobody has certified."""

    def act(form: ProposeForm) -> str:
        remark, now = form.cleaned_data["remark"], visit(request)
        for found in _drafts():
            propose(template=_certified(found, by=actor(request), at=now.at), by=actor(request), at=now.at,
                    remark=remark)  # fmt: skip
        return ""

    words = (
        "Translations that nobody certified are left out of what is proposed, and can be added later. Who reads such a "
        "language gets the English with its language line."
    )
    return form_panel(
        request, title="Propose every draft", form=ProposeForm, act=act, submit="Propose them", back=TEMPLATES.url,
        crumbs=[TEMPLATES], refusals=(CannotAdopt,), busy="Proposing…",
        alerts=[Alert(Level.KNOW, counted(len(_drafts()), "draft"), words)],
        done=lambda _: Done("They wait for a second person to adopt them.", url=TEMPLATES.url),
    )  # fmt: skip


def _certified(found: Template, *, by: Actor, at: datetime) -> Template:
    """The version itself where every language of it may be proposed, else a next one without the others."""
    content = content_of(found)
    unsure = [each.language for each in content.wordings if each.translation is Translation.DRAFT]
    if not unsure:
        return found
    for language in unsure:
        content = content.rewritten(language, None)
    return draft_template(content=content, by=by, at=at)


def _missing() -> int:
    have = set(Template.objects.values_list("code", "channel"))
    return sum((one.code, one.channel.value) not in have for one in starter_contents())


def _drafts() -> list[Template]:
    return list(newest().filter(state=Template.State.DRAFT))
