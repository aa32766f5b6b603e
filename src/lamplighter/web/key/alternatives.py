"""Remedies as a form of their assumptions and as a table: what each would have spared in a year, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from lamplighter.advice.assumptions import Assumption, CannotAdvise, checked
from lamplighter.advice.remedies import Site, Weighed, cost_of, remedies_for, trouble, weigh
from lamplighter.keyaccounts.queries.power import upsets_of
from lamplighter.network.queries.quality import PowerRecord
from lamplighter.network.rules.quality import Range
from lamplighter.web.ui.panels import Unavailable
from lamplighter.web.ui.tables import Column, NumberColumn, Table
from lamplighter.web.ui.wording import number

TROUBLE = "trouble"


class Remedies(Table):
    """From `weighed_said`."""

    label = Column("Remedy", orderable=False)
    helps = Column("Helps with", orderable=False)
    worth = NumberColumn("Spared in the year ($)")
    first = NumberColumn("First cost ($)")
    yearly = NumberColumn("Costs a year ($)")
    net = NumberColumn("Left a year ($)")


@dataclass(frozen=True, slots=True)
class Field:
    """An assumption as it is filled in."""

    name: str
    assumption: Assumption
    value: str

    @property
    def dom_id(self) -> str:
        return f"id_{self.name.replace('.', '_')}"


def assumed(request: HttpRequest, site: Site) -> Mapping[str, Any]:
    """Every assumption, those that were changed with what was typed."""
    groups = [("What trouble costs them", "", TROUBLE, trouble(site))]
    groups += [(one.label, one.about, one.name, one.assumptions(site)) for one in remedies_for(site)]
    return {
        "groups": [
            (label, about, [Field(f"{name}.{one.name}", one, _typed(request, name, one)) for one in several])
            for label, about, name, several in groups
        ]
    }


def weighed_said(request: HttpRequest, site: Site, record: PowerRecord) -> tuple[list[str], list[dict[str, Any]]]:
    """Sentences, and a row for each remedy with the best first. Raises Unavailable for a figure out of bounds."""
    said = {name: dict(_said(request, name)) for name in (TROUBLE, *(one.name for one in remedies_for(site)))}
    upsets = upsets_of(record)
    try:
        found = sorted(weigh(upsets, site, said), key=lambda one: -one.net)
        costs = checked(trouble(site), said[TROUBLE], of="What trouble costs")
    except CannotAdvise as fault:
        raise Unavailable(str(fault)) from fault
    year = sum(cost_of(one, costs) for one in upsets)
    said_of_all = [*_sentences(found, len(upsets), year), *(_steady(one, record) for one in found)]
    return list(filter(None, said_of_all)), [_row(one, len(upsets)) for one in found]


def _sentences(found: list[Weighed], count: int, year: float) -> list[str]:
    if not count:
        return ["Nothing disturbed them in the last 12 months: there is nothing to spare."]
    best = found[0]
    verdict = (
        f"{best.remedy.label} leaves most: ${number(best.worth)} spared for ${number(best.yearly)} a year."
        if best.net > 0
        else "None of them would have paid for itself on this year alone."
    )
    many = "upset" if count == 1 else "upsets"
    return [
        f"{count} {many} of the last 12 months cost them about ${number(year)}, by what is assumed below. {verdict}",
        "Upsets are outages, and sags and swells that office electronics do not ride through. Another year differs.",
    ]


def _row(one: Weighed, count: int) -> dict[str, Any]:
    return {
        "label": one.remedy.label, "helps": f"{one.helps} of {count}", "worth": one.worth, "first": one.first,
        "yearly": one.yearly, "net": one.net,
    }  # fmt: skip


def _steady(one: Weighed, record: PowerRecord) -> str:
    """What a tap does to the steady voltage, which may not leave range A at the top."""
    found = record.voltage
    if one.remedy.name != "taps" or found is None:
        return ""
    high = float(found.high) * (1 + 0.025 * one.values["steps"])
    over = "" if high <= found.base.a[1] else f", over range A, which ends at {found.base.a[1]} V"
    low = "all in range A" if found.ranges[Range.A] == found.count else f"{found.share(Range.A):.0f}% in range A"
    return f"Steady voltage is {low} now; with the tap its highest would be {high:.1f} V{over}."


def _said(request: HttpRequest, group: str) -> Iterator[tuple[str, str]]:
    for name, value in request.GET.items():
        of, _, field = name.partition(".")
        if of == group and field and str(value).strip():
            yield field, str(value)


def _typed(request: HttpRequest, group: str, one: Assumption) -> str:
    return request.GET.get(f"{group}.{one.name}", "").strip() or f"{one.value:g}"
