"""Write lines of the tender journal, each with the digest of everything before it.

Tenders are written into it when their drawer is counted, turned in from, voided in or balanced, not while customers
wait: payments into one drawer do not wait for each other.
"""

from __future__ import annotations

from collections.abc import Sequence

from lamplighter.payments.cash.chain import BEGIN, digest, says_tender
from lamplighter.payments.models import JournalLine, Tender, TenderControl
from lamplighter.platform.transactions import advisory_lock, in_transaction

Line = tuple[str, int, str]


@in_transaction
def write_lines(*, control: TenderControl, lines: Sequence[Line] = ()) -> str:
    """Add the tenders that are not in the journal yet, then these lines (act, key of its row, what it says); the newest
    digest. The caller holds the control's lock, so that no tender comes to it meanwhile."""
    advisory_lock(f"journal:{control.source_id}")
    last = JournalLine.objects.filter(source=control.source_id).order_by("-place").first()
    place, before = (last.place, last.digest) if last else (0, BEGIN)
    made = []
    for act, of, says in (*_new_tenders(control), *lines):
        place += 1
        line = JournalLine(source_id=control.source_id, place=place, act=act, of=of)
        line.digest = before = digest(before, line, says)
        made.append(line)
    JournalLine.objects.bulk_create(made)
    return before


def _new_tenders(control: TenderControl) -> list[Line]:
    told = JournalLine.objects.filter(source=control.source_id, act=JournalLine.Act.TENDER).order_by("-place").first()
    rows = Tender.objects.filter(control=control, pk__gt=told.of if told else 0).select_related("event").order_by("pk")
    return [(JournalLine.Act.TENDER, row.pk, says_tender(row)) for row in rows]
