"""Derivations of bill lines as text for people, and as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from lamplighter.billing.models import Bill
from lamplighter.billing.queries.explaining import NoSuchLine, explain
from lamplighter.billing.queries.explaining_view import Derivation, Measure


def derivations(bill: Bill, line: str | None) -> list[Derivation]:
    """Of one line, by code or place, wherever it stands on the bill; or of all of them, in order."""
    found: list[Derivation] = []
    missing = f"Bill {bill.number} has no charges by a rate."
    for segment in bill.segments.select_related("bill", "agreement__account").order_by("pk"):
        places = segment.lines.order_by("place").values_list("place", flat=True)
        wanted: list[str | int] = [int(line) if line.isdecimal() else line] if line is not None else list(places)
        try:
            found += [one for place in wanted for one in explain(segment=segment, line=place)]
        except NoSuchLine as absent:
            missing = str(absent)
    if not found:
        raise click.UsageError(missing)
    return found


def in_words(one: Derivation, *, whole: bool) -> str:
    """A sentence; with `whole` everything behind it."""
    head = f"{one.place}. {one.line.code}: {one.words}"
    return "\n".join([head, *_behind(one)]) if whole else head


def data(one: Derivation) -> dict[str, Any]:
    return {
        "bill": one.bill, "segment": one.segment, "place": one.place, "code": one.line.code, "label": one.line.label,
        "quantity": one.line.quantity, "unit": one.line.unit, "price": one.line.price, "times": one.line.times,
        "exact": one.line.exact, "amount": one.line.amount.dollars, "words": one.words, "rounding": one.rounding,
        "tariff": {"code": one.text.code, "valid": str(one.text.valid), "sha256": one.text.sha256,
                   "adopted_by": one.text.adopted_by},
        "clause": {"source": one.clause.title, "clause": one.clause.clause, "page": one.clause.page},
        "ledger": {"code": one.ledger.number, "name": one.ledger.name},
        "facts": dict(one.facts),
        "of": [{"place": other.place, "label": other.label, "amount": other.amount.dollars} for other in one.of],
        "measures": [_measure_data(measure) for measure in one.measures],
    }  # fmt: skip


def _behind(one: Derivation) -> Iterator[str]:
    yield f"   Rounding: {one.rounding}"
    yield f"   Rate: {one.text.code} {one.text.name}, {one.text.valid}, SHA-256 {one.text.sha256[:16]}"
    cited = ", ".join(filter(None, (one.clause.title, one.clause.page and f"page {one.clause.page}")))
    if cited or one.clause.clause:
        yield f"   Clause: {' '.join(filter(None, (cited, one.clause.clause)))}"
    yield f"   Books: {one.ledger.number} {one.ledger.name}"
    yield from (f"   {label}: {value}" for label, value in one.facts)
    yield from (f"   Reckoned on line {other.place}, {other.label}: {other.amount}" for other in one.of)
    for measure in one.measures:
        yield from _measured(measure)


def _measured(measure: Measure) -> Iterator[str]:
    yield f"   Measured: {measure.words}, {measure.value:f} {measure.unit}".rstrip()
    if measure.peak_at is not None:
        yield f"     highest from {measure.peak_at:%Y-%m-%d %H:%M}"
    for day in measure.days:
        note = " (missing readings)" if day.missing else " (estimated in part)" if day.estimated else ""
        yield f"     {day.day} {day.energy:f}{note}"
    yield from (f"     {register}" for register in measure.registers)


def _measure_data(measure: Measure) -> dict[str, Any]:
    return {
        "determinant": measure.ask.determinant.key, "words": measure.words, "value": measure.value,
        "unit": measure.unit, "peak_at": measure.peak_at,
        "days": [{"day": day.day, "energy": day.energy, "estimated": day.estimated, "missing": day.missing}
                 for day in measure.days],
    }  # fmt: skip
