"""A person decides exceptions: as read, with other values, or estimated; each decision is a new revision with a why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from lamplighter.intervals.published import Published
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.energy import Quality
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction
from lamplighter.usage.intake.laying import Setup, setup_of
from lamplighter.usage.intake.noticing import Noticed
from lamplighter.usage.models import IntervalException, Publication, RegisterRead
from lamplighter.usage.operations.exceptions import finish_channels
from lamplighter.usage.operations.gathering import Gathered
from lamplighter.usage.operations.publishing import hold_store
from lamplighter.usage.operations.registers import CannotRecordRead, correct_read
from lamplighter.usage.queries.decisions import CannotDecide, Values, as_read, edited, estimated, newest_revision
from lamplighter.usage.queries.published import published
from lamplighter.usage.queries.weighing import Change, Weighed

__all__ = ["CannotDecide", "Decided", "StaleDecision", "accept", "edit", "estimate"]

Draft = Callable[[Sequence[IntervalException], Published], Weighed]
State = IntervalException.State
NOTHING_TO_VERIFY = ("gridding.", "vee.missing", "siblings.missing", "estimation.", "read.")
"""Rules about readings that are not there: accepting them changes no value."""


class StaleDecision(CannotDecide):
    """Other readings were published since the page was opened."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision changed: days of channels, a register read; `noticed` is what the rules say about the result."""

    exceptions: tuple[IntervalException, ...]
    publication: Publication | None = None
    changes: tuple[Change, ...] = ()
    reads: tuple[RegisterRead, ...] = ()
    noticed: tuple[Noticed, ...] = ()


@in_transaction
def accept(*, exceptions: Iterable[int], seen: int, by: Actor, at: datetime, remark: str) -> Decided:
    """The readings are right as they came. `seen` is the newest published revision when the page was made."""
    rows = _waiting(exceptions, seen, remark)
    found = [row for row in rows if not row.rule.startswith(NOTHING_TO_VERIFY)]
    return _decide(rows, found, as_read, State.ACCEPTED, by=by, at=at, remark=remark)


@in_transaction
def estimate(*, exceptions: Iterable[int], seen: int, by: Actor, at: datetime, remark: str) -> Decided:
    """The intervals are estimated as it was proposed."""
    rows = _waiting(exceptions, seen, remark)
    if any(row.channel.is_register for row in rows):
        raise CannotDecide("A register read is not estimated here: keep it, or enter the right one.")
    return _decide(rows, rows, estimated, State.ESTIMATED, by=by, at=at, remark=remark)


@in_transaction
def edit(*, exceptions: Iterable[int], values: Values, seen: int, by: Actor, at: datetime, remark: str) -> Decided:
    """Intervals have the counts that are given, by local day and slot (of a register read: its minute). The
    exceptions are of one channel."""
    rows = _waiting(exceptions, seen, remark)
    if len({row.channel_id for row in rows}) > 1:
        raise CannotDecide("Enter values for one meter channel at a time.")
    if not values:
        raise CannotDecide("Enter at least one value.")
    if rows[0].channel.is_register:
        return _edit_read(rows, values, by=by, at=at, remark=remark)

    return _decide(rows, rows, partial(edited, values=values), State.EDITED, by=by, at=at, remark=remark)


def _waiting(exceptions: Iterable[int], seen: int, remark: str) -> list[IntervalException]:
    """The exceptions, held with the store, if they still wait and nothing newer came."""
    if not remark.strip():
        raise CannotDecide("Say why: the next person to look will want to know.")
    hold_store()
    wanted = set(exceptions)
    rows = list(
        IntervalException.objects.select_for_update(of=("self",))
        .select_related("channel__meter")
        .filter(pk__in=wanted)
        .order_by("pk")
    )
    if not rows or len(rows) != len(wanted):
        raise CannotDecide("One of these exceptions is not there any more. Open the list again.")
    for row in rows:
        if not row.is_open:
            raise CannotDecide(f"This was decided meanwhile: {row.get_state_display().lower()}.")
    for several in _by_setup(rows).values():
        if newest_revision(several, published()) > seen:
            raise StaleDecision("Other readings came in since this page was opened. Look at it again.")
    return rows


def _by_setup(rows: Sequence[IntervalException]) -> dict[Setup, list[IntervalException]]:
    found: dict[Setup, list[IntervalException]] = {}
    for row in rows:
        if not row.channel.is_register:
            found.setdefault(setup_of(row.channel), []).append(row)
    return found


def _decide(
    rows: Sequence[IntervalException],
    changing: Sequence[IntervalException],
    draft: Draft,
    state: IntervalException.State,
    *,
    by: Actor,
    at: datetime,
    remark: str,
) -> Decided:
    """Publish what the decision makes of the readings, and settle the exceptions and their worklist items."""
    gathered, now = Gathered(), published()
    for several in _by_setup(changing).values():
        gathered.take(draft(several, now))
    publication = gathered.publish(kind=Publication.Kind.EDIT, by=by, at=at)
    _settle(rows, state, publication, by=by, at=at, remark=remark)
    decided = {row.pk for row in rows}
    gathered.matters.gone = [pk for pk in gathered.matters.gone if pk not in decided]
    gathered.keep(publication=publication, by=by, at=at)
    finish_channels(channels={row.channel_id for row in rows}, by=by, at=at)
    return Decided(tuple(rows), publication, tuple(gathered.changes), (), tuple(gathered.matters.noticed))


def _edit_read(rows: Sequence[IntervalException], values: Values, *, by: Actor, at: datetime, remark: str) -> Decided:
    """Correct the register read that disagreed with another one."""
    corrected = []
    for row in rows:
        count = values.get((row.day, row.slot))
        if count is None:
            raise CannotDecide(f"Enter the read of {row.day:%b %-d, %Y}.")
        read = RegisterRead.objects.select_related("channel").get(pk=row.evidence["read"])
        try:
            corrected.append(correct_read(read=read, count=count, quality=Quality.EDITED, by=by, at=at, remark=remark))
        except CannotRecordRead as refused:
            raise CannotDecide(str(refused)) from refused
    _settle(rows, State.EDITED, None, by=by, at=at, remark=remark)
    finish_channels(channels={row.channel_id for row in rows}, by=by, at=at)
    return Decided(tuple(rows), reads=tuple(corrected))


def _settle(
    rows: Sequence[IntervalException],
    state: IntervalException.State,
    publication: Publication | None,
    *,
    by: Actor,
    at: datetime,
    remark: str,
) -> None:
    """One event for what one rule held against one channel of one account: a year sent again is one decision."""
    alike: dict[tuple[int, str, int | None], list[IntervalException]] = {}
    for row in rows:
        alike.setdefault((row.channel_id, row.rule, row.account), []).append(row)
    for (channel, rule, account), several in alike.items():
        days = sorted(row.day for row in several)
        event = record(
            "usage.exception.decided", subject=several[0].subject, account=account, by=by, at=at, remark=remark,
            rule=rule, decision=state.value, channel=channel, day=days[0].isoformat(), last=days[-1].isoformat(),
            count=len(several), revision=publication.revision if publication else None,
        )  # fmt: skip
        for row in several:
            row.state, row.decided_by, row.decided_at = state, by, at
            row.decided_in, row.remark = publication, event.remark
    IntervalException.objects.bulk_update(
        rows, ["state", "decided_by", "decided_at", "decided_in", "remark"], batch_size=500
    )
