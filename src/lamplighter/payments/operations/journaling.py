"""Write lines of the tender journal, each with the digest of everything before it."""

from __future__ import annotations

from collections.abc import Sequence

from lamplighter.payments.cash.chain import BEGIN, digest
from lamplighter.payments.models import JournalLine, TenderControl
from lamplighter.platform.transactions import in_transaction


@in_transaction
def write_lines(*, control: TenderControl, lines: Sequence[tuple[str, int, str]]) -> str:
    """Add (act, key of its row, what it says) in order; the newest digest. The caller holds the control's lock, of
    which a source has one that is open."""
    if not lines:
        return head(control)
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


def head(control: TenderControl) -> str:
    """The newest digest of the source's journal."""
    last = JournalLine.objects.filter(source=control.source_id).order_by("-place").first()
    return last.digest if last else BEGIN
