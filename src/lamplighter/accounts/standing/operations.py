"""Make and end standing agreements, take a stop back, and change how an account's bills are sent."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.accounts.models import Account, Agreement, AgreementPoint, StandingAgreement
from lamplighter.accounts.operations import CannotServe
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.premises.models import ServicePoint
from lamplighter.tariffs.models import Schedule


@in_transaction
def agree_standing(
    *, account: Account, point: ServicePoint, schedule: Schedule, on: date, by: Actor, at: datetime, evidence: str = ""
) -> StandingAgreement:
    """From `on`, whenever nobody has service at the point, it goes to this account. One landlord at a time."""
    advisory_lock(f"service_point:{point.pk}")
    other = StandingAgreement.objects.filter(point=point, period__overlap=Period(on)).select_related("account").first()
    if other is not None:
        raise CannotServe(f"Account {other.account.number} has a standing agreement there already. End that one first.")
    made = StandingAgreement.objects.create(
        account=account, point=point, schedule=schedule, period=Period(on), evidence=evidence.strip()[:80]
    )
    record("accounts.standing.agreed", subject=account.subject, account=account.pk, by=by, at=at,
           point=point.number, on=on.isoformat())  # fmt: skip
    return made


@in_transaction
def end_standing(*, standing: StandingAgreement, on: date, by: Actor, at: datetime) -> None:
    """From `on`, a service that stops there goes to nobody."""
    held = StandingAgreement.objects.select_for_update(of=("self",)).select_related("account", "point").get(
        pk=standing.pk
    )  # fmt: skip
    if held.period.start >= on:
        held.delete()
    else:
        StandingAgreement.objects.filter(pk=held.pk).update(period=held.period.ending(on))
    record("accounts.standing.ended", subject=held.account.subject, account=held.account_id, by=by, at=at,
           point=held.point.number, on=on.isoformat())  # fmt: skip


@in_transaction
def continue_agreement(*, agreement: Agreement, by: Actor, at: datetime) -> Agreement:
    """Take a stop back: service goes on as if it had not been asked to stop. Refused where somebody else has it."""
    live = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if live.period.end is None or live.cancelled_at is not None:
        raise CannotServe("This service does not stop.")
    if live.closed_on is not None:
        raise CannotServe("The last bill of this service was issued. Start it anew.")
    end = live.period.end
    for use in live.points.filter(period__endswith=end).order_by("point"):
        advisory_lock(f"service_point:{use.point_id}")
        taken = AgreementPoint.objects.filter(
            point=use.point_id, use=AgreementPoint.Use.ADD, period__overlap=Period(end)
        ).exclude(pk=use.pk)
        if (other := taken.select_related("agreement__account").first()) is not None:
            raise CannotServe(f"Account {other.agreement.account.number} has service there from {end:%b %-d, %Y}.")
    for rows in (live.points.all(), live.rates.all(), live.facts.all()):
        for row in rows.filter(period__endswith=end):
            type(row).objects.filter(pk=row.pk).update(period=Period(row.period.start))
    live.period = Period(live.period.start)
    live.save(update_fields=["period"])
    record("accounts.agreement.continued", subject=live.subject, account=live.account_id, by=by, at=at,
           on=end.isoformat())  # fmt: skip
    return live


@in_transaction
def set_dispatch(*, account: Account, dispatch: str, by: Actor, at: datetime) -> None:
    """How the account gets its bills from the next one on: on paper, by email, or both."""
    held = Account.objects.select_for_update().get(pk=account.pk)
    if held.dispatch != dispatch:
        held.dispatch = dispatch
        held.save(update_fields=["dispatch"])
        record("accounts.dispatch.set", subject=held.subject, account=held.pk, by=by, at=at, dispatch=dispatch)
