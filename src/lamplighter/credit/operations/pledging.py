"""Agencies, the people who speak for them, their pledges, and the lines by which they pay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lamplighter.accounts.models import Account
from lamplighter.credit.models import AgencyWorker, AssistanceAgency, AssistanceCheck, AssistanceCheckLine, Pledge
from lamplighter.credit.rules.pledging import CannotPledge, PledgePolicy
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money
from lamplighter.payments.models import PaymentEvent
from lamplighter.platform.models import StoredFile
from lamplighter.platform.operations.events import record
from lamplighter.platform.queries.policies import policy_in_force
from lamplighter.platform.transactions import advisory_lock, in_transaction

Outcome = Pledge.Outcome


@in_transaction
def add_assistance_agency(
    *, key: str, name: str, runs_days: int, on: date, by: Actor, at: datetime
) -> AssistanceAgency:  # fmt: skip
    """Raises CannotPledge where the key is taken or its pledges would run too long."""
    advisory_lock("credit.assistance")
    if AssistanceAgency.objects.filter(pk=key).exists():
        raise CannotPledge(f"There is an agency {key} already.")
    longest = policy_in_force(PledgePolicy, on=on).longest_days
    if not 1 <= runs_days <= longest:
        raise CannotPledge(f"Its pledges count for 1 to {longest} days.")
    made = AssistanceAgency.objects.create(key=key, name=name, runs_days=runs_days)
    record("credit.assistance_agency.added", subject=made.subject, by=by, at=at, agency=name, days=runs_days)
    return made


@in_transaction
def add_worker(
    *, agency: AssistanceAgency, name: str, phone: str, on: date, by: Actor, at: datetime
) -> AgencyWorker:  # fmt: skip
    """From now on they may pledge for the agency. The event names nobody."""
    made = AgencyWorker.objects.create(agency=agency, name=name, phone=phone, since=on)
    record("credit.agency_worker.added", subject=agency.subject, by=by, at=at, worker=made.pk)
    return made


@in_transaction
def end_worker(*, worker: AgencyWorker, on: date, by: Actor, at: datetime) -> AgencyWorker:
    """They speak for the agency no more; what they pledged stands. Raises CannotPledge."""
    live = AgencyWorker.objects.select_for_update(of=("self",)).select_related("agency").get(pk=worker.pk)
    if live.ended_on is not None:
        raise CannotPledge("They do not speak for the agency any more.")
    live.ended_on = on
    live.save(update_fields=["ended_on"])
    record("credit.agency_worker.ended", subject=live.agency.subject, by=by, at=at, worker=live.pk)
    return live


@dataclass(frozen=True, slots=True)
class PledgeIn:
    """What an agency says: who said it, how much, its own number for it, and the last day on which it will pay (None:
    as long as this agency's pledges run)."""

    worker: AgencyWorker
    amount: Money
    reference: str
    until: date | None = None


@in_transaction
def make_pledge(*, account: Account, said: PledgeIn, on: date, by: Actor, at: datetime) -> Pledge:
    """It counts from now on. Raises CannotPledge."""
    advisory_lock(f"account:{account.pk}")
    worker = AgencyWorker.objects.select_related("agency").get(pk=said.worker.pk)
    agency = worker.agency
    until = said.until or on + timedelta(days=agency.runs_days)
    if worker.ended_on is not None or agency.ended_on is not None:
        raise CannotPledge(f"{worker.name} does not speak for {agency.name} any more.")
    if said.amount <= ZERO or not said.reference.strip():
        raise CannotPledge("Enter how much is pledged, and the agency's number for it.")
    longest = policy_in_force(PledgePolicy, on=on).longest_days
    if not on <= until <= on + timedelta(days=longest):
        raise CannotPledge(f"A pledge counts for {longest} days at most, from today.")
    advisory_lock(f"{agency.subject}:{said.reference}")
    if Pledge.objects.filter(agency=agency, reference=said.reference).exists():
        raise CannotPledge(f"{agency.name} pledged under {said.reference} before.")
    made = Pledge.objects.create(
        account=account, agency=agency, worker=worker, reference=said.reference, amount=said.amount, pledged_on=on,
        expires_on=until, made_at=at, made_by=by,
    )  # fmt: skip
    record(
        "credit.pledge.made", subject=made.subject, account=account.pk, by=by, at=at, cents=made.amount.cents,
        agency=agency.name, until=until.isoformat(),
    )  # fmt: skip
    return made


@in_transaction
def end_pledge(
    *, pledge: Pledge, outcome: str, on: date, by: Actor, at: datetime, remark: str = ""
) -> Pledge:  # fmt: skip
    """It counts no more. Money that comes late still settles what had expired. Raises CannotPledge."""
    advisory_lock(f"account:{pledge.account_id}")
    live = Pledge.objects.select_for_update(of=("self",)).select_related("agency", "account").get(pk=pledge.pk)
    late = live.outcome == Outcome.EXPIRED and outcome == Outcome.SETTLED
    if live.ended_on is not None and not late:
        raise CannotPledge(f"This pledge ended on {live.ended_on:%b %-d}: {live.get_outcome_display().lower()}.")
    live.ended_on, live.outcome, live.ended_by = on, outcome, by
    live.save(update_fields=["ended_on", "outcome", "ended_by"])
    record(
        "credit.pledge.ended", subject=live.subject, account=live.account_id, by=by, at=at, cents=live.amount.cents,
        agency=live.agency.name, reason=outcome, remark=remark,
    )  # fmt: skip
    return live


@in_transaction
def paid_by_entry(*, pledge: Pledge, entry: int) -> Pledge:
    """The money for a settled pledge was in our own books, and `entry` posted it."""
    live = Pledge.objects.select_for_update(of=("self",)).get(pk=pledge.pk)
    assert live.outcome == Outcome.SETTLED, "what is paid is settled"
    live.entry_id = entry
    live.save(update_fields=["entry"])
    return live


@dataclass(frozen=True, slots=True)
class LineIn:
    """One line of a check, as the agency wrote it."""

    reference: str
    account: str
    amount: Money


@in_transaction
def keep_check(
    *, agency: AssistanceAgency, reference: str, amount: Money, lines: Sequence[LineIn], file: StoredFile | None,
    on: date, by: Actor, at: datetime,
) -> AssistanceCheck:  # fmt: skip
    """A check or transfer with what it pays; its lines wait. Raises CannotPledge where they are not its amount, or it
    was taken in before."""
    advisory_lock(agency.subject)
    said = sum((line.amount for line in lines), ZERO)
    if not lines or said != amount:
        raise CannotPledge(f"Its lines add up to {said}, and the check is {amount}. Ask the agency.")
    if AssistanceCheck.objects.filter(agency=agency, reference=reference).exists():
        raise CannotPledge(f"{reference} of {agency.name} was taken in before.")
    made = AssistanceCheck.objects.create(
        agency=agency, reference=reference, amount=amount, received_on=on, file=file, made_at=at, made_by=by
    )
    AssistanceCheckLine.objects.bulk_create(
        AssistanceCheckLine(
            of=made, place=place, said_reference=line.reference, said_account=line.account, amount=line.amount
        )
        for place, line in enumerate(lines, start=1)
    )
    record("credit.assistance_check.taken", subject=agency.subject, by=by, at=at, cents=amount.cents, lines=len(lines))
    return made


@in_transaction
def settle_line(
    *, line: AssistanceCheckLine, pledge: Pledge | None, event: PaymentEvent, on: date, by: Actor, at: datetime
) -> AssistanceCheckLine:
    """Its money stands on an account, and on the pledge that it was for. Raises CannotPledge."""
    live = AssistanceCheckLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if live.event_id is not None:
        raise CannotPledge("This line was put to an account before.")
    if pledge is not None:
        end_pledge(pledge=pledge, outcome=Outcome.SETTLED, on=on, by=by, at=at)
    live.pledge, live.event, live.settled_on, live.settled_by = pledge, event, on, by
    live.save(update_fields=["pledge", "event", "settled_on", "settled_by"])
    return live
