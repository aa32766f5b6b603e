"""The tender journal's digests: what each line says, and whether the chain holds, recomputed from the rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db.models import Exists, OuterRef

from lamplighter.payments.models import (
    DrawerCount,
    JournalLine,
    JournalSeal,
    Reversal,
    Tender,
    TenderControl,
    TurnIn,
    Verification,
)

Act = JournalLine.Act
BEGIN = "0" * 64
AT_ONCE = 2000


def digest(before: str, line: JournalLine, says: str) -> str:
    """SHA-256 of the line before and of everything that this one says."""
    whole = f"{before}\n{line.source_id}|{line.place}|{line.act}|{line.of}|{says}"
    return hashlib.sha256(whole.encode()).hexdigest()


def says_opened(control: TenderControl) -> str:
    return f"{control.opening_float.cents}|{_instant(control.opened_at)}|{control.opened_by}"


def says_tender(tender: Tender) -> str:
    """As `payments_journal_added` of the database says it when the tender is taken."""
    event = tender.event
    return (
        f"{event.receipt}|{tender.kind}|{tender.amount.cents}|{tender.handed_over.cents}|{tender.reference}|"
        f"{_instant(event.recorded_at)}|{event.recorded_by}"
    )


def says_reversed(reversal: Reversal) -> str:
    return f"{reversal.event_id}|{reversal.reason}|{_instant(reversal.recorded_at)}|{reversal.recorded_by}"


def says_turn_in(turned: TurnIn) -> str:
    return f"{turned.amount.cents}|{turned.received_by}|{_instant(turned.recorded_at)}|{turned.recorded_by}"


def says_count(count: DrawerCount) -> str:
    counted = json.dumps([count.pieces, count.others], sort_keys=True)
    return f"{count.kind}|{count.cash.cents}|{counted}|{_instant(count.recorded_at)}|{count.recorded_by}"


ROWS: Mapping[str, tuple[Any, Callable[[Any], str]]] = {
    Act.OPENED: (TenderControl.objects, says_opened),
    Act.TENDER: (Tender.objects.select_related("event"), says_tender),
    Act.REVERSED: (Reversal.objects, says_reversed),
    Act.TURN_IN: (TurnIn.objects, says_turn_in),
    Act.COUNT: (DrawerCount.objects, says_count),
}


def broken() -> Iterator[str]:
    """Every place where a journal does not hold; none for one that nobody touched."""
    before, source, place = BEGIN, "", 0
    for lines in _batches():
        rows = {act: manager.in_bulk([one.of for one in lines if one.act == act]) for act, (manager, _) in ROWS.items()}
        for line in lines:
            if line.source_id != source:
                before, source, place = BEGIN, line.source_id, 0
            place += 1
            row = rows[line.act].get(line.of)
            if line.place != place:
                yield f"journal of {source}: line {place} is missing"
                place = line.place
            elif row is None:
                yield f"journal of {source}, line {place}: its {line.act} is gone"
            elif digest(before, line, ROWS[line.act][1](row)) != line.digest:
                yield f"journal of {source}, line {place}: its {line.act} was changed"
            before = line.digest


def untold_tenders() -> Iterator[str]:
    """Tenders that no line tells of, in every control whose journal tells of its opening."""
    journaled = JournalLine.objects.filter(act=Act.OPENED).values("of")
    told = JournalLine.objects.filter(act=Act.TENDER, of=OuterRef("pk"))
    lost = Tender.objects.filter(~Exists(told), control__in=journaled).values_list("pk", "event__receipt")
    return (f"tender {pk} of receipt {receipt} is not in its journal" for pk, receipt in lost)


def broken_seals() -> Iterator[str]:
    """Seals, of a day or of a verified drawer, to which no line of their journal answers: it was written anew."""
    same = JournalLine.objects.filter(source=OuterRef("source"), place=OuterRef("place"), digest=OuterRef("digest"))
    for seal in JournalSeal.objects.exclude(Exists(same)).order_by("id"):
        yield f"journal of {seal.source_id}, line {seal.place}: not as it was sealed on {seal.on}"
    same = JournalLine.objects.filter(source=OuterRef("control__source"), digest=OuterRef("seal"))
    for one in Verification.objects.exclude(Exists(same)).select_related("control").order_by("pk"):
        yield f"journal of {one.control.source_id}: not as it was when {one.control} was verified"


def unsealed_ends() -> list[JournalLine]:
    """The newest line of each journal that has grown since its last seal."""
    sealed = JournalSeal.objects.filter(source=OuterRef("source"), place=OuterRef("place"))
    ends = JournalLine.objects.order_by("source", "-place").distinct("source")
    return list(JournalLine.objects.filter(pk__in=ends.values("pk")).exclude(Exists(sealed)).order_by("source"))


def _batches() -> Iterator[list[JournalLine]]:
    lines = JournalLine.objects.order_by("source", "place").iterator(chunk_size=AT_ONCE)
    batch: list[JournalLine] = []
    for line in lines:
        batch.append(line)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
