"""Begin and end protections and extensions; record contacts, the weather and who can reconnect."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from lamplighter.accounts.models import Account
from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.models import ContactAttempt, Cover, Extension, Hold, WeatherReport
from lamplighter.credit.models.plans import Outcome
from lamplighter.credit.operations.collecting import call_is_made
from lamplighter.credit.queries.standing import past_of, plan_policy
from lamplighter.credit.rules.arranging import CannotArrange, may_extend
from lamplighter.credit.rules.facts import How
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.instants import Span
from lamplighter.kernel.periods import Period
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.worklist.operations import finish_where


class CannotHold(Exception):
    """A protection can't begin or end so; the message is fit to be read aloud."""


@in_transaction
def begin_hold(
    *, account: Account, kind: HoldKind, period: Period, evidence: str, by: Actor, at: datetime, remark: str = ""
) -> Hold:
    """Protect an account for a period. `evidence` is a reference (a certificate's number), never personal data."""
    try:
        with transaction.atomic():
            hold = Hold.objects.create(
                account=account, kind=kind, period=period, evidence=evidence, begun_at=at, begun_by=by
            )
    except IntegrityError as refused:
        raise CannotHold(f"{kind.label}: one already runs in these days.") from refused
    record(
        "credit.hold.begun", subject=f"hold:{hold.pk}", account=account.pk, by=by, at=at, remark=remark,
        kind=kind.value, start=period.start.isoformat(), end=period.end.isoformat() if period.end else None,
    )  # fmt: skip
    return hold


@in_transaction
def end_hold(*, hold: Hold, on: date, by: Actor, at: datetime, remark: str = "") -> Hold:
    """`on` is the first day without it."""
    live = Hold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    if not live.period.start < on or (live.period.end is not None and live.period.end <= on):
        raise CannotHold(f"It runs {live.period}; choose a later day, and one within.")
    live.period, live.ended_at, live.ended_by = live.period.ending(on), at, by
    live.save(update_fields=["period", "ended_at", "ended_by"])
    record(
        "credit.hold.ended", subject=f"hold:{live.pk}", account=live.account_id, by=by, at=at, remark=remark,
        kind=live.kind, on=on.isoformat(),
    )  # fmt: skip
    return live


@in_transaction
def extend(*, account: Account, until: date, on: date, by: Actor, at: datetime) -> Extension:
    """Give more time for what is past due. Raises CannotArrange by policy."""
    advisory_lock(f"account:{account.pk}")
    past = past_of(account, on=on)
    answer = may_extend(past, until=until, on=on, policy=plan_policy(on=on))
    if not answer.eligible:
        raise CannotArrange(answer.why)
    given = Extension.objects.create(
        account=account, amount=past.past_due, until=until, given_on=on, given_at=at, given_by=by
    )
    record(
        "credit.extension.given", subject=given.subject, account=account.pk, by=by, at=at, cents=past.past_due.cents,
        until=until.isoformat(),
    )  # fmt: skip
    return given


@in_transaction
def end_extension(*, extension: Extension, outcome: Outcome, on: date, by: Actor, at: datetime) -> Extension:
    live = Extension.objects.select_for_update(of=("self",)).get(pk=extension.pk)
    if live.ended_on is not None:
        raise CannotArrange(f"This extension was {live.get_outcome_display().lower()} on {live.ended_on:%b %-d}.")
    live.ended_on, live.outcome, live.ended_by = on, outcome, by
    live.save(update_fields=["ended_on", "outcome", "ended_by"])
    finish_where(subjects=[live.subject], by=by, at=at)
    record(
        "credit.extension.ended", subject=live.subject, account=live.account_id, by=by, at=at, reason=outcome.value,
        cents=live.amount.cents,
    )  # fmt: skip
    return live


@in_transaction
def record_contact(
    *, account: Account, how: How, happened_at: datetime, reached: bool, by: Actor, at: datetime, remark: str = ""
) -> ContactAttempt:
    """Somebody called, visited, or left a notice. It can't have happened in the future."""
    if happened_at > at:
        raise CannotHold("That has not happened yet.")
    attempt = ContactAttempt.objects.create(
        account=account, how=how, at=happened_at, reached=reached, recorded_at=at, recorded_by=by,
        remark=write_remark(remark, at=at) if remark else None,
    )  # fmt: skip
    record(
        "credit.contact.tried", subject=f"contact:{attempt.pk}", account=account.pk, by=by, at=at, how=how.value,
        reached=reached, happened_at=happened_at.isoformat(),
    )  # fmt: skip
    call_is_made(account=account, by=by, at=at)
    return attempt


@in_transaction
def record_weather(
    *,
    area: str,
    owner: str,
    asked_at: datetime,
    covers: Period,
    alerts: Sequence[tuple[str, Period]],
    by: Actor,
    at: datetime,
) -> WeatherReport:
    """Keep what the weather service answered. An answer without alerts is kept too: it says that there are none."""
    if asked_at > at:
        raise CannotHold("That has not happened yet.")
    report = WeatherReport.objects.create(
        area=area, owner=owner, asked_at=asked_at, covers=covers,
        alerts=[[name, days.start.isoformat(), days.closed_end.isoformat()] for name, days in alerts],
    )  # fmt: skip
    record(
        "credit.weather.reported", subject=f"weather:{report.pk}", by=by, at=at, area=area, source=owner,
        alerts=[name for name, _ in alerts],
    )  # fmt: skip
    return report


@in_transaction
def record_cover(*, span: Span, crew: str, by: Actor, at: datetime) -> Cover:
    """Somebody can reconnect in this run of time, which ends, and not before now."""
    if span.end is None or span.end <= max(span.start, at):
        raise CannotHold("It ends before it begins, or is over. Choose a later end.")
    cover = Cover.objects.create(span=span, crew=crew, recorded_at=at, recorded_by=by)
    record(
        "credit.cover.recorded", subject=f"cover:{cover.pk}", by=by, at=at, crew=crew, start=span.start.isoformat(),
        end=span.end.isoformat(),
    )  # fmt: skip
    return cover
