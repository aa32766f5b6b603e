"""Collection agencies: which debts they have, what they are told, and what they recovered."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from lamplighter.credit.models import Agency, AgencyFile, AgencyNews, AgencyPayment, Referral, Search, WriteOff
from lamplighter.credit.queries.closed import agency_loads, owed_of
from lamplighter.credit.rules.writingoff import CannotWriteOff, WriteOffPolicy, next_agency
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money, total
from lamplighter.payments.models import PaymentEvent
from lamplighter.platform.models import StoredFile
from lamplighter.platform.operations.events import record
from lamplighter.platform.queries.policies import policy_in_force
from lamplighter.platform.transactions import advisory_lock, in_transaction


@in_transaction
def add_agency(*, key: str, name: str, fee_percent: Decimal, by: Actor, at: datetime) -> Agency:
    if Agency.objects.filter(pk=key).exists():
        raise CannotWriteOff(f"There is an agency {key} already.")
    agency = Agency.objects.create(key=key, name=name, fee_percent=fee_percent)
    record("credit.agency.added", subject=f"agency:{key}", by=by, at=at, agency=name, fee=str(fee_percent))
    return agency


@in_transaction
def refer(*, write_off: WriteOff, on: date, by: Actor, at: datetime, agency: Agency | None = None) -> Referral:
    """Place a written-off debt, with the agency that has least of ours unless one is named. Raises CannotWriteOff."""
    advisory_lock("credit.agencies", f"account:{write_off.account_id}")
    if write_off.referrals.filter(ended_on__isnull=True).exists():
        raise CannotWriteOff("An agency has this debt already.")
    if write_off.reason != WriteOff.Reason.UNCOLLECTIBLE:
        raise CannotWriteOff(f"{write_off.get_reason_display()}: no agency is told of it.")
    if Search.objects.filter(account=write_off.account_id, ended_on__isnull=True).exists():
        raise CannotWriteOff("Their mail came back. Look for them first, or end the search.")
    owed = owed_of(write_off)
    least = policy_in_force(WriteOffPolicy, on=on).agency_least
    if owed < least:
        raise CannotWriteOff(f"{owed} is owed; an agency takes debts of {least} or more.")
    chosen = agency or Agency.objects.get(pk=next_agency(agency_loads(on=on)))
    made = Referral.objects.create(
        write_off=write_off, agency=chosen, amount=owed, referred_on=on, referred_at=at, referred_by=by
    )
    _news(made, AgencyNews.What.PLACED, owed, on=on, at=at)
    record(
        "credit.debt.referred", subject=made.subject, account=write_off.account_id, by=by, at=at, cents=owed.cents,
        agency=chosen.name,
    )  # fmt: skip
    return made


@in_transaction
def end_referral(*, referral: Referral, outcome: str, on: date, by: Actor, at: datetime) -> Referral:
    """Recalled, paid, or given back; the agency is told of the first two with its next file."""
    live = Referral.objects.select_for_update(of=("self",)).select_related("agency", "write_off").get(pk=referral.pk)
    if live.ended_on is not None:
        raise CannotWriteOff(f"This debt was {live.get_outcome_display().lower()} on {live.ended_on:%b %-d}.")
    live.ended_on, live.outcome, live.ended_by = on, outcome, by
    live.save(update_fields=["ended_on", "outcome", "ended_by"])
    if outcome != Referral.Outcome.RETURNED:
        _news(live, AgencyNews.What.RECALLED, owed_of(live.write_off), on=on, at=at)
    record(
        "credit.debt.recalled", subject=live.subject, account=live.write_off.account_id, by=by, at=at, reason=outcome,
        agency=live.agency.name,
    )  # fmt: skip
    return live


@in_transaction
def tell_paid(*, referral: Referral, amount: Money, on: date, by: Actor, at: datetime) -> None:
    """The customer paid us, or (negative) such a payment was returned: the agency hears of it, and of the rest. What
    is paid whole comes back to us."""
    what = AgencyNews.What.PAID if amount.cents > 0 else AgencyNews.What.RETURNED
    _news(referral, what, abs(amount), on=on, at=at)
    if owed_of(referral.write_off).cents <= 0:
        end_referral(referral=referral, outcome=Referral.Outcome.PAID, on=on, by=by, at=at)


@in_transaction
def keep_sent(
    *, agency: Agency, file: StoredFile, news: list[AgencyNews], on: date, by: Actor, at: datetime
) -> AgencyFile:  # fmt: skip
    """A file to an agency was made of these news; none of them is told again."""
    made = AgencyFile.objects.create(
        agency=agency, kind=AgencyFile.Kind.SENT, file=file, records=len(news), upto=news[-1].pk,
        total=total(one.amount for one in news if one.what == AgencyNews.What.PLACED), made_on=on, made_at=at,
        made_by=by,
    )  # fmt: skip
    record("credit.agency.told", subject=f"agency:{agency.pk}", by=by, at=at, records=len(news), file=file.sha256)
    return made


@in_transaction
def keep_received(
    *, agency: Agency, file: StoredFile, records: int, amount: Money, on: date, by: Actor, at: datetime
) -> AgencyFile:  # fmt: skip
    """A file came from an agency. Raises CannotWriteOff where the same one was taken in before."""
    if AgencyFile.objects.filter(agency=agency, kind=AgencyFile.Kind.RECEIVED, file=file).exists():
        raise CannotWriteOff(f"{file.name} was taken in before.")
    return AgencyFile.objects.create(
        agency=agency, kind=AgencyFile.Kind.RECEIVED, file=file, records=records, total=amount, made_on=on, made_at=at,
        made_by=by,
    )  # fmt: skip


@in_transaction
def keep_payment(
    *, referral: Referral, file: AgencyFile, reference: str, amount: Money, fee: Money, paid_on: date,
    event: PaymentEvent | None, by: Actor, at: datetime,
) -> AgencyPayment:  # fmt: skip
    return AgencyPayment.objects.create(
        agency_id=referral.agency_id, referral=referral, file=file, reference=reference, amount=amount, fee=fee,
        paid_on=paid_on, event=event, recorded_at=at, recorded_by=by,
    )  # fmt: skip


def _news(referral: Referral, what: str, amount: Money, *, on: date, at: datetime) -> None:
    AgencyNews.objects.create(referral=referral, what=what, amount=amount, happened_on=on, recorded_at=at)
