"""Open accounts, start and stop service agreements, change their rate and facts.

These keep agreements true among themselves. What a start or stop means in the field, for reads and for money is told
in `journeys`, which call these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from lamplighter.accounts.models import (
    Account,
    AccountRole,
    Agreement,
    AgreementFact,
    AgreementPoint,
    AgreementRate,
    Cycle,
)
from lamplighter.accounts.types import TYPES, AgreementKind
from lamplighter.customers.models import Person
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.queries import Balance, balances
from lamplighter.platform.numbering import next_number, next_numbers
from lamplighter.platform.operations.events import Happening, record, record_many
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.premises.models import ServicePoint
from lamplighter.tariffs.models import Schedule


class CannotServe(Exception):
    """Service can't start, stop or change so; the message is fit to be read aloud."""


@in_transaction
def define_cycle(*, code: str, name: str, by: Actor, at: datetime) -> Cycle:
    """A cycle with this code; one that is there gets the name. Its windows are defined from a reading calendar."""
    before = Cycle.objects.select_for_update().filter(code=code).first()
    if before is not None and before.name == name:
        return before
    cycle, _ = Cycle.objects.update_or_create(code=code, defaults={"name": name})
    verb = "defined" if before is None else "renamed"
    record(f"accounts.cycle.{verb}", subject=f"cycle:{code}", by=by, at=at, code=code, now=name)
    return cycle


@in_transaction
def open_account(
    *,
    customer: Person,
    customer_class: str,
    cycle: Cycle,
    on: date,
    by: Actor,
    at: datetime,
    dispatch: str = Account.Dispatch.PAPER,
    old_number: str = "",
) -> Account:
    account = Account.objects.create(
        number=next_number("account"), customer_class=customer_class, cycle=cycle, dispatch=dispatch,
        old_number=old_number, opened_on=on,
    )  # fmt: skip
    AccountRole.objects.create(account=account, person=customer, role=AccountRole.Role.MAIN, period=Period(on))
    record("accounts.account.opened", subject=account.subject, account=account.pk, by=by, at=at)
    return account


@in_transaction
def add_role(*, account: Account, person: Person, role: str, period: Period, by: Actor, at: datetime) -> AccountRole:
    if role == AccountRole.Role.MAIN:
        raise CannotServe("An account has one customer. Change the name instead.")
    Account.objects.select_for_update().get(pk=account.pk)
    if account.roles.filter(person=person, role=role, period__overlap=period).exists():
        raise CannotServe(f"{person.name} is that on account {account.number} already.")
    added = AccountRole.objects.create(account=account, person=person, role=role, period=period)
    record("accounts.role.added", subject=account.subject, account=account.pk, by=by, at=at, role=role,
           person=person.number)  # fmt: skip
    return added


@in_transaction
def end_role(*, role: AccountRole, on: date, by: Actor, at: datetime) -> None:
    """From `on` they stand on the account no more. The customer is ended by a change of name alone."""
    if role.role == AccountRole.Role.MAIN:
        raise CannotServe("An account has one customer. Change the name instead.")
    held = AccountRole.objects.select_for_update().select_related("account", "person").get(pk=role.pk)
    if held.period.start >= on:
        held.delete()
    else:
        AccountRole.objects.filter(pk=held.pk).update(period=held.period.ending(on))
    record("accounts.role.ended", subject=held.account.subject, account=held.account_id, by=by, at=at, role=held.role,
           person=held.person.number)  # fmt: skip


@in_transaction
def start_agreement(
    *,
    account: Account,
    kind: AgreementKind,
    on: date,
    by: Actor,
    at: datetime,
    schedule: Schedule | None = None,
    points: tuple[ServicePoint, ...] = (),
) -> Agreement:
    """Begin an agreement on a day: with its balance, its points and its rate. Refuses a point that is taken."""
    type_ = TYPES[kind]
    _refuse_incomplete(kind, schedule, points)
    for point in sorted(points, key=lambda p: p.pk):
        advisory_lock(f"service_point:{point.pk}")
        _refuse_taken(point, Period(on))
    agreement = Agreement.objects.create(
        account=account, kind=kind, premise=points[0].premise if points else None,
        subledger=ledger.open_subledgers(code=type_.control_code)[0], period=Period(on), started_by=by,
    )  # fmt: skip
    for point in points:
        AgreementPoint.objects.create(agreement=agreement, point=point, period=Period(on))
    if schedule:
        AgreementRate.objects.create(agreement=agreement, schedule=schedule, period=Period(on))
    record(
        "accounts.agreement.started", subject=agreement.subject, account=account.pk, by=by, at=at, kind=kind.value,
        on=on.isoformat(), rate=schedule.code if schedule else None,
        premise=points[0].premise.number if points else None,
    )  # fmt: skip
    return agreement


@in_transaction
def stop_agreement(*, agreement: Agreement, on: date, by: Actor, at: datetime, reason: str = "") -> Agreement:
    """`on` is the first day without service. Its points, rate and facts end with it.

    On its first day it is cancelled: it never was, and its points are free from that day.
    """
    live = Agreement.objects.select_for_update().get(pk=agreement.pk)
    start = live.period.start
    if live.cancelled_at:
        raise CannotServe("This service was cancelled before it began.")
    if not live.period.open and live.period.closed_end <= on:
        raise CannotServe(f"This service already stops on {live.period.closed_end:%b %-d, %Y}.")
    if on < start:
        raise CannotServe(f"This service starts on {start:%b %-d, %Y}. Stop it on that day to cancel it.")
    if on == start and balances([live.subledger_id])[live.subledger_id] != Balance():
        raise CannotServe("Money was posted to this service already. Stop it a day later.")
    for rows in (live.points.all(), live.rates.all(), live.facts.all()):
        for row in rows:
            if row.period.start >= on:
                row.delete()
            elif row.period.open or row.period.closed_end > on:
                type(row).objects.filter(pk=row.pk).update(period=row.period.ending(on))
    if on == start:
        live.cancelled_at, verb = at, "cancelled"
    else:
        live.period, verb = live.period.ending(on), "stopped"
    live.save(update_fields=["period", "cancelled_at"])
    record(
        f"accounts.agreement.{verb}", subject=live.subject, account=live.account_id, by=by, at=at, on=on.isoformat(),
        reason=reason,
    )  # fmt: skip
    return live


@in_transaction
def change_rate(
    *, agreement: Agreement, schedule: Schedule, on: date, by: Actor, at: datetime, remark: str = ""
) -> AgreementRate:
    """From `on` the agreement is on another schedule."""
    Agreement.objects.select_for_update().get(pk=agreement.pk)
    live = AgreementRate.objects.filter(agreement=agreement, rider=False, period__contains=on).first()
    if live is None:
        raise CannotServe("The agreement does not run on that day.")
    if live.schedule_id == schedule.pk:
        raise CannotServe(f"The agreement is on {schedule.code} already.")
    end = live.period.end
    if live.period.start == on:
        live.delete()
    else:
        AgreementRate.objects.filter(pk=live.pk).update(period=live.period.ending(on))
    rate = AgreementRate.objects.create(agreement=agreement, schedule=schedule, period=Period(on, end))
    record(
        "accounts.rate.changed", subject=agreement.subject, account=agreement.account_id, by=by, at=at,
        rate=schedule.code, on=on.isoformat(), remark=remark,
    )  # fmt: skip
    return rate


@in_transaction
def write_note(*, account: Account, words: str, by: Actor, at: datetime) -> None:
    """A note on an account's timeline. Its words can be erased; that there was a note stays."""
    if not words.strip():
        raise CannotServe("Write the note.")
    record("accounts.note.written", subject=account.subject, account=account.pk, by=by, at=at, remark=words.strip())


@in_transaction
def add_rider(
    *, agreement: Agreement, schedule: Schedule, on: date, by: Actor, at: datetime, until: date | None = None
) -> AgreementRate:
    """Put a rider (net metering, say) beside the agreement's rate from `on`, up to a day where one is said."""
    end = agreement.period.end if until is None else until
    rate = AgreementRate.objects.create(agreement=agreement, schedule=schedule, rider=True, period=Period(on, end))
    record(
        "accounts.rider.added", subject=agreement.subject, account=agreement.account_id, by=by, at=at,
        rider=schedule.code, on=on.isoformat(),
    )  # fmt: skip
    return rate


@in_transaction
def end_rider(*, rate: AgreementRate, on: date, by: Actor, at: datetime) -> None:
    """From `on` it stands beside the rate no more; one that begins then or later never does."""
    held = AgreementRate.objects.select_for_update(of=("self",)).select_related("agreement").get(pk=rate.pk)
    if held.period.start < on:
        AgreementRate.objects.filter(pk=held.pk).update(period=held.period.ending(on))
    else:
        held.delete()
    subject, account = held.agreement.subject, held.agreement.account_id
    record("accounts.rider.ended", subject=subject, account=account, by=by, at=at, on=on.isoformat())


@in_transaction
def state_fact(
    *,
    agreement: Agreement,
    name: str,
    value: str,
    period: Period,
    by: Actor,
    at: datetime,
    evidence: str = "",
    remark: str = "",
) -> AgreementFact:
    """During `period`, `name` is `value`; what was said for those days is cut back."""
    clipped = period & Agreement.objects.select_for_update().get(pk=agreement.pk).period
    if clipped is None:
        raise CannotServe("The agreement does not run on those days.")
    for old in AgreementFact.objects.filter(agreement=agreement, name=name, period__overlap=clipped):
        old.delete()
        if old.period.start < clipped.start:
            _restate(old, Period(old.period.start, clipped.start))
        if clipped.end and (old.period.end is None or clipped.end < old.period.end):
            _restate(old, Period(clipped.end, old.period.end))
    fact = AgreementFact.objects.create(agreement=agreement, name=name, value=value, period=clipped, evidence=evidence)
    record(
        "accounts.fact.stated", subject=agreement.subject, account=agreement.account_id, by=by, at=at, fact=name,
        value=value, start=clipped.start.isoformat(), end=clipped.end.isoformat() if clipped.end else None,
        remark=remark,
    )  # fmt: skip
    return fact


@dataclass(frozen=True, slots=True)
class AccountIn:
    """An account before it is opened: its customer, who is one since `on`, and people in other roles."""

    customer: Person
    customer_class: str
    cycle: Cycle
    on: date
    dispatch: str = Account.Dispatch.PAPER
    old_number: str = ""
    others: tuple[tuple[str, Person], ...] = ()


@in_transaction
def open_accounts(*, accounts: Sequence[AccountIn], by: Actor, at: datetime) -> list[Account]:
    """The batch form of opening accounts, in order."""
    opened = Account.objects.bulk_create(
        Account(
            number=number, customer_class=one.customer_class, cycle=one.cycle, dispatch=one.dispatch,
            old_number=one.old_number, opened_on=one.on,
        )
        for one, number in zip(accounts, next_numbers("account", len(accounts)), strict=True)
    )  # fmt: skip
    roles = AccountRole.objects.bulk_create(
        AccountRole(account=account, person=person, role=role, period=Period(one.on))
        for account, one in zip(opened, accounts, strict=True)
        for role, person in ((AccountRole.Role.MAIN, one.customer), *one.others)
    )
    told = [Happening("accounts.account.opened", account.subject, account.pk, {}) for account in opened]
    told += [
        Happening(
            "accounts.role.added", row.account.subject, row.account_id, {"role": row.role, "person": row.person.number}
        )
        for row in roles
        if row.role != AccountRole.Role.MAIN
    ]
    record_many(told, by=by, at=at)
    return opened


@dataclass(frozen=True, slots=True)
class AgreementIn:
    """An agreement before it starts: on which points and schedule, with which riders and facts from its start."""

    account: Account
    kind: AgreementKind
    on: date
    schedule: Schedule | None = None
    points: tuple[ServicePoint, ...] = ()
    riders: tuple[Schedule, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


@in_transaction
def start_agreements(*, agreements: Sequence[AgreementIn], by: Actor, at: datetime) -> list[Agreement]:
    """The batch form of starting agreements with their riders and facts, in order: all or none."""
    for one in agreements:
        _refuse_incomplete(one.kind, one.schedule, one.points)
    points = [point for one in agreements for point in one.points]
    advisory_lock(*(f"service_point:{point.pk}" for point in points))
    _refuse_taken_among(agreements)
    codes = [TYPES[one.kind].control_code for one in agreements]
    subledgers = {code: iter(ledger.open_subledgers(code=code, count=codes.count(code))) for code in sorted({*codes})}
    started = Agreement.objects.bulk_create(
        Agreement(
            account=one.account, kind=one.kind, premise=one.points[0].premise if one.points else None,
            subledger=next(subledgers[code]), period=Period(one.on), started_by=by,
        )
        for one, code in zip(agreements, codes, strict=True)
    )  # fmt: skip
    pairs = list(zip(started, agreements, strict=True))
    AgreementPoint.objects.bulk_create(
        AgreementPoint(agreement=agreement, point=point, period=Period(one.on))
        for agreement, one in pairs for point in one.points
    )  # fmt: skip
    AgreementRate.objects.bulk_create(
        AgreementRate(agreement=agreement, schedule=schedule, rider=rider, period=Period(one.on))
        for agreement, one in pairs for schedule, rider in _schedules(one)
    )  # fmt: skip
    AgreementFact.objects.bulk_create(
        AgreementFact(agreement=agreement, name=name, value=value, period=Period(one.on))
        for agreement, one in pairs for name, value in one.facts.items()
    )  # fmt: skip
    record_many((event for agreement, one in pairs for event in _starts(agreement, one)), by=by, at=at)
    return started


def _schedules(one: AgreementIn) -> list[tuple[Schedule, bool]]:
    own = [(one.schedule, False)] if one.schedule else []
    return own + [(rider, True) for rider in one.riders]


def _starts(agreement: Agreement, one: AgreementIn) -> list[Happening]:
    subject, account, on = agreement.subject, agreement.account_id, one.on.isoformat()
    data = {
        "kind": one.kind.value, "on": on, "rate": one.schedule.code if one.schedule else None,
        "premise": one.points[0].premise.number if one.points else None,
    }  # fmt: skip
    told = [Happening("accounts.agreement.started", subject, account, data)]
    told += [
        Happening("accounts.rider.added", subject, account, {"rider": rider.code, "on": on}) for rider in one.riders
    ]
    return told + [
        Happening("accounts.fact.stated", subject, account, {"fact": name, "value": value, "start": on, "end": None})
        for name, value in one.facts.items()
    ]


def _refuse_incomplete(kind: AgreementKind, schedule: Schedule | None, points: Sequence[ServicePoint]) -> None:
    if TYPES[kind].rated and schedule is None:
        raise CannotServe("Choose the rate.")
    if TYPES[kind].at_premise and not points:
        raise CannotServe("Choose the service point.")


def _refuse_taken_among(agreements: Sequence[AgreementIn]) -> None:
    """One query for all points; those that are or will be taken are looked at one by one, for the words."""
    since = {point.pk: one.on for one in agreements for point in one.points}
    taken = AgreementPoint.objects.filter(point__in=since, use=AgreementPoint.Use.ADD).select_related("point")
    for row in taken:
        if row.period.overlaps(Period(since[row.point_id])):
            _refuse_taken(row.point, Period(since[row.point_id]))


def _restate(old: AgreementFact, period: Period) -> None:
    AgreementFact.objects.create(
        agreement_id=old.agreement_id, name=old.name, value=old.value, period=period, evidence=old.evidence
    )


def _refuse_taken(point: ServicePoint, period: Period) -> None:
    taken = (
        AgreementPoint.objects.filter(point=point, use=AgreementPoint.Use.ADD, period__overlap=period)
        .select_related("agreement__account")
        .first()
    )
    if taken:
        raise CannotServe(
            f"Account {taken.agreement.account.number} has service there from {taken.period.start:%b %-d, %Y}"
            + (f" to {taken.period.last_day:%b %-d, %Y}." if not taken.period.open else " on. Stop it first.")
        )
