"""A peak's chart, slides or a letter by email: to one of the organisation's people, in the manager's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import numpy as np
from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.cases.operations.contacts import CannotLog
from lamplighter.intervals.curves.curve import LoadCurve
from lamplighter.journeys.presenting import PDF, Email, email_paper
from lamplighter.keyaccounts.documents.papers import PeakShown, peak_pdf
from lamplighter.keyaccounts.models import Organisation
from lamplighter.keyaccounts.queries.history import mailable
from lamplighter.keyaccounts.queries.papers import papers_of
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.platform.queries.files import path_of
from lamplighter.web.access import actor, needs
from lamplighter.web.key.acts import user_of
from lamplighter.web.key.forms import LINES, choose
from lamplighter.web.key.loading import PORTFOLIO, load_organisation
from lamplighter.web.key.peaks import around, told_of
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once
from lamplighter.web.ui.parts import Crumb
from lamplighter.web.ui.wording import moment
from lamplighter.web.visits import visit

Choices: TypeAlias = list[tuple[str, str]]
MOST = 30
ASKS = "May we go through it together?"


class Words(Once, Form):
    """To whom, and the words around what goes with them."""

    to = forms.ChoiceField(label="To")
    subject = forms.CharField(label="Subject", max_length=120)
    body = forms.CharField(label="Words", max_length=2000, widget=LINES)

    def __init__(self, *args: Any, people: Choices, papers: Choices | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "to", people)
        if papers is not None:
            self.fields["paper"] = forms.ChoiceField(label="Paper")
            choose(self, "paper", papers)
            self.order_fields(["paper"])


@needs("keyaccounts.work", "metering.view")
def email_peak(request: HttpRequest, slug: str, pk: int, on: str) -> HttpResponse:
    organisation, service, curve, that = around(request, slug, pk, on)
    now, manager = visit(request), user_of(visit(request)).name
    told = told_of(curve, that)
    if told is None:
        raise Http404("Nothing was read on that day.")
    title, said = told

    def attached(_: Words) -> Attached:
        shown = peak_pdf(_shown(curve, that, title, said), manager=manager, on=now.on)
        return Attached(service.account, shown, f"peak-{that.isoformat()}.pdf")

    first = {"subject": title.rstrip("."), "body": f"{said} The chart is attached.\n\n{ASKS}\n\n{manager}"}
    back = reverse("key:peak", args=[slug, pk, on])
    return _email(request, organisation, "Email the chart", back, attached=attached, first=first)


@needs("keyaccounts.work", "billing.view", "metering.view")
def email_made(request: HttpRequest, slug: str) -> HttpResponse:
    """Slides or a letter that were made, as they are."""
    organisation, manager = load_organisation(slug), user_of(visit(request)).name
    papers = {str(one.pk): one for one in papers_of(organisation).select_related("agreement__account", "file")[:MOST]}
    if not papers:
        raise Http404(f"No paper was made for {organisation}: make the slides or write the letter first.")

    def attached(form: Words) -> Attached:
        one = papers[form.cleaned_data["paper"]]
        content = path_of(one.file_id).read_bytes()
        return Attached(one.agreement.account, content, one.file.name, one.file.media_type)

    choices = [
        (key, f"{one.get_kind_display()}, {one.agreement.premise}, {moment(one.made_at)}")
        for key, one in papers.items()
    ]
    first = {"subject": f"{organisation}: your electricity",
             "body": f"What we made of your own readings and bills is attached.\n\n{ASKS}\n\n{manager}"}  # fmt: skip
    back = reverse("key:papers", args=[slug])
    return _email(request, organisation, "Email a paper", back, attached=attached, first=first, papers=choices)


@dataclass(frozen=True, slots=True)
class Attached:
    """Of which account it tells, and the file."""

    account: Account
    content: bytes
    name: str
    media_type: str = PDF


def _email(
    request: HttpRequest, organisation: Organisation, title: str, back: str, *,
    attached: Callable[[Words], Attached], first: Mapping[str, str], papers: Choices | None = None,
) -> HttpResponse:  # fmt: skip
    now = visit(request)
    people = mailable(organisation, on=now.on)
    if not people:
        raise Http404(f"Nobody of {organisation} has an email on file: add a person on the People page first.")
    choices = [(key, f"{person.name}, {address}") for key, (person, address) in people.items()]

    def act(form: Words) -> str:
        answers, paper = form.cleaned_data, attached(form)
        person, address = people[answers["to"]]
        email = Email(answers["request_key"], person, address, answers["subject"], answers["body"], paper.content,
                      paper.name, paper.media_type)  # fmt: skip
        email_paper(email=email, organisation=organisation, account=paper.account, manager=user_of(now),
                    by=actor(request), at=now.at)  # fmt: skip
        return f"It goes to {person.name} with {paper.name}, and is noted."

    return form_panel(
        request, title=title, form=lambda *args: Words(*args, people=choices, papers=papers, initial=first), act=act,
        submit="Send", back=back, done=Done, refusals=(CannotKeep, CannotLog),
        crumbs=[PORTFOLIO, Crumb(str(organisation), back)],
    )  # fmt: skip


def _shown(curve: LoadCurve, that: date, title: str, said: str) -> PeakShown:
    kw = curve.kw_net()
    days = np.array([curve.calendar.day(int(day)) == that for day in curve.calendar.day_of])
    at = int(np.nanargmax(np.where(days, kw, -np.inf)))
    values = tuple(None if np.isnan(value) else round(float(value), 2) for value in kw)
    labels = tuple(f"{day:%a %b %-d}" for day in curve.calendar.period)
    return PeakShown(title, (said,), values, at, labels, round(curve.hours * 60))
