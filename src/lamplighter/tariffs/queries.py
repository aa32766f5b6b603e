"""Which tariff is in force, as a value that prices."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from lamplighter.kernel.periods import Period
from lamplighter.platform.models import Approval
from lamplighter.rating.files import parse
from lamplighter.rating.tariff import Tariff
from lamplighter.tariffs.models import TariffText, Version


@dataclass(frozen=True, slots=True, eq=False)
class InForce:
    """An adopted version: its text's SHA-256 and the tariff that it says, valid for the period it was adopted for.

    The same version is the same object, as long as it is remembered; so it may be a key where its whole text is none.
    """

    version: int
    sha256: str
    tariff: Tariff


def in_force(schedules: Collection[str], *, period: Period) -> dict[str, list[InForce]]:
    """Adopted versions of each schedule that touch a period, oldest first; one query, parsed once a process."""
    found: dict[str, list[InForce]] = {schedule: [] for schedule in schedules}
    rows = Version.objects.filter(
        schedule__in=schedules, state=Version.State.ADOPTED, period__overlap=period
    ).select_related("source")
    for row in sorted(rows, key=lambda row: row.period.start):
        found[row.schedule_id].append(_adopted(row.pk, row.source.sha256, row.source.text, row.period))
    return found


def newest(schedules: Collection[str], *, on: date) -> dict[str, InForce]:
    """Of each schedule the adopted version in force on a day, or the last one before it; one query."""
    rows = Version.objects.filter(
        schedule__in=schedules, state=Version.State.ADOPTED, period__startswith__lte=on
    ).select_related("source")
    return {
        row.schedule_id: _adopted(row.pk, row.source.sha256, row.source.text, row.period)
        for row in sorted(rows, key=lambda row: row.period.start)
    }


@lru_cache(maxsize=512)
def _adopted(version: int, sha256: str, text: str, period: Period) -> InForce:
    return InForce(version, sha256, replace(parsed(sha256, text), valid=period))


def may_be_proposed(version: Version) -> bool:
    """Whether nobody has adopted it and nobody is asked to: a draft, or one whose proposal was refused or withdrawn."""
    waits = Approval.objects.filter(subject=version.subject, state=Approval.State.WAITING).exists()
    return version.state != Version.State.ADOPTED and not waits


@lru_cache(maxsize=512)
def as_written(sha256: str) -> Tariff:
    """The tariff of a text that some bill was priced with; texts never change, so it is read once a process."""
    return parsed(sha256, TariffText.objects.get(pk=sha256).text)


@lru_cache(maxsize=512)
def parsed(sha256: str, text: str) -> Tariff:
    """A text that was adopted parses; the same text is parsed once."""
    tariff = parse(text, sha256).tariff
    assert tariff is not None, f"the adopted tariff text {sha256} cannot be read any more"
    return tariff
