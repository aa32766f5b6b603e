"""Report an error at an interface, send it to the vendor with its evidence, note what is said, and mend it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lamplighter.accounts.models import Account
from lamplighter.incidents.kinds import OPEN_INCIDENT
from lamplighter.incidents.models import Incident, IncidentStep
from lamplighter.kernel.actors import Actor
from lamplighter.platform.interfaces import FailedMessage, Interface
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import in_transaction
from lamplighter.worklist.operations import Draft, finish_where, raise_items

Act = IncidentStep.Act


class CannotHandle(Exception):
    """An incident can't be moved so; the message is fit to be read aloud."""


@in_transaction
def report(
    *,
    interface: Interface,
    words: str,
    evidence: Sequence[FailedMessage],
    by: Actor,
    at: datetime,
    account: Account | None = None,
) -> Incident:
    """An error, noticed by us or (with their account) told by a customer, with the failed messages that show it."""
    if not words.strip():
        raise CannotHandle("Say what went wrong.")
    made = Incident.objects.create(
        interface=interface.key, name=interface.name, vendor=interface.vendor, account=account,
        origin=Incident.Origin.CUSTOMER if account else Incident.Origin.STAFF, what=write_remark(words, at=at),
        evidence=[{"key": one.key, "at": one.at.isoformat(), "words": one.words, "evidence": one.evidence}
                  for one in evidence],
        reported_at=at, reported_by=by,
    )  # fmt: skip
    _step(made, Act.REPORTED, by=by, at=at, words=words)
    summary = f"{interface.name}: error reported{' by a customer' if account else ''}, {len(evidence)} messages"
    draft = Draft(OPEN_INCIDENT.key, made.subject, summary, account=account.pk if account else None)
    raise_items(drafts=[draft], by=by, at=at)
    return made


@in_transaction
def send_ticket(*, incident: Incident, ticket: str, by: Actor, at: datetime) -> Incident:
    """The vendor has it, under this number of theirs."""
    found = _open(incident)
    if not ticket.strip():
        raise CannotHandle("Enter the number that the vendor gave it.")
    found.ticket, found.sent_at = ticket.strip()[:40], found.sent_at or at
    found.save(update_fields=["ticket", "sent_at"])
    _step(found, Act.SENT, by=by, at=at, words=f"Ticket {ticket.strip()}")
    return found


@in_transaction
def note(*, incident: Incident, words: str, by: Actor, at: datetime, act: Act = Act.NOTED) -> None:
    if not words.strip():
        raise CannotHandle("Write something.")
    _step(_open(incident), act, by=by, at=at, words=words)


@in_transaction
def fix(*, incident: Incident, words: str, by: Actor, at: datetime) -> Incident:
    """It works again; how is kept."""
    found = _open(incident)
    found.fixed_at = at
    found.save(update_fields=["fixed_at"])
    _step(found, Act.FIXED, by=by, at=at, words=words)
    finish_where(subjects=[found.subject], kind=OPEN_INCIDENT.key, by=by, at=at)
    return found


@in_transaction
def reopen(*, incident: Incident, words: str, by: Actor, at: datetime) -> Incident:
    """It was not fixed after all: its time runs on."""
    found = Incident.objects.select_for_update().get(pk=incident.pk)
    if found.fixed_at is None:
        raise CannotHandle("This is still open.")
    found.fixed_at = None
    found.save(update_fields=["fixed_at"])
    _step(found, Act.REOPENED, by=by, at=at, words=words)
    draft = Draft(OPEN_INCIDENT.key, found.subject, f"{found.name}: not fixed after all", account=found.account_id)
    raise_items(drafts=[draft], by=by, at=at)
    return found


def _open(incident: Incident) -> Incident:
    found = Incident.objects.select_for_update().get(pk=incident.pk)
    if found.fixed_at is not None:
        raise CannotHandle("This is fixed already. Open it again first.")
    return found


def _step(incident: Incident, act: Act, *, by: Actor, at: datetime, words: str) -> None:
    remark = write_remark(words, at=at) if words.strip() else None
    IncidentStep.objects.create(incident=incident, act=act, at=at, by=by, remark=remark)
    record(
        f"incidents.incident.{act.value}", subject=incident.subject, account=incident.account_id, by=by, at=at,
        interface=incident.name, vendor=incident.vendor,
    )  # fmt: skip
