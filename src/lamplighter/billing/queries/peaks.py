"""Peaks of earlier bills for a rate that looks back: as they were kept, or measured again where none were kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lamplighter.billing.models import Segment
from lamplighter.billing.statement import MeasuredAgain
from lamplighter.kernel.findings import Finding
from lamplighter.rating.bill import BillInput, PastBill
from lamplighter.rating.determinants import Ask, Determinant
from lamplighter.rating.needs import to_keep, to_record
from lamplighter.rating.tariff import Tariff
from lamplighter.usage.measuring import Measured, Wanted
from lamplighter.usage.queries.measured import measured
from lamplighter.usage.queries.points import points_of


@dataclass(frozen=True, slots=True)
class LookingBack:
    """A bill to come, the tariffs that price it, and the segments before it that its agreement was billed."""

    agreement: int
    versions: Sequence[Tariff]
    bill: BillInput
    earlier: Sequence[Segment]


@dataclass(frozen=True, slots=True)
class History:
    """Past peaks, oldest first; which of them were measured again, and why others could not be."""

    past: tuple[PastBill, ...] = ()
    again: tuple[MeasuredAgain, ...] = ()
    unmeasured: tuple[Finding, ...] = ()


NO_HISTORY = History()


def histories(several: Sequence[LookingBack], *, as_of: int | None = None) -> list[History]:
    """What each bill looks back at, in order. Nothing is asked where earlier bills kept all of it."""
    lacking = [(at, segment, keys) for at, one in enumerate(several) for segment, keys in _lacking(one)]
    points = points_of({several[at].agreement for at, _, _ in lacking})
    wanted = [
        Wanted(
            segment.pk, points[several[at].agreement], segment.period,
            tuple(Ask(own, segment.period) for own in keys.values()),
        )
        for at, segment, keys in lacking
    ]  # fmt: skip
    found: list[dict[int, tuple[dict[str, Determinant], Measured]]] = [{} for _ in several]
    for (at, segment, keys), answer in zip(lacking, measured(wanted, as_of=as_of), strict=True):
        found[at][segment.pk] = keys, answer
    return [_history(one, answers) for one, answers in zip(several, found, strict=True)]


def _lacking(one: LookingBack) -> Iterator[tuple[Segment, dict[str, Determinant]]]:
    """Earlier segments that kept not all peaks that the bill's tariffs look back at."""
    wanted = _keys(one)
    for segment in _before(one):
        if wanted <= segment.statement["peaks"].keys():
            continue
        then = one.bill._replace(period=segment.period, cycle=segment.month)
        keys = {key: own for version in one.versions for key, own in to_keep(version, then)}
        yield segment, {key: own for key, own in keys.items() if key not in segment.statement["peaks"]}


def _keys(one: LookingBack) -> set[str]:
    return {own.key for version in one.versions for own in to_record(version)}


def _before(one: LookingBack) -> list[Segment]:
    """Oldest first."""
    begun: dict[date, Segment] = {segment.period.start: segment for segment in one.earlier}
    return [begun[day] for day in sorted(begun) if begun[day].period.closed_end <= one.bill.period.start]


def _history(one: LookingBack, answers: dict[int, tuple[dict[str, Determinant], Measured]]) -> History:
    if not _keys(one):
        return NO_HISTORY
    past, again, unmeasured = [], [], list[Finding]()
    for segment in _before(one):
        peaks = {key: Decimal(value) for key, value in segment.statement["peaks"].items()}
        keys, answer = answers.get(segment.pk, ({}, Measured()))
        unmeasured += answer.findings
        if keys and not answer.findings:
            own = {key: answer.values[Ask(determinant, segment.period)] for key, determinant in keys.items()}
            again.append(MeasuredAgain(segment.month, segment.period, own, answer.revision))
            peaks |= own
        if peaks:
            past.append(PastBill(segment.month, peaks))
    return History(tuple(past), tuple(again), tuple(unmeasured))
