"""Look into a complaint: begin, find, put right, and write to the customer what came of it."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.kernel.actors import Actor
from lamplighter.keyaccounts.models import Correction, Investigation, Issue
from lamplighter.keyaccounts.operations.relations import set_step
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.notices.operations import compose, queue
from lamplighter.notices.queries.drafts import Draft
from lamplighter.platform.models import User
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import in_transaction


@in_transaction
def investigate(*, issue: Issue, investigator: User, due_on: date, on: date, by: Actor, at: datetime) -> Investigation:
    """Somebody looks into it by a day."""
    held = Issue.objects.select_for_update(of=("self",)).get(pk=issue.pk)
    if held.closed_at is not None:
        raise CannotKeep(f"Issue {held.number} is closed.")
    if Investigation.objects.filter(issue=held).exists():
        raise CannotKeep("It is being looked into already.")
    if due_on < on:
        raise CannotKeep("That day is over: by when is it looked into?")
    made = Investigation.objects.create(issue=held, investigator=investigator, due_on=due_on, begun_at=at, begun_by=by)
    set_step(words=f"Look into issue {held.number}", due_on=due_on, owner=investigator, issue=held,
             organisation=held.organisation, account=held.account, by=by, at=at)  # fmt: skip
    record("keyaccounts.complaint.begun", subject=held.subject, by=by, at=at, account=held.account_id,
           due_on=due_on.isoformat())  # fmt: skip
    return made


@in_transaction
def find(*, investigation: Investigation, cause: str, words: str, by: Actor, at: datetime) -> Investigation:
    """Its cause and what was found, until the customer was told; later findings take the place of earlier ones."""
    held = _held(investigation)
    if cause not in Investigation.Cause.values or not words.strip():
        raise CannotKeep("Say what was found, and what caused it.")
    if held.letter_id is not None:
        raise CannotKeep("The customer was told already what was found.")
    held.cause, held.findings = cause, write_remark(words.strip(), at=at)
    held.found_at, held.found_by = at, by
    held.save(update_fields=["cause", "findings", "found_at", "found_by"])
    record("keyaccounts.complaint.found", subject=held.issue.subject, by=by, at=at, account=held.issue.account_id,
           cause=cause)  # fmt: skip
    return held


@in_transaction
def correct(
    *, investigation: Investigation, words: str, owner: User, due_on: date, on: date, by: Actor, at: datetime
) -> Correction:
    """What is put right, by whom and when: it stands among the owner's next steps."""
    held = _held(investigation)
    if held.found_at is None:
        raise CannotKeep("Say first what was found: what is put right follows from it.")
    if due_on < on:
        raise CannotKeep("That day is over: by when is it put right?")
    issue = held.issue
    step = set_step(words=words, due_on=due_on, owner=owner, issue=issue, organisation=issue.organisation,
                    account=issue.account, by=by, at=at)  # fmt: skip
    made = Correction.objects.create(investigation=held, step=step)
    record("keyaccounts.complaint.corrected", subject=issue.subject, by=by, at=at, account=issue.account_id,
           due_on=due_on.isoformat(), owner=owner.username)  # fmt: skip
    return made


@in_transaction
def tell_customer(*, investigation: Investigation, drafted: Draft, by: Actor, at: datetime) -> Investigation:
    """The closing letter goes out exactly as it was read, once."""
    held = _held(investigation)
    if held.found_at is None:
        raise CannotKeep("Nothing was found yet that could be told.")
    if held.letter_id is not None:
        raise CannotKeep("The closing letter was written already.")
    (notice,) = compose(drafts=[drafted], by=by, at=at)
    queue(notices=[notice], by=by, at=at)
    held.letter = notice
    held.save(update_fields=["letter"])
    record("keyaccounts.complaint.told", subject=held.issue.subject, by=by, at=at, account=held.issue.account_id)
    return held


def _held(investigation: Investigation) -> Investigation:
    rows = Investigation.objects.select_for_update(of=("self",))
    return rows.select_related("issue__organisation", "issue__account").get(pk=investigation.pk)
