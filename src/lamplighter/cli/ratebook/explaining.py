"""A tariff in words: what it is, what it asks and measures, its lines, and its worked bills line by line."""

from __future__ import annotations

from collections.abc import Iterator

from lamplighter.cli.telling import columns
from lamplighter.rating import explain, needed
from lamplighter.rating.attributes import Amount, Attribute, Choice, Flag, word
from lamplighter.rating.availability import Availability
from lamplighter.rating.files.bills import name_of, work
from lamplighter.rating.tariff import Tariff


def in_words(tariff: Tariff) -> str:
    """Everything but the worked bills."""
    return "\n".join(_words(tariff))


def worked_bills(tariff: Tariff) -> Iterator[str]:
    """A paragraph for each worked bill. Those of a rider need the schedule beside which it stands, and are left out."""
    for bill in () if tariff.rider else tariff.bills:
        yield "\n".join([f"{bill.name} ({bill.period})", *(f"  {said}" for said in explain(work(tariff, bill)))])


def _words(tariff: Tariff) -> Iterator[str]:
    yield f"{tariff.code}: {tariff.name}{' (a rider)' if tariff.rider else ''}"
    yield f"{tariff.utility}, {tariff.valid}, {tariff.status}"
    if tariff.adopted_by:
        yield f"Adopted by {tariff.adopted_by}."
    if tariff.applies_to:
        yield f"Applies to: {tariff.applies_to}"
    yield from _available(tariff.available)
    yield f"Rounded {tariff.rounding.rule}{'' if tariff.rounding.stated else ' (assumed: no source tells)'}."
    yield from _section("Asked of the account", [_asked(attribute) for attribute in tariff.attributes])
    yield from _section("Measured", list(dict.fromkeys(name_of(determinant) for determinant in needed(tariff))))
    rows = [(line.code, line.label, line.kind, line.season, line.citation.clause) for line in tariff.lines]
    heads = ("code", "line", "kind", "season", "clause")
    yield from _section("Lines", columns(heads, rows).splitlines())
    yield from _section("Sources", [" ".join(filter(None, (s.title, s.page, s.url))) for s in tariff.sources])
    yield from _section("Notes", list(tariff.notes))


def _available(limits: Availability) -> Iterator[str]:
    """What the program itself holds customers to."""
    said = [
        " or ".join(limits.to),
        f"{limits.kw_from:f} kW and more" if limits.kw_from is not None else "",
        f"below {limits.kw_below:f} kW" if limits.kw_below is not None else "",
        f"on request from {limits.kw_optional_from:f} kW" if limits.kw_optional_from is not None else "",
    ]
    if words := ", ".join(filter(None, said)):
        yield f"Available to: {words}."


def _section(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield title
        yield from (f"  {line}" for line in lines)


def _asked(attribute: Attribute) -> str:
    match attribute:
        case Choice(values=values):
            kind = ", ".join(values)
        case Flag():
            kind = "yes or no"
        case Amount(unit=unit):
            kind = f"a number of {unit or 'units'}"
    default = "must be told" if attribute.default is None else f"if not told: {word(attribute.default)}"
    return f"{attribute.name} ({attribute.label}): {kind}; {default}"
