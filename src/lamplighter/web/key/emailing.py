"""A peak's chart by email: to one of the organisation's people, in the manager's words."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.cases.operations.contacts import CannotLog
from lamplighter.intervals.curves.curve import LoadCurve
from lamplighter.journeys.presenting import Email, email_page
from lamplighter.keyaccounts.documents.papers import PeakShown, peak_pdf
from lamplighter.keyaccounts.queries.history import mailable
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.web.access import actor, needs
from lamplighter.web.key.acts import user_of
from lamplighter.web.key.forms import LINES, choose
from lamplighter.web.key.loading import PORTFOLIO
from lamplighter.web.key.peaks import around, told_of
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once
from lamplighter.web.ui.parts import Crumb
from lamplighter.web.visits import visit


class Chart(Once, Form):
    """To whom, and the words around the chart."""

    to = forms.ChoiceField(label="To")
    subject = forms.CharField(label="Subject", max_length=120)
    body = forms.CharField(label="Words", max_length=2000, widget=LINES)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "to", people)


@needs("keyaccounts.work", "metering.view")
def email_peak(request: HttpRequest, slug: str, pk: int, on: str) -> HttpResponse:
    organisation, service, curve, that = around(request, slug, pk, on)
    now, here = visit(request), reverse("key:peak", args=[slug, pk, on])
    told = told_of(curve, that)
    if told is None:
        raise Http404("Nothing was read on that day.")
    title, said = told
    people = mailable(organisation, on=now.on)
    manager = user_of(now).name
    first = {"subject": title.rstrip("."),
             "body": f"{said} The chart is attached.\n\nMay we go through it together?\n\n{manager}"}  # fmt: skip

    def act(form: Chart) -> str:
        answers = form.cleaned_data
        person, address = people[answers["to"]]
        shown = _shown(curve, that, title, said)
        email = Email(answers["request_key"], person, address, answers["subject"], answers["body"],
                      peak_pdf(shown, manager=manager, on=now.on), f"peak-{that.isoformat()}.pdf")  # fmt: skip
        email_page(email=email, organisation=organisation, account=service.account, manager=user_of(now),
                   by=actor(request), at=now.at)  # fmt: skip
        return f"It goes to {person.name} with the chart, and is noted."

    if not people:
        raise Http404(f"Nobody of {organisation} has an email on file: add a person on the People page first.")
    choices = [(key, f"{person.name}, {address}") for key, (person, address) in people.items()]
    return form_panel(
        request, title="Email the chart", form=lambda *args: Chart(*args, people=choices, initial=first), act=act,
        submit="Send", back=here, done=Done, refusals=(CannotKeep, CannotLog),
        crumbs=[PORTFOLIO, Crumb(str(organisation), here)],
    )  # fmt: skip


def _shown(curve: LoadCurve, that: date, title: str, said: str) -> PeakShown:
    kw = curve.kw_net()
    days = np.array([curve.calendar.day(int(day)) == that for day in curve.calendar.day_of])
    at = int(np.nanargmax(np.where(days, kw, -np.inf)))
    values = tuple(None if np.isnan(value) else round(float(value), 2) for value in kw)
    labels = tuple(f"{day:%a %b %-d}" for day in curve.calendar.period)
    return PeakShown(title, (said,), values, at, labels, round(curve.hours * 60))
