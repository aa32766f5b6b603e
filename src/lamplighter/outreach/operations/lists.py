"""Keep what a list came to, with every line that could not be used, so that somebody can put it right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lamplighter.kernel.actors import Actor
from lamplighter.keyaccounts.models import Gathering
from lamplighter.outreach.models import RefusedLine, TakenList
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import in_transaction

LONG = 200


@dataclass(frozen=True, slots=True)
class Unused:
    """A line by its 1-based number, what it said, and why it can't be used."""

    line: int
    said: str
    why: str


@in_transaction
def keep_list(
    *, noted: int, known: int, unused: Sequence[Unused], by: Actor, at: datetime, gathering: Gathering | None = None,
    new_people: int = 0,
) -> TakenList:  # fmt: skip
    made = TakenList.objects.create(
        gathering=gathering, noted=noted, known=known, new_people=new_people, taken_at=at, taken_by=by
    )
    RefusedLine.objects.bulk_create(
        RefusedLine(taken=made, line=one.line, said=write_remark(one.said[:LONG] or "(empty)", at=at),
                    why=write_remark(one.why, at=at))
        for one in unused
    )  # fmt: skip
    record("outreach.list.taken", subject=made.subject, by=by, at=at, noted=noted, known=known, refused=len(unused))
    return made
