"""Write contacts down: a call begins and ends, a caller is verified, and everything is wrapped up with its reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.accounts.models import Account
from lamplighter.cases.kinds import FOLLOW_UP, MISSED
from lamplighter.cases.models import Attachment, Contact, Presence, Verification
from lamplighter.cases.words import ENOUGH, FACTS, OUTCOMES, REASONS, Means
from lamplighter.customers.models import Person
from lamplighter.kernel.actors import Actor
from lamplighter.platform.models import StoredFile
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.worklist.operations import Draft, finish_where, raise_items

CLOSES = time(17)


class CannotLog(Exception):
    """A contact can't be written down so; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True)
class ContactIn:
    """A contact before it exists; `source` is its name in its own channel, "" where it has none."""

    means: Means
    direction: str = Contact.Direction.IN
    source: str = ""
    party: str = ""
    account: Account | None = None
    person: Person | None = None
    handled_by: Actor | None = None


@dataclass(frozen=True, slots=True)
class WrapUp:
    """Why somebody called, what came of it, and by which day we answer, if we owe one."""

    reason: str
    outcome: str
    words: str = ""
    answer_on: date | None = None


@in_transaction
def begin_contact(*, contact: ContactIn, by: Actor, at: datetime) -> Contact:
    """A contact that has begun. One whose channel told of it before is given back as it is."""
    if contact.source:
        advisory_lock(f"contact:{contact.source}")
        if (known := Contact.objects.filter(source=contact.source).first()) is not None:
            return known
    made = Contact.objects.create(
        means=contact.means, direction=contact.direction, source=contact.source or None, party=contact.party,
        account=contact.account, person=contact.person, handled_by=contact.handled_by, began_at=at,
    )  # fmt: skip
    _tell("begun", made, by=by, at=at)
    return made


@in_transaction
def answer_contact(*, contact: Contact, handled_by: Actor, by: Actor, at: datetime) -> Contact:
    """Somebody took the call. Of one that is wrapped up, an event that comes late says nothing new."""
    held = _locked(contact)
    if held.handled_by != handled_by and held.wrapped_at is None:
        held.handled_by = handled_by
        held.save(update_fields=["handled_by"])
        _tell("answered", held, by=by, at=at)
    return held


@in_transaction
def end_contact(*, contact: Contact, by: Actor, at: datetime, missed: bool = False) -> Contact:
    """The line is free again. A call that nobody took is to be returned."""
    held = _locked(contact)
    if held.ended_at is not None:
        return held
    held.ended_at = max(at, held.began_at)
    held.save(update_fields=["ended_at"])
    if missed and held.wrapped_at is None:
        held.wrapped_at, held.reason, held.outcome = held.ended_at, "other", "cut-off"
        held.save(update_fields=["wrapped_at", "reason", "outcome"])
        _tell("missed", held, by=by, at=at)
        draft = Draft(MISSED.key, held.subject, "Nobody took the call.", account=held.account_id)
        raise_items(drafts=[draft], by=by, at=at)
    return held


@in_transaction
def attach_account(*, contact: Contact, account: Account, person: Person | None, by: Actor, at: datetime) -> Contact:
    """Whose account a contact is about. Raises CannotLog when it is about another one already."""
    held = _locked(contact)
    if held.account_id == account.pk and (person is None or held.person_id == person.pk):
        return held
    if held.account_id is not None and held.account_id != account.pk and held.wrapped_at is not None:
        raise CannotLog("This contact was wrapped up on another account.")
    held.account, held.person = account, person or held.person
    held.save(update_fields=["account", "person"])
    _tell("attached", held, by=by, at=at)
    return held


@in_transaction
def verify(
    *, contact: Contact, account: Account, role: str, facts: Collection[str], by: Actor, at: datetime
) -> Verification:
    """The person at the other end knew these facts. It holds for this contact and this account, and no longer."""
    if not set(facts) <= set(FACTS):
        raise CannotLog("That is not a fact that is asked.")
    if len(set(facts)) < ENOUGH:
        raise CannotLog(f"Ask for {ENOUGH} facts; {len(set(facts))} is not enough.")
    held = _locked(contact)
    made = Verification.objects.create(
        contact=held, account=account, role=role, facts=sorted(set(facts)), at=at, by=by
    )  # fmt: skip
    record("cases.caller.verified", subject=held.subject, account=account.pk, by=by, at=at, facts=made.facts, role=role)
    return made


@in_transaction
def wrap_up(*, contact: Contact, said: WrapUp, by: Actor, at: datetime) -> Contact:
    """Why they called and what came of it, once. An answer that we owe becomes work, due on its day."""
    _refuse_unknown(said)
    held = _locked(contact)
    if held.wrapped_at is not None:
        raise CannotLog(f"{held.number} is wrapped up already.")
    held.wrapped_at, held.reason, held.outcome = at, said.reason, said.outcome
    held.ended_at = held.ended_at or max(at, held.began_at)
    held.handled_by = held.handled_by or by
    held.remark = write_remark(said.words.strip(), at=at) if said.words.strip() else None
    held.save()
    _tell("wrapped", held, by=by, at=at, outcome=said.outcome, remark=said.words.strip(), reason=said.reason)
    finish_where(subjects=[held.subject], kind=MISSED.key, by=by, at=at)
    if said.answer_on is not None:
        due = datetime.combine(said.answer_on, CLOSES, ZoneInfo(settings.UTILITY_ZONE))
        words = f"{REASONS[said.reason]}: an answer was promised."
        draft = Draft(FOLLOW_UP.key, held.subject, words, account=held.account_id, due_at=due)
        raise_items(drafts=[draft], by=by, at=at)
    return held


@in_transaction
def attach_files(*, contact: Contact, files: Sequence[tuple[StoredFile, str]], by: Actor, at: datetime) -> None:
    """Keep files with a contact under the names that they came with."""
    for file, name in files:
        Attachment.objects.get_or_create(contact=contact, file=file, defaults={"name": name[:255]})
    if files:
        record("cases.files.attached", subject=contact.subject, account=contact.account_id, by=by, at=at,
               count=len(files))  # fmt: skip


@in_transaction
def note_presence(*, subject: str, by: Actor, at: datetime) -> None:
    """Somebody has this open now."""
    Presence.objects.update_or_create(subject=subject, actor=by, defaults={"seen_at": at})


def _locked(contact: Contact) -> Contact:
    return Contact.objects.select_for_update(of=("self",)).select_related("account").get(pk=contact.pk)


def _refuse_unknown(said: WrapUp) -> None:
    if said.reason not in REASONS:
        raise CannotLog("Choose why they called.")
    if said.outcome not in OUTCOMES:
        raise CannotLog("Choose what came of it.")
    if said.outcome == "follow-up" and said.answer_on is None:
        raise CannotLog("Say by which day we answer.")


def _tell(
    verb: str, contact: Contact, *, by: Actor, at: datetime, reason: str = "", remark: str = "", outcome: str = ""
) -> None:
    record(
        f"cases.contact.{verb}", subject=contact.subject, account=contact.account_id, by=by, at=at, reason=reason,
        remark=remark, means=contact.means, direction=contact.direction, outcome=outcome,
    )  # fmt: skip
