"""Lots of meters: how many came, which of them are tested before any is set, and how that stands."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.metering.models import Lot, MeterTest
from lamplighter.metering.queries import sample
from lamplighter.web.access import needs
from lamplighter.web.desk.metertests.tables import WORDS
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Crumb, Empty, Fact, Link
from lamplighter.web.ui.tables import Column, DayColumn, NumberColumn, Table, table_page
from lamplighter.web.ui.wording import short_day
from lamplighter.web.visits import visit

STOCK = Crumb("Meters in stock", "/desk/meters/")
LOTS = Crumb("Lots", "/desk/meters/lots/")


class Lots(Table):
    """Deliveries, the newest first."""

    number = Column("Lot")
    received_on = DayColumn("Received")
    maker = Column("Maker")
    model = Column("Model")
    count = NumberColumn("Meters")
    sample = NumberColumn("To be tested")

    def row_url(self, record: Any) -> str:
        return reverse("desk:lot", args=[record.number])


@needs("metering.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    rows = Lot.objects.annotate(count=Count("meters")).order_by("-received_on", "-id")
    empty = Empty("No lot came yet. Name the lot when its meters are added.")
    return table_page(request, title=LOTS.text, table=Lots, rows=rows, crumbs=[STOCK], empty=empty)


@needs("metering.view")
def lot(request: HttpRequest, number: str) -> HttpResponseBase:
    """The list that the shop tests by."""
    found = Lot.objects.filter(number=number).first()
    if found is None:
        raise Http404(f"There is no lot {number}.")
    facts = Panel("sample", "Tested before any is set", "desk/places/facts.html", lambda: {"facts": _sample(found)})
    return page(
        request, title=f"Lot {found.number}", crumbs=[STOCK, LOTS], panels=[facts],
        meta=[found.maker, found.model, f"Class {found.accuracy_class.normalize():f}",
              f"Received {short_day(found.received_on, visit(request).on)}"],
    )  # fmt: skip


def _sample(found: Lot) -> list[Fact]:
    stands = sample(found)
    tests = MeterTest.objects.filter(meter__badge__in=stands.chosen, why=MeterTest.Why.SAMPLE).select_related("meter")
    told = {test.meter.badge: _result(test) for test in tests.order_by("tested_at", "id")}
    chosen = [
        Fact(f"Meter {badge}", told.get(badge, "To be tested"), Link("Open", reverse("desk:meter", args=[badge])))
        for badge in stands.chosen
    ]
    return [Fact("Lot", stands.words.capitalize()), *chosen]


def _result(test: MeterTest) -> str:
    full, light = test.found_full.normalize(), test.found_light.normalize()
    return f"{full:f} % at full load, {light:f} % at light load: {WORDS[test.verdict].lower()}"
