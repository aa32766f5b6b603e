"""Note what was said, say what comes next, and see issues through to their closure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.text import slugify

from lamplighter.accounts.models import Account
from lamplighter.customers.models import Person
from lamplighter.kernel.actors import Actor
from lamplighter.keyaccounts.kinds import HANDED_OVER
from lamplighter.keyaccounts.models import (
    Development,
    Gathering,
    Goal,
    Investigation,
    Issue,
    Organisation,
    Step,
    Touch,
    TouchPhoto,
)
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.platform.models import User
from lamplighter.platform.numbering import next_number
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import in_transaction
from lamplighter.worklist.operations import Draft, raise_items
from lamplighter.worklist.operations.resolving import finish_where


@dataclass(frozen=True, slots=True)
class TouchIn:
    """A touch as it was noted. `draft` is its own id: sent twice, it is kept once."""

    draft: UUID
    kind: str
    words: str
    happened_at: datetime
    photos: tuple[str, ...] = ()
    step: str = ""
    step_due: date | None = None

    @property
    def digest(self) -> str:
        due = self.step_due.isoformat() if self.step_due else ""
        said = [self.kind, self.words, self.happened_at.isoformat(), sorted(self.photos), self.step, due]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@in_transaction
def log_touch(
    *, touch: TouchIn, owner: User, by: Actor, at: datetime, organisation: Organisation | None = None,
    account: Account | None = None, person: Person | None = None, issue: Issue | None = None,
    gathering: Gathering | None = None, development: Development | None = None,
) -> Touch:  # fmt: skip
    """Keep a touch and, where there is one, its next step for `owner`. The same draft again changes nothing.

    Raises CannotKeep: nothing said, a next step without its day, a time to come, a draft with other words.
    """
    if same := Touch.objects.filter(draft=touch.draft).first():
        if same.digest != touch.digest:
            raise CannotKeep("This note was sent before with something else in it. Open the page again.")
        return same
    if not touch.words.strip():
        raise CannotKeep("Write one line about it.")
    if bool(touch.step.strip()) != (touch.step_due is not None):
        raise CannotKeep("A next step has words and a day.")
    if touch.happened_at > at:
        raise CannotKeep("It can't have happened yet.")
    made = Touch.objects.create(
        draft=touch.draft, digest=touch.digest, organisation=organisation, account=account, person=person,
        issue=issue, gathering=gathering, development=development, kind=touch.kind,
        words=write_remark(touch.words.strip(), at=at), at=touch.happened_at, received_at=at, by=by,
    )  # fmt: skip
    TouchPhoto.objects.bulk_create(TouchPhoto(touch=made, file_id=key) for key in dict.fromkeys(touch.photos))
    record("keyaccounts.touch.logged", subject=_subject(organisation, account, gathering), by=by, at=at,
           account=account.pk if account else None, kind=touch.kind, touch=made.pk)  # fmt: skip
    if touch.step_due is not None:
        set_step(words=touch.step, due_on=touch.step_due, owner=owner, organisation=organisation, account=account,
                 issue=issue, touch=made, development=development, by=by, at=at)  # fmt: skip
    return made


@in_transaction
def set_step(
    *, words: str, due_on: date, owner: User, by: Actor, at: datetime, organisation: Organisation | None = None,
    account: Account | None = None, issue: Issue | None = None, touch: Touch | None = None, goal: Goal | None = None,
    person: Person | None = None, development: Development | None = None,
) -> Step:  # fmt: skip
    if not words.strip():
        raise CannotKeep("Say what is to be done.")
    made = Step.objects.create(
        organisation=organisation, account=account, issue=issue, touch=touch, goal=goal, person=person,
        development=development, words=write_remark(words.strip(), at=at), due_on=due_on, owner=owner, set_at=at,
    )  # fmt: skip
    record("keyaccounts.step.set", subject=_subject(organisation, account, None, person), by=by, at=at,
           account=account.pk if account else None, due_on=due_on.isoformat(), owner=owner.username)  # fmt: skip
    return made


@in_transaction
def finish_step(*, step: Step, by: Actor, at: datetime) -> Step:
    """It is done. Said again it changes nothing."""
    held = Step.objects.select_for_update().get(pk=step.pk)
    if held.done_at is None:
        held.done_at, held.done_by = at, by
        held.save(update_fields=["done_at", "done_by"])
        record("keyaccounts.step.done", subject=f"step:{held.pk}", by=by, at=at, account=held.account_id)
    return held


@in_transaction
def open_issue(
    *, about: str, words: str, promised_on: date, owner: User | None, on: date, by: Actor, at: datetime,
    organisation: Organisation | None = None, account: Account | None = None, handed_over: bool = False,
) -> Issue:  # fmt: skip
    """Something must be settled by a day. Handed over, it waits on the managers' worklist until somebody takes it."""
    if not words.strip():
        raise CannotKeep("Say what must be settled.")
    if promised_on < on:
        raise CannotKeep("Promise a day that is still to come.")
    assert owner is not None or handed_over, "an issue has an owner, or waits for one"
    made = Issue.objects.create(
        number=next_number("issue"), organisation=organisation, account=account, about=about,
        words=write_remark(words.strip(), at=at), owner=owner, promised_on=promised_on, first_promised_on=promised_on,
        opened_at=at, opened_by=by, handed_by=by if handed_over else None,
    )  # fmt: skip
    name = "keyaccounts.issue.handed_over" if handed_over else "keyaccounts.issue.opened"
    record(name, subject=made.subject, by=by, at=at, account=made.account_id, about=about,
           promised_on=promised_on.isoformat())  # fmt: skip
    if owner is None:
        label = Issue.About(about).label
        draft = Draft(HANDED_OVER.key, made.subject, f"{label}: promised by {promised_on:%b %-d}.",
                      account=made.account_id)  # fmt: skip
        raise_items(drafts=[draft], by=by, at=at)
    return made


@in_transaction
def take_issue(*, issue: Issue, owner: User, by: Actor, at: datetime) -> Issue:
    """From now on it is theirs; what waited for an owner is done."""
    held = _open(issue)
    held.owner = owner
    held.save(update_fields=["owner"])
    finish_where(subjects=[held.subject], by=by, at=at, kind=HANDED_OVER.key)
    record("keyaccounts.issue.taken", subject=held.subject, by=by, at=at, account=held.account_id,
           owner=owner.username)  # fmt: skip
    return held


@in_transaction
def promise_again(*, issue: Issue, promised_on: date, why: str, on: date, by: Actor, at: datetime) -> Issue:
    """Another day, with the reason; the first promise stays known."""
    held = _open(issue)
    if promised_on < on:
        raise CannotKeep("Promise a day that is still to come.")
    if not why.strip():
        raise CannotKeep("Say why the day changes: the customer will ask.")
    held.promised_on = promised_on
    held.save(update_fields=["promised_on"])
    record("keyaccounts.issue.promised_again", subject=held.subject, by=by, at=at, account=held.account_id,
           remark=why.strip(), promised_on=promised_on.isoformat())  # fmt: skip
    return held


@in_transaction
def close_issue(*, issue: Issue, outcome: str, words: str, by: Actor, at: datetime) -> Issue:
    """Settled, with what came of it in words that the representative can read to the customer."""
    held = _open(issue)
    if not words.strip():
        raise CannotKeep("Say what came of it: whoever answers the customer next will read it.")
    if Investigation.objects.filter(issue=held, letter__isnull=True).exists():
        raise CannotKeep("It is looked into: write the closing letter to the customer first.")
    held.closed_at, held.closed_by, held.outcome = at, by, outcome
    held.closing = write_remark(words.strip(), at=at)
    held.save(update_fields=["closed_at", "closed_by", "outcome", "closing"])
    finish_where(subjects=[held.subject], by=by, at=at, kind=HANDED_OVER.key)
    record("keyaccounts.issue.closed", subject=held.subject, by=by, at=at, account=held.account_id, outcome=outcome,
           remark=words.strip())  # fmt: skip
    return held


@in_transaction
def plan_gathering(
    *, name: str, day: date, place: str, user: User, by: Actor, at: datetime, host: Organisation | None = None
) -> Gathering:
    """An event to go to, and who goes for the utility."""
    slug = slugify(f"{name} {day.year}")[:58]
    if Gathering.objects.filter(slug=slug).exists():
        raise CannotKeep(f"{name} of {day.year} is planned already.")
    made = Gathering.objects.create(slug=slug, name=name, day=day, place=place, host=host, user=user, planned_by=by)
    record("keyaccounts.gathering.planned", subject=f"gathering:{slug}", by=by, at=at, day=day.isoformat())
    return made


def _open(issue: Issue) -> Issue:
    held = Issue.objects.select_for_update().get(pk=issue.pk)
    if held.closed_at is not None:
        raise CannotKeep(f"Issue {held.number} was closed on {held.closed_at:%b %-d}.")
    return held


def _subject(
    organisation: Organisation | None, account: Account | None, gathering: Gathering | None,
    person: Person | None = None,
) -> str:  # fmt: skip
    if organisation is not None:
        return organisation.subject
    if account is not None:
        return account.subject
    if person is not None:
        return f"person:{person.number}"
    assert gathering is not None, "a touch is of somebody"
    return f"gathering:{gathering.slug}"
