"""Why a line of a bill is what it is: its arithmetic, its clause, its tariff, and the readings that it stands on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from lamplighter.billing.models import Segment
from lamplighter.billing.queries.explaining import NoSuchLine, explain, intervals
from lamplighter.billing.queries.explaining_view import Derivation, Measure
from lamplighter.kernel.energy import Quality
from lamplighter.tariffs.models import Version
from lamplighter.web.access import needs, permissions
from lamplighter.web.desk.bills.loading import load_bill
from lamplighter.web.ui import htmx
from lamplighter.web.ui.formpanel import layout
from lamplighter.web.ui.parts import Crumb, Fact, Link
from lamplighter.web.ui.wording import short_day

QUALITIES = {quality: quality.name.replace("_", " ").lower() for quality in Quality}


@needs("accounts.view", "billing.view")
def line(request: HttpRequest, number: str, bill: str, segment: int, place: int) -> HttpResponse:
    """A side panel, or a page of its own."""
    found = _load(request, number, bill, segment)
    derived = _derivation(found, place)
    here = reverse("desk:bill", args=[number, bill])
    response = render(request, "desk/bills/derivation.html", {
        "layout": layout(request), "title": f"Why is this line {derived.line.amount}?", "number": number,
        "crumbs": [Crumb(number, reverse("desk:account", args=[number])), Crumb(f"Bill {bill}", here)],
        "derived": derived, "facts": _facts(derived, request), "back": here, "bill": bill,
        "measures": list(enumerate(derived.measures)),
    })  # fmt: skip
    htmx.vary(response)
    return response


@needs("accounts.view", "billing.view", "metering.view")
def readings(
    request: HttpRequest, *, number: str, bill: str, segment: int, place: int, measure: int, day: str
) -> HttpResponse:
    """The intervals of one day behind a measure, as the bill saw them."""
    found = _load(request, number, bill, segment)
    derived = _derivation(found, place)
    wanted, on = _measure(derived.measures, measure), _day(day)
    rows = [(row, QUALITIES[row.quality]) for row in intervals(segment=found, measure=wanted, day=on)]
    title = f"Readings of {on:%a, %b} {on.day}, {on.year}"
    here = reverse("desk:bill", args=[number, bill])
    response = render(request, "desk/bills/readings.html", {
        "rows": rows, "title": title, "crumbs": [Crumb(f"Bill {bill}", here)], "measure": wanted,
        "base": "desk/bills/bare.html" if htmx.asks(request) else "ui/page.html",
    })  # fmt: skip
    htmx.vary(response)
    return response


def _load(request: HttpRequest, number: str, bill: str, segment: int) -> Segment:
    issued = load_bill(request, number, bill)
    found = Segment.objects.filter(bill=issued, pk=segment).select_related("bill", "agreement__account").first()
    if found is None:
        raise Http404(f"Bill {bill} has no such charges.")
    return found


def _derivation(segment: Segment, place: int) -> Derivation:
    try:
        return explain(segment=segment, line=place)[0]
    except NoSuchLine as missing:
        raise Http404(str(missing)) from missing


def _measure(measures: Sequence[Measure], index: int) -> Measure:
    if index >= len(measures):
        raise Http404("This line has no such measure.")
    return measures[index]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise Http404(f"{text} is no day.") from wrong


def _facts(derived: Derivation, request: HttpRequest) -> list[Fact]:
    """What it goes by: facts of the account, rounding, rate, clause, books."""
    text, clause = derived.text, derived.clause
    rate = f"{text.code} {text.name}, from {short_day(text.valid.start, date.min)}"
    cited = ", ".join(filter(None, [clause.title, clause.page and f"page {clause.page}", clause.clause]))
    return [
        *(Fact(label, value) for label, value in derived.facts),
        Fact("Rounding", derived.rounding),
        Fact("Rate", rate, _version(text.sha256, request)),
        *([Fact("Adopted by", text.adopted_by)] if text.adopted_by else []),
        *([Fact("Rate book", cited, Link("Read", clause.url) if clause.url else None)] if cited else []),
        Fact("In the books", f"{derived.ledger.number} {derived.ledger.name}"),
    ]  # fmt: skip


def _version(sha256: str, request: HttpRequest) -> Link | None:
    """The version of the rate book that has this text."""
    if "tariffs.view" not in permissions(request):
        return None
    found = Version.objects.filter(source=sha256).values_list("pk", flat=True).first()
    return Link("Open", reverse("admin-desk:version", args=[found])) if found else None
