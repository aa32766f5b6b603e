"""Decide readings: as read, estimated, or with other values. Each decision says why, and bills that stood on the old
readings are asked for again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.journeys import reading
from lamplighter.kernel.energy import Unit
from lamplighter.kernel.numerals import ungrouped
from lamplighter.usage.models import IntervalException
from lamplighter.usage.operations.deciding import CannotDecide, Decided
from lamplighter.usage.queries.exceptions import Point, Seen, open_exceptions, seen
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.readings.loading import load_exception
from lamplighter.web.desk.readings.twice import came_again
from lamplighter.web.desk.readings.views import READINGS
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.visits import visit

Values = Mapping[tuple[date, int], int]
LINES_MAX = 1000


class Reason(Form):
    """`seen` is the newest revision that the person looked at."""

    remark = forms.CharField(
        label="Why", max_length=1000, widget=forms.Textarea({"rows": 3}),
        help_text="The next person to look will read it: whom you asked, what you saw.",
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput)


class NewValues(Reason):
    """One line for each interval: day, time, value in kWh (or in the channel's own unit)."""

    values = forms.CharField(
        label="Values", widget=forms.Textarea({"rows": 12, "class": "code", "spellcheck": "false"})
    )
    field_order = ("values", "remark")

    def __init__(self, *args: Any, shown: Seen, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown = shown
        unit = "kWh" if shown.measure.unit is Unit.WH else str(shown.measure.unit)
        self.fields["values"].help_text = f"Day, time and {unit}, one interval a line. Delete the lines that stay."

    def clean_values(self) -> Values:
        """By local day and slot. Every mistake names its line."""
        found: dict[tuple[date, int], int] = {}
        places = _places(self.shown)
        for n, line in enumerate(str(self.cleaned_data["values"]).splitlines(), 1):
            if not line.strip():
                continue
            when, _, typed = line.strip().rpartition(" ")
            here = places.get(when.strip(), [])
            if not here:
                raise forms.ValidationError(f"Line {n}: there is no interval at “{when or line}” in these days.")
            found[here.pop(0)] = self._count(n, typed)
        if not found:
            raise forms.ValidationError("Enter at least one value.")
        return found

    def _count(self, n: int, typed: str) -> int:
        try:
            value = Decimal(ungrouped(typed))
            return self.shown.measure.count(value * 1000 if self.shown.measure.unit is Unit.WH else value)
        except InvalidOperation:
            raise forms.ValidationError(f"Line {n}: “{typed}” is no number. Write it like 0.455.") from None
        except ValueError:
            raise forms.ValidationError(f"Line {n}: {typed} is finer than the meter counts.") from None


class NewRead(Reason):
    count = forms.IntegerField(label="The dials showed", min_value=0)
    field_order = ("count", "remark")


@needs("reads.decide", "metering.view")
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    if came_again(load_exception(request, pk)):
        words = "What is stored goes on to count. What came again is left out and not asked about again."
        return _decide(request, pk, title="Keep the stored readings", submit="Keep them", words=words,
                       act=reading.accept)  # fmt: skip
    words = "The readings count as they came and are not asked about again."
    return _decide(request, pk, title="Take as read", submit="Take as read", words=words, act=reading.accept)


@needs("reads.decide", "metering.view")
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Of what came twice, the later values."""
    came = came_again(load_exception(request, pk))
    if not came:
        raise Http404("These readings came only once.")
    words = "What came again counts from now on. What was stored is kept; bills that stood on it are asked for again."
    return _decide(
        request, pk, title="Take the new readings", submit="Take the new", words=words, values=lambda _said: came,
        act=lambda values, **rest: reading.edit(values=values, **rest),
    )  # fmt: skip


@needs("reads.decide", "metering.view")
def estimate(request: HttpRequest, pk: int) -> HttpResponse:
    words = "The intervals in question are replaced by the estimate that is drawn. What came in is kept."
    return _decide(request, pk, title="Estimate", submit="Estimate", words=words, act=reading.estimate)


@needs("reads.decide", "metering.view")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Values by interval; of a register what its dials showed."""
    found = load_exception(request, pk)
    shown = seen(found)
    words = "What came in is kept beside what you enter."
    if found.channel.is_register:
        return _decide(request, pk, title="Enter the read", submit="Keep this read", words=words, form=NewRead,
                       act=lambda values, **rest: reading.edit(values=values, **rest),
                       values=lambda said: {(found.day, found.slot): said["count"]})  # fmt: skip
    form = partial(NewValues, shown=shown)
    return _decide(
        request, pk, title="Enter values", submit="Keep these values", words=words, form=form, act=reading.edit,
        initial={"values": _lines(shown)}, values=lambda said: said["values"],
    )  # fmt: skip


def _decide(
    request: HttpRequest,
    pk: int,
    *,
    title: str,
    submit: str,
    words: str,
    act: Callable[..., Decided],
    form: Callable[..., Reason] = Reason,
    initial: Mapping[str, Any] | None = None,
    values: Callable[[Mapping[str, Any]], Values] | None = None,
) -> HttpResponse:
    found = load_exception(request, pk)
    newest = seen(found).seen if request.method == "GET" else 0
    here = reverse("desk:exception", args=[pk])

    def made(*args: object) -> Reason:
        return form(*args, initial={"seen": newest, **(initial or {})})

    def decide(bound: Reason) -> str:
        said = bound.cleaned_data
        more = {"values": values(said)} if values else {}
        act(exceptions=[pk], seen=said["seen"], by=actor(request), at=visit(request).at, remark=said["remark"], **more)
        return _next(found)

    return form_panel(
        request, title=title, form=made, act=decide, submit=submit, back=here, busy="Deciding…",
        crumbs=[READINGS, Crumb(str(found.day), here)], refusals=(CannotDecide,),
        alerts=[Alert(Level.KNOW, title, words)], done=lambda url: Done("Decided.", url=url),
    )  # fmt: skip


def _next(decided: IntervalException) -> str:
    """The next matter that waits, or the list."""
    following = open_exceptions().exclude(pk=decided.pk).first()
    return reverse("desk:exception", args=[following.pk]) if following else READINGS.url


def _lines(shown: Seen) -> str:
    """The intervals in question with what counts now, or else what would be estimated."""
    energy = shown.measure.unit is Unit.WH

    def line(point: Point) -> str:
        count = point.value if point.value is not None else point.proposed
        value = shown.measure.value(count or 0)
        return f"{point.day} {point.clock} {value / 1000 if energy else value:f}"

    return "\n".join(line(point) for point in shown.points if point.marked)


def _places(shown: Seen) -> dict[str, list[tuple[date, int]]]:
    """Where each `2026-11-14 18:00` is; in the hour that comes twice, the first line is the first of them."""
    found: dict[str, list[tuple[date, int]]] = {}
    for point in shown.points:
        found.setdefault(f"{point.day} {point.clock}", []).append((point.day, point.slot))
    return found
