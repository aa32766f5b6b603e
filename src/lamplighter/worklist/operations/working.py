"""What a person does with an item: take, put back, assign, finish, dismiss, reopen.

Faces check the kind's permission; here stand the rules that hold for everybody.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction

from lamplighter.kernel.actors import Actor
from lamplighter.platform.models import User
from lamplighter.platform.transactions import in_transaction
from lamplighter.worklist.models import Item, Step
from lamplighter.worklist.operations.steps import write_step
from lamplighter.worklist.rules import Office, due_at


class CannotWork(Exception):
    """An item can't be moved so; the message is fit to be read aloud."""


@in_transaction
def take(*, item: Item, by: Actor, at: datetime) -> Item:
    """Make it mine. One of two takers wins; the other is told who has it. Taking one's own changes nothing."""
    return _held(item, by=by, at=at)


@in_transaction
def release(*, item: Item, by: Actor, at: datetime, remark: str = "") -> Item:
    """Put my item back for anyone."""
    found = _waiting(item)
    if found.state == Item.State.OPEN:
        raise CannotWork("Nobody has this; there is nothing to put back.")
    _only_owner(found, by)
    return _move(found, Step.Act.RELEASED, state=Item.State.OPEN, owner=None, by=by, at=at, remark=remark)


@in_transaction
def assign(*, item: Item, to: User, by: Actor, at: datetime, remark: str = "") -> Item:
    """Give it to somebody, whoever had it. Refuses who can't sign in to the staff's desks."""
    found = _waiting(item)
    if not to.is_active or to.kind != User.Kind.STAFF:
        raise CannotWork(f"{to.name} can't work items: choose an active member of staff.")
    return _move(found, Step.Act.ASSIGNED, state=Item.State.TAKEN, owner=to.actor, by=by, at=at, remark=remark)


@in_transaction
def finish(*, item: Item, outcome: str, by: Actor, at: datetime, remark: str = "") -> Item:
    """Done, with one of the kind's outcomes. An open item is taken first: one act for the person, two steps here."""
    kind = item.of
    if kind is None:
        raise CannotWork("This kind of work is no longer done here. Dismiss it, and say why.")
    if outcome not in dict(kind.outcomes):
        raise CannotWork(f"Choose what came of it: {', '.join(label for _, label in kind.outcomes)}.")
    held = _held(item, by=by, at=at)
    return _end(held, Step.Act.FINISHED, Item.State.DONE, outcome, by=by, at=at, remark=remark)


@in_transaction
def dismiss(*, item: Item, by: Actor, at: datetime, remark: str) -> Item:
    """Nothing is to be done; why is kept. The same matter raised later is a new item."""
    if not remark.strip():
        raise CannotWork("Say why nothing is to be done.")
    held = _held(item, by=by, at=at)
    return _end(held, Step.Act.DISMISSED, Item.State.DISMISSED, "dismissed", by=by, at=at, remark=remark)


@in_transaction
def reopen(*, item: Item, by: Actor, at: datetime, remark: str, office: Office | None = None) -> Item:
    """It was not done after all: open again for anyone, due anew by the kind's rule; why is kept."""
    if not remark.strip():
        raise CannotWork("Say why it is opened again.")
    found = Item.objects.select_for_update().get(pk=item.pk)
    if found.waits:
        raise CannotWork("This is still open.")
    if kind := found.of:
        found.due_at = due_at(kind.due, at, office or Office(ZoneInfo(settings.UTILITY_ZONE)))
    found.ended_at, found.outcome = None, ""
    try:
        with transaction.atomic():
            return _move(found, Step.Act.REOPENED, state=Item.State.OPEN, owner=None, by=by, at=at, remark=remark)
    except IntegrityError as refused:
        raise CannotWork("The same matter was raised again since, and waits. Work that one.") from refused


def _waiting(item: Item) -> Item:
    found = Item.objects.select_for_update().get(pk=item.pk)
    if not found.waits:
        raise CannotWork(f"This was already {found.get_state_display().lower()} {_when(found.ended_at)}.")
    return found


def _held(item: Item, *, by: Actor, at: datetime) -> Item:
    found = _waiting(item)
    if found.state == Item.State.OPEN:
        return _move(found, Step.Act.TAKEN, state=Item.State.TAKEN, owner=by, by=by, at=at)
    _only_owner(found, by)
    return found


def _only_owner(item: Item, by: Actor) -> None:
    assert item.owner
    if item.owner != by:
        since = item.steps.filter(act__in=[Step.Act.TAKEN, Step.Act.ASSIGNED]).latest("id").at
        raise CannotWork(f"{_name(item.owner)} has had this since {_when(since)}. Ask them, or have it assigned.")


def _move(
    item: Item, act: Step.Act, *, state: Item.State, owner: Actor | None, by: Actor, at: datetime, remark: str = ""
) -> Item:
    item.state, item.owner = state, owner
    item.save(update_fields=["state", "owner", "outcome", "due_at", "ended_at"])
    write_step(item, act, by=by, at=at, remark=remark)
    return item


def _end(item: Item, act: Step.Act, state: Item.State, outcome: str, *, by: Actor, at: datetime, remark: str) -> Item:
    item.outcome, item.ended_at = outcome, at
    return _move(item, act, state=state, owner=item.owner, by=by, at=at, remark=remark)


def _name(actor: Actor) -> str:
    return User.objects.filter(username=actor.key).values_list("name", flat=True).first() or actor.key


def _when(at: datetime | None) -> str:
    assert at
    local = at.astimezone(ZoneInfo(settings.UTILITY_ZONE))
    return f"{local:%a, %b} {local.day} at {local.hour % 12 or 12}:{local:%M %p}".replace("AM", "am").replace(
        "PM", "pm"
    )
