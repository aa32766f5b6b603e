"""What was noticed is kept until a person decides or later data resolve it, with one worklist item for each channel."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Max, Min

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.findings import Severity
from lamplighter.kernel.instants import Span
from lamplighter.platform.transactions import in_transaction
from lamplighter.usage.intake.noticing import Noticed
from lamplighter.usage.intake.surroundings import Party
from lamplighter.usage.kinds import EXCEPTIONS
from lamplighter.usage.models import ImportedFile, IntervalException, Publication
from lamplighter.usage.queries.decisions import days_of
from lamplighter.usage.queries.verdicts import overlaps
from lamplighter.worklist.operations import Draft, finish_where, raise_items, reword_items

State = IntervalException.State
UPDATED = ("day", "slot", "slots", "span", "severity", "message", "measured", "threshold", "proposal", "evidence",
           "account", "publication")  # fmt: skip


@dataclass(slots=True)
class Matters:
    """What was noticed and what is gone, gathered over the parts of one piece of work."""

    noticed: list[Noticed] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    parties: dict[int, Party] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """How many exceptions are new, how many were open already, and how many later data resolved."""

    opened: int = 0
    again: int = 0
    resolved: int = 0


@in_transaction
def keep_exceptions(
    *,
    matters: Matters,
    renewed: Mapping[int, Sequence[Span]],
    by: Actor,
    at: datetime,
    publication: Publication | None = None,
    imported: ImportedFile | None = None,
) -> Kept:
    """Open, update and resolve exceptions, and bring the worklist into line. The store is held.

    A matter that a person decided is not opened again, as long as its readings are none of those `renewed`.
    """
    open_rows, decided = _known(matters.noticed)
    new: list[IntervalException] = []
    again: list[IntervalException] = []
    for one in matters.noticed:
        key = (one.finding.channel, one.finding.rule)
        there = _overlapping(open_rows.get(key, ()), one.span)
        if there is not None:
            _describe(there, one, matters.parties, publication)
            if there.pk:  # else it is one of the new
                again.append(there)
        elif not _settled(decided.get(key, ()), one, renewed.get(one.finding.channel, ())):
            row = IntervalException(
                channel_id=one.finding.channel, rule=one.finding.rule, imported=imported, found_at=at
            )
            _describe(row, one, matters.parties, publication)
            open_rows.setdefault(key, []).append(row)
            new.append(row)
    IntervalException.objects.bulk_create(new, batch_size=2_000)
    IntervalException.objects.bulk_update(again, UPDATED, batch_size=500)
    resolved = resolve(pks=matters.gone, by=by, at=at, publication=publication)
    raise_channels(channels={row.channel_id for row in (*new, *again)}, by=by, at=at)
    return Kept(len(new), len({row.pk for row in again}), resolved)


@in_transaction
def resolve(*, pks: Iterable[int], by: Actor, at: datetime, publication: Publication | None) -> int:
    """Their cause is gone: later data came."""
    rows = IntervalException.objects.filter(pk__in=list(pks), state=State.OPEN)
    channels = set(rows.values_list("channel_id", flat=True))
    count = rows.update(state=State.RESOLVED, decided_by=by, decided_at=at, decided_in=publication)
    finish_channels(channels=channels, by=by, at=at)
    return count


@in_transaction
def raise_channels(*, channels: Iterable[int], by: Actor, at: datetime) -> None:
    """One worklist item for each of these channels with open exceptions."""
    raise_items(drafts=list(_drafts(set(channels)).values()), at=at, by=by)


@in_transaction
def finish_channels(*, channels: Iterable[int], by: Actor, at: datetime) -> None:
    """Where no exception is open any more, what waited is done; elsewhere the item says what is left."""
    wanted = set(channels)
    left = _drafts(wanted)
    reword_items(drafts=list(left.values()))
    if done := wanted - left.keys():
        finish_where(subjects=[f"channel:{channel}" for channel in done], kind=EXCEPTIONS.key, by=by, at=at)


def _drafts(channels: Collection[int]) -> dict[int, Draft]:
    """What waits of each channel that has open exceptions."""
    waiting = (
        IntervalException.objects.filter(channel__in=channels, state=State.OPEN)
        .values("channel", "channel__name", "channel__meter__badge")
        .annotate(count=Count("id"), first=Min("day"), payer=Max("account"), worst=Max("severity"))
        .order_by("channel")
    )
    return {
        row["channel"]: Draft(
            kind=EXCEPTIONS.key,
            subject=f"channel:{row['channel']}",
            summary=f"Meter {row['channel__meter__badge']}, {row['channel__name']}: {_exceptions(row['count'])} since"
            f" {row['first']:%b %-d, %Y}.",
            account=row["payer"],
            data={"channel": row["channel"], "count": row["count"], "since": row["first"].isoformat()},
            severity=Severity(row["worst"]),
        )
        for row in waiting
    }


def _exceptions(count: int) -> str:
    return "an exception" if count == 1 else f"{count:,} exceptions"


Rows = dict[tuple[int, str], list[IntervalException]]


def _known(noticed: Sequence[Noticed]) -> tuple[Rows, Rows]:
    """Open and decided exceptions of the channels in question, by channel and rule."""
    waiting: Rows = {}
    decided: Rows = {}
    if not noticed:
        return waiting, decided
    whole = Span(min(one.span.start for one in noticed), max(one.span.end for one in noticed if one.span.end))
    rows = IntervalException.objects.filter(
        channel__in={one.finding.channel for one in noticed}, span__overlap=whole
    ).exclude(state=State.RESOLVED)
    for row in rows.order_by("id"):
        (waiting if row.is_open else decided).setdefault((row.channel_id, row.rule), []).append(row)
    return waiting, decided


def _overlapping(rows: Sequence[IntervalException], span: Span) -> IntervalException | None:
    return next((row for row in rows if overlaps(row.span, span)), None)


def _settled(decided: Sequence[IntervalException], one: Noticed, renewed: Sequence[Span]) -> bool:
    """Whether a person has decided the same matter, and nothing else was read since."""
    before = [row for row in decided if overlaps(row.span, one.span)]
    if one.finding.rule.startswith(("store.", "read.", "gridding.")):
        return any(row.evidence == dict(one.evidence) for row in before)
    return any(not any(overlaps(row.span, span) for span in renewed) for row in before)


def _describe(
    row: IntervalException, one: Noticed, parties: Mapping[int, Party], publication: Publication | None
) -> None:
    found = one.finding
    row.day, row.slot, row.slots, row.span = found.day, found.slot, found.slots, one.span
    row.severity, row.message, row.proposal = int(found.severity), found.message, found.proposal.value
    row.measured, row.threshold, row.evidence = found.measured, found.threshold, dict(one.evidence)
    party = parties.get(found.channel)
    row.account = party.account_in(days_of([row])) if party else None
    row.publication = publication or row.publication
