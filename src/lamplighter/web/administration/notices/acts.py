"""Draft the next version of a template in one language, propose a version for adoption, retire one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.notices.languages import Language
from lamplighter.notices.models import Template
from lamplighter.notices.operations import CannotAdopt, CannotDraft, ask_to_retire, draft_template, propose, retire
from lamplighter.notices.queries import content_of
from lamplighter.notices.rules.wording import Content, Translation, Wording
from lamplighter.platform.operations.approvals import CannotDecide
from lamplighter.web.access import actor, needs
from lamplighter.web.administration.notices.views import TEMPLATES, load_template, waits_for_adoption
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Chip, Crumb, Level
from lamplighter.web.visits import visit

LEFT_OUT = "left-out"
RETIRED, ASKED = "Retired. What was written from it stays.", "It waits for a second person. Until then it is used."
BLOCK = "block-"
STANDINGS = {
    Translation.CERTIFIED.value: Option("Certified", "a certified translator answers for these words"),
    Translation.DRAFT.value: Option("Draft", "nobody certified them yet; the version can't be proposed"),
    LEFT_OUT: Option("Left out", "customers who read it get the English with its language line"),
}


class WordsForm(Once, Form):
    """The blocks of one language, each a field with the English words beside it."""

    def __init__(self, *args: Any, content: Content, language: Language, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = f"notice-{content.code}-{content.channel}-{language}"
        english, words = content.wording(Language.ENGLISH), content.wording(language)
        assert english, f"{content.code} has no English wording"
        if language is not Language.ENGLISH:
            first = words.translation.value if words else Translation.DRAFT.value
            options = STANDINGS
            if words and words.translation is Translation.ORIGINAL:
                options = {Translation.ORIGINAL.value: Option("Original", "written in this language"), **STANDINGS}
            self.fields["standing"] = OptionsField(label="These words are", options=options, initial=first)
        for name in english.names:
            self.fields[BLOCK + name] = forms.CharField(
                label=name,
                required=language is Language.ENGLISH,
                initial=words.text(name) if words else "",
                help_text="" if language is Language.ENGLISH else english.text(name),
                widget=forms.Textarea({"rows": 4 if name == "body" else 3, "lang": language.value}),
            )

    def wording(self, language: Language) -> Wording | None:
        """What was typed, or None when the language is left out."""
        standing = self.cleaned_data.get("standing", Translation.ORIGINAL.value)
        if standing == LEFT_OUT:
            return None
        typed = [(name.removeprefix(BLOCK), text) for name, text in self.cleaned_data.items() if name.startswith(BLOCK)]
        blocks = tuple((name, text.replace("\r\n", "\n")) for name, text in typed if text)
        return Wording(language, blocks, Translation(standing))


class ProposeForm(Form):
    remark = forms.CharField(label="For whoever adopts it", required=False, widget=forms.Textarea({"rows": 3}))


class RetireForm(Form):
    remark = forms.CharField(label="Why", max_length=500, widget=forms.Textarea({"rows": 3}))


@needs("notices.template")
def draft(request: HttpRequest, pk: int, tag: str) -> HttpResponse:
    """The next version, with one language written anew and the others as they are."""
    found = load_template(pk)
    if tag not in list(Language):
        raise Http404("Notices are not written in this language.")
    content, language = content_of(found), Language(tag)
    here = reverse("admin-desk:template", args=[pk])

    def form(*args: Any) -> WordsForm:
        return WordsForm(*args, content=content, language=language)

    def act(form: WordsForm) -> str:
        made = draft_template(
            content=content.rewritten(language, form.wording(language)), by=actor(request), at=visit(request).at
        )
        return str(made.pk)

    def done(made: str) -> Done:
        return Done("The next version is kept as a draft.", url=reverse("admin-desk:template", args=[int(made)]))

    return form_panel(
        request, title=f"{found.title}, next version: {language.label}", form=form, act=act, submit="Keep the draft",
        back=here, crumbs=[TEMPLATES, Crumb(found.title, here)], done=done, refusals=(CannotDraft,),
        alerts=_about(language), template="administration/notices/draft.html", chips_label="Language",
        chips=[Chip(each.label, reverse("admin-desk:do-draft-template", args=[pk, each]), each is language)
               for each in Language],
    )  # fmt: skip


@needs("notices.template")
def proposed(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a version before whoever may adopt it."""
    found = load_template(pk)
    here = reverse("admin-desk:template", args=[pk])

    def act(form: ProposeForm) -> str:
        propose(template=found, by=actor(request), at=visit(request).at, remark=form.cleaned_data["remark"])
        return str(pk)

    return form_panel(
        request, title="Propose for adoption", form=ProposeForm, act=act, submit="Propose", back=here,
        crumbs=[TEMPLATES, Crumb(found.title, here)], refusals=(CannotDecide,),
        done=lambda _: Done("It waits for a second person to adopt it.", url=here),
    )  # fmt: skip


@needs("notices.template")
def retired(request: HttpRequest, pk: int) -> HttpResponse:
    """Use a version no more."""
    found = load_template(pk)
    here = reverse("admin-desk:template", args=[pk])

    def act(form: RetireForm) -> str:
        if waits_for_adoption(found):
            raise CannotAdopt(f"{found} waits to be adopted. Have that decided first.")
        in_force = found.state == Template.State.ADOPTED
        (ask_to_retire if in_force else retire)(
            template=found, by=actor(request), at=visit(request).at, remark=form.cleaned_data["remark"]
        )
        return ASKED if in_force else RETIRED

    submit = "Ask for it" if found.state == Template.State.ADOPTED else "Retire it"
    return form_panel(
        request, title=f"Retire version {found.version}", form=RetireForm, act=act, submit=submit, back=here,
        crumbs=[TEMPLATES, Crumb(found.title, here)], refusals=(CannotDecide,), alerts=_lost(found),
        done=lambda said: Done(said, url=here),
    )  # fmt: skip


def _lost(found: Template) -> list[Alert]:
    """What goes without it."""
    if found.state != Template.State.ADOPTED:
        return []
    words = "Until another version is adopted, this notice is not written; what needs it waits in the work list."
    words += " So a second person decides."
    return [Alert(Level.STOP, "This version is in force", words)]


def _about(language: Language) -> list[Alert]:
    if language is not Language.ENGLISH:
        return []
    why = "When its words change, every translation becomes a draft until it is certified again."
    return [Alert(Level.WATCH, "English is the measure", why)]
