"""Check a tariff: hours, seasons, tiers, figures and references; what is not priced is refused by name.

It asks of the values alone, so that a tariff from a file and one from URDB pass through the same gate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise

from lamplighter.kernel.findings import Finding, Place, Severity
from lamplighter.rating.checks.fault import Fault
from lamplighter.rating.checks.hours import hour_faults, season_faults
from lamplighter.rating.checks.prices import price_faults
from lamplighter.rating.checks.references import reference_faults
from lamplighter.rating.checks.unpriced import unpriced
from lamplighter.rating.checks.years import year_faults
from lamplighter.rating.reach import selection_in
from lamplighter.rating.tariff import Status, Tariff

__all__ = ["Fault", "check", "check_book", "faults"]


def check(tariff: Tariff) -> tuple[Finding, ...]:
    """What is amiss with one version of a tariff; empty when nothing is."""
    return tuple(
        Finding(f"tariff.{fault.code}", fault.message, fault.severity, Place(field=_shown(fault.path)), fault.remedy)
        for fault in faults(tariff)
    )


def faults(tariff: Tariff) -> Iterator[Fault]:
    """The same with paths in the shape of the tariff file, so that a reader can add line numbers."""
    yield from season_faults(tariff)
    yield from hour_faults(tariff)
    yield from reference_faults(tariff)
    yield from unpriced(tariff)
    yield from price_faults(tariff)
    yield from year_faults(tariff)


def check_book(tariffs: Iterable[Tariff]) -> tuple[Finding, ...]:
    """Adopted versions of one schedule that overlap in time, or leave a gap between them. Drafts may overlap."""
    adopted = [tariff for tariff in tariffs if tariff.status is not Status.DRAFT]
    ordered = sorted(adopted, key=lambda tariff: (tariff.utility, tariff.code, tariff.valid.start))
    return tuple(
        finding
        for _, versions in groupby(ordered, key=lambda tariff: (tariff.utility, tariff.code))
        for earlier, later in pairwise(versions)
        for finding in _between(earlier, later)
    )


def _between(earlier: Tariff, later: Tariff) -> Iterator[Finding]:
    place = Place(field=f"{later.utility}, {later.version}")
    if earlier.valid.overlaps(later.valid):
        message = f"Two versions of {later.code} are in force from {later.valid.start}."
        yield Finding("tariff.dates_overlap", message, place=place, remedy=f"End {earlier.version} by valid_to.")
    elif earlier.valid.end != later.valid.start:
        message = f"No version of {later.code} is in force from {earlier.valid.end} to {later.valid.start}."
        yield Finding("tariff.dates_gap", message, Severity.WARNING, place)
    yield from _reordered(earlier, later, place)


def _reordered(earlier: Tariff, later: Tariff, place: Place) -> Iterator[Finding]:
    """Lines reckoned on all above, of which the later version has other lines above than the earlier one."""
    for line in later.lines:
        of = selection_in(line)
        if of is None or not of.above:
            continue
        for moved in sorted(_above(earlier, line.code, later) ^ _above(later, line.code, earlier))[:1]:
            message = f"“{moved}” moves past “{line.code}”, which is reckoned on all above."
            remedy = "A bill that meets both versions goes by the later order: name the lines, if that is not meant."
            yield Finding("tariff.order", message, Severity.WARNING, place, remedy)


def _above(tariff: Tariff, code: str, other: Tariff) -> set[str]:
    """The lines above one, of those that another version has too."""
    codes = [line.code for line in tariff.lines if other.line(line.code)]
    return set(codes[: codes.index(code)]) if code in codes else set()


def _shown(path: tuple[str | int, ...]) -> str:
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text
