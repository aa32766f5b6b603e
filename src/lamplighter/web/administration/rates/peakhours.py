"""Tell the hours in which the system peaked: a version of a rate with them, drafted by a form instead of its text."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.billing.rules import months_before
from lamplighter.kernel.periods import Period
from lamplighter.rating import parse
from lamplighter.rating.files.retelling import with_peak_hours
from lamplighter.rating.peakhours import PeakHours
from lamplighter.rating.reach import peak_hours_in
from lamplighter.rating.tariff import Tariff
from lamplighter.tariffs import operations
from lamplighter.tariffs.models import Version
from lamplighter.tariffs.operations import CannotAdopt
from lamplighter.web.access import actor, needs
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form
from lamplighter.web.ui.parts import Crumb
from lamplighter.web.visits import visit


class PeakHoursForm(Form):
    """The days for which it is known, and the hours among them."""

    first = DayField(label="From")
    last = DayField(label="To", help_text="The last day for which it is known.")
    hours = forms.CharField(
        label="Hours in which the system peaked", widget=forms.Textarea({"rows": 3}), required=False,
        help_text="One a line, as 2026-07-14 17:00, when it begins by the local clock. None: it did not peak.",
    )  # fmt: skip
    told_by = forms.CharField(label="Told by", max_length=200)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if "first" in said and "last" in said and said["last"] < said["first"]:
            self.add_error("last", "It ends before it begins.")
        return said


def told_in(tariff: Tariff | None) -> PeakHours | None:
    """The hours that a tariff's lines go by; None where none does."""
    lines = tariff.lines if tariff is not None else ()
    return next((hours for line in lines for hours in peak_hours_in(line)), None)


@needs("tariffs.draft")
def peak_hours(request: HttpRequest, pk: int) -> HttpResponse:
    """The version as it stands, but for its days and its hours. It is proposed and adopted like any other."""
    found = Version.objects.filter(pk=pk).select_related("schedule", "source").first()
    before = told_in(parse(found.source.text, found.schedule.code).tariff) if found is not None else None
    if found is None or before is None:
        raise Http404("There is no such version, or nothing in it goes by the hours in which the system peaked.")
    first = before.known.end
    assert first is not None, "the days that are known end"
    initial = {"first": first, "last": Period(first, months_before(first, -1)).last_day, "told_by": before.told_by}

    def act(form: PeakHoursForm) -> str:
        said = form.cleaned_data
        days = Period(said["first"], said["last"] + timedelta(days=1))
        hours = [line.strip() for line in said["hours"].splitlines() if line.strip()]
        made = operations.draft(
            text=with_peak_hours(found.source.text, hours=hours, known=days, told_by=said["told_by"]), file="the draft",
            customer_class=found.schedule.customer_class, by=actor(request), at=visit(request).at,
        )  # fmt: skip
        return str(made.pk)

    back = reverse("admin-desk:version", args=[pk])
    return form_panel(
        request, title="Tell the peak hours", form=lambda *args: PeakHoursForm(*args, initial=initial), act=act,
        submit="Keep the draft", back=back, crumbs=[Crumb(found.schedule.code, back)], refusals=(CannotAdopt,),
        done=lambda made: Done("Draft kept. Look at what changes, and propose it.",
                               url=reverse("admin-desk:version", args=[int(made)])),
    )  # fmt: skip
