"""The record of an imported file, and what of it waits for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from lamplighter.formats.meterdata import MeterFile
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.findings import Finding, Severity
from lamplighter.platform.models import StoredFile
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction
from lamplighter.usage.intake.options import ImportOptions
from lamplighter.usage.intake.tallies import errors, listed, tally
from lamplighter.usage.kinds import BAD_LINES, UNKNOWN_METER
from lamplighter.usage.models import ImportedFile
from lamplighter.worklist.operations import Draft, finish_where, raise_items

NAMES = 1_000  # unknown meters that are listed


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file in one attempt."""

    findings: Sequence[Finding]
    unknown: Sequence[str]
    taken: int
    unchanged: int
    duplicates: int
    estimated: int
    exceptions: int
    revision: int | None


@in_transaction
def arrived(
    *, file: StoredFile, member: str, read: MeterFile, options: ImportOptions, by: Actor, at: datetime
) -> ImportedFile:
    """The record of this content read with these options: the one that is there, or a new one."""
    return ImportedFile.objects.get_or_create(
        file=file, member=member, options_key=options.key,
        defaults={
            "name": (read.name or file.name)[:255], "options": asdict(options), "format": read.format.value,
            "channels": len(read.channels), "readings": sum(channel.readings for channel in read.channels),
            "imported_at": at, "imported_by": by,
        },
    )[0]  # fmt: skip


@in_transaction
def settle_arrival(*, imported: ImportedFile, outcome: Outcome, by: Actor, at: datetime) -> ImportedFile:
    """Keep what became of a file, raise what waits, and end what waited and is in now."""
    imported.taken += outcome.taken
    imported.unchanged, imported.duplicates = outcome.unchanged, outcome.duplicates
    imported.estimated += outcome.estimated
    imported.exceptions += outcome.exceptions
    imported.unknown = list(outcome.unknown[:NAMES])
    imported.findings, imported.tally = listed(outcome.findings), tally(outcome.findings)
    imported.waiting = len(outcome.unknown) + errors(outcome.findings)
    imported.attempts += 1
    imported.imported_at, imported.imported_by = at, by
    imported.save()
    record(
        "usage.file.imported", subject=imported.subject, by=by, at=at, file=imported.file_id, taken=outcome.taken,
        unchanged=outcome.unchanged, estimated=outcome.estimated, waiting=imported.waiting,
        exceptions=outcome.exceptions, revision=outcome.revision,
    )  # fmt: skip
    _tell(imported, UNKNOWN_METER.key, _unknown(imported, len(outcome.unknown)), by=by, at=at)
    _tell(imported, BAD_LINES.key, _faults(errors(outcome.findings)), by=by, at=at)
    return imported


def _tell(imported: ImportedFile, kind: str, summary: str, *, by: Actor, at: datetime) -> None:
    if summary:
        data = {"import": imported.pk, "unknown": imported.unknown[:20], "tally": imported.tally}
        draft = Draft(kind=kind, subject=imported.subject, summary=summary, data=data, severity=Severity.WARNING)
        raise_items(drafts=[draft], by=by, at=at)
    elif imported.attempts > 1:
        finish_where(subjects=[imported.subject], kind=kind, by=by, at=at)


def _unknown(imported: ImportedFile, count: int) -> str:
    if not count:
        return ""
    names = ", ".join(imported.unknown[:3])
    more = f" and {count - 3:,} more" if count > 3 else ""
    return f"Nobody has added {'this meter' if count == 1 else 'these meters'}: {names}{more}."[:200]


def _faults(count: int) -> str:
    if not count:
        return ""
    return f"{count:,} {'line or channel' if count == 1 else 'lines or channels'} of a meter file could not be used."
