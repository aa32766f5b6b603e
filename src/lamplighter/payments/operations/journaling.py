"""Write lines of the tender journal, each with the digest of everything before it; seal the journals of a day.

Tenders are written into it by the database itself as they are taken (migration 0023_journal_at_a_glance), whoever takes
them; everything else that happens to a source is written here. Both wait for each other, source by source.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from lamplighter.kernel.actors import Actor
from lamplighter.payments.cash.chain import BEGIN, digest, unsealed_ends
from lamplighter.payments.models import JournalLine, JournalSeal, TenderControl
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction

Line = tuple[str, int, str]


@in_transaction
def write_lines(*, control: TenderControl, lines: Sequence[Line] = ()) -> str:
    """Add these lines (act, key of its row, what it says); the newest digest."""
    advisory_lock(f"journal:{control.source_id}")
    last = JournalLine.objects.filter(source=control.source_id).order_by("-place").first()
    place, before = (last.place, last.digest) if last else (0, BEGIN)
    made = []
    for act, of, says in lines:
        place += 1
        line = JournalLine(source_id=control.source_id, place=place, act=act, of=of)
        line.digest = before = digest(before, line, says)
        made.append(line)
    JournalLine.objects.bulk_create(made)
    return before


@in_transaction
def seal_journals(*, on: date, by: Actor, at: datetime) -> list[JournalSeal]:
    """Note the newest digest of every journal that has grown since its last seal, in the audit trail too."""
    advisory_lock("payments.seal")
    made = JournalSeal.objects.bulk_create(
        JournalSeal(source_id=end.source_id, on=on, place=end.place, digest=end.digest, recorded_at=at)
        for end in unsealed_ends()
    )
    for seal in made:
        record("payments.journal.sealed", subject=f"source:{seal.source_id}", by=by, at=at, lines=seal.place,
               digest=seal.digest)  # fmt: skip
    return made
