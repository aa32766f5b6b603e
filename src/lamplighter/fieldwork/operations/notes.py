"""What crews must know of a place: written once, shown on every order there until it is over."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from lamplighter.fieldwork.models import SiteNote
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import in_transaction
from lamplighter.premises.models import Premise


@in_transaction
def write_site_note(
    *, premise: Premise, about: SiteNote.About, words: str, on: date, by: Actor, at: datetime
) -> SiteNote:
    """The same words that stand already are not written twice."""
    standing = SiteNote.objects.filter(premise=premise, about=about, period__contains=on).select_related("remark")
    if (same := next((note for note in standing if note.remark.words == words.strip()), None)) is not None:
        return same
    note = SiteNote.objects.create(
        premise=premise, about=about, remark=write_remark(words.strip(), at=at), period=Period(on), written_by=by
    )
    record("fieldwork.site_note.written", subject=f"premise:{premise.number}", by=by, at=at, about=about.value)
    return note


@in_transaction
def end_site_note(*, note: SiteNote, on: date, by: Actor, at: datetime) -> date:
    """The day from which it no longer holds: `on`, or the next where it was written on that day."""
    end: date = max(on, note.period.start + timedelta(days=1))
    SiteNote.objects.filter(pk=note.pk).update(period=note.period.ending(end))
    record("fieldwork.site_note.ended", subject=f"premise:{note.premise.number}", by=by, at=at, about=note.about)
    return end
