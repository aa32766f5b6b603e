"""Write from a template: choose it, fill in what the account does not tell, read it, send it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.accounts.queries import profile
from lamplighter.journeys.corresponding import Choice, choices, letter, send_letter
from lamplighter.notices.channels import BadAddress, Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.queries.drafts import CannotCompose, Draft
from lamplighter.notices.rules.fields import Field, FieldType, Value
from lamplighter.web.access import actor, needs
from lamplighter.web.loading import load_account
from lamplighter.web.ui import htmx
from lamplighter.web.ui.formpanel import Done, form_panel, layout
from lamplighter.web.ui.forms import DayField, Form, MoneyField, Once
from lamplighter.web.ui.parts import Action, Crumb, Fact
from lamplighter.web.visits import visit


class Merge(Once, Form):
    """The fields of one template that the account does not tell, and the language."""

    draft = "letter"
    language = forms.ChoiceField(label="Language", choices=[(one.value, one.label) for one in Language])

    def __init__(self, *args: Any, asked: Sequence[Field], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in asked:
            self.fields[field.name] = _control(field)
        self.order_fields([*(field.name for field in asked), "language", "request_key"])


def _control(field: Field) -> forms.Field:
    label = field.name.replace("_", " ").capitalize()
    match field.type:
        case FieldType.MONEY:
            return MoneyField(label=label)
        case FieldType.DAY | FieldType.DATE:
            return DayField(label=label)
        case FieldType.COUNT:
            return forms.IntegerField(label=label, min_value=0)
        case FieldType.TEXT | FieldType.CHOICE:
            long = field.name == "words"
            widget = forms.Textarea({"rows": 6}) if long else forms.TextInput()
            return forms.CharField(label=label, max_length=3000 if long else 200, widget=widget)


@needs("notices.send")
def choose(request: HttpRequest, number: str) -> HttpResponse:
    """Which letter or email."""
    account = load_account(request, number, to="notices.send")
    here = reverse("desk:account", args=[number])
    offered = [
        Action(f"{one.template.title} ({Channel(one.template.channel).label.lower()})",
               reverse("desk:do-letter", args=[number, one.template.code, one.template.channel]), key=str(n))
        for n, one in enumerate(choices(account, on=visit(request).on), 1)
    ]  # fmt: skip
    response = render(request, "desk/letters/choose.html", {
        "title": "Write from a template", "offered": offered, "crumbs": [Crumb(number, here)],
        "layout": layout(request),
    })  # fmt: skip
    htmx.vary(response)
    return response


@needs("notices.send")
def write(request: HttpRequest, number: str, code: str, channel: str) -> HttpResponse:
    """Fill in, read it as it will go out, send."""
    account = load_account(request, number, to="notices.send")
    here, on = reverse("desk:account", args=[number]), visit(request).on
    choice = next(
        (one for one in choices(account, on=on) if (one.template.code, one.template.channel) == (code, channel)), None
    )
    if choice is None:
        raise Http404(f"There is no adopted {channel} template {code}.")
    customer = profile(account, on=on).customer

    def form(*args: Any) -> Merge:
        made = Merge(*args, asked=choice.asked)
        made.fields["language"].initial = customer.language if customer else "en"
        return made

    def drafted(bound: Merge) -> Draft:
        return _draft(account, choice, bound.cleaned_data, request)

    def act(bound: Merge) -> str:
        sent = send_letter(drafted=drafted(bound), by=actor(request), at=visit(request).at)
        return str(sent.pk)

    return form_panel(
        request, title=choice.template.title, form=form, act=act, submit="Read it", busy="Working…", back=here,
        crumbs=[Crumb(number, here)], refusals=(CannotCompose, BadAddress),
        check=lambda bound: preview(drafted(bound)),
        done=lambda pk: Done("Kept. It is on its way.", url=reverse("desk:letter", args=[pk])),
    )  # fmt: skip


def preview(drafted: Draft) -> list[Fact]:
    """To whom, then every block as it will be read, in each language; what is worth knowing first."""
    facts = [Fact("Note", str(finding)) for finding in drafted.findings]
    facts.append(Fact("To", ", ".join(drafted.request.address)))
    for sheet in drafted.rendered.sheets:
        facts += [Fact(sheet.language.label if name == "subject" else "", text) for name, text in sheet.blocks]
    return facts


def _draft(account: Account, choice: Choice, said: Mapping[str, Any], request: HttpRequest) -> Draft:
    values: dict[str, Value] = {}
    for field in choice.asked:
        value = said[field.name]
        values[field.name] = " ".join(value.split()) if isinstance(value, str) else value
    return letter(
        account, choice, values, key=str(said["request_key"]), on=visit(request).on, language=said["language"]
    )
