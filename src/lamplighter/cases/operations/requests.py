"""Ask another department, and move a request on: taken, answered or declined, closed by who asked."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.accounts.models import Account
from lamplighter.cases.departments import DEPARTMENTS
from lamplighter.cases.kinds import ANSWERED, TO
from lamplighter.cases.models import Request, RequestStep
from lamplighter.kernel.actors import Actor
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import in_transaction
from lamplighter.worklist.operations import Draft, finish_where, raise_items

State = Request.State
CLOSES = time(17)
NEXT: dict[str, frozenset[str]] = {
    State.ASKED: frozenset({State.ACCEPTED, State.ANSWERED, State.DECLINED}),
    State.ACCEPTED: frozenset({State.ANSWERED, State.DECLINED}),
    State.ANSWERED: frozenset({State.CLOSED, State.ASKED}),
    State.DECLINED: frozenset({State.CLOSED, State.ASKED}),
    State.CLOSED: frozenset(),
}


class CannotAsk(Exception):
    """A request can't be made or moved so; the message is fit to be read aloud."""


@in_transaction
def ask_department(
    *, department: str, title: str, words: str, due_on: date, account: Account | None, on: date, by: Actor, at: datetime
) -> Request:
    """Something that another department shall do by the end of a day; it stands on its worklist until it answers."""
    if department not in DEPARTMENTS:
        raise CannotAsk("Choose who is asked.")
    if not title.strip() or not words.strip():
        raise CannotAsk("Say what is asked, in a line and in full.")
    if due_on < on:
        raise CannotAsk("That day is over. Choose today or a later one.")
    made = Request.objects.create(
        account=account, department=department, title=title.strip()[:80], due_on=due_on, asked_by=by, asked_at=at
    )
    _step(made, State.ASKED, words, by=by, at=at)
    return made


@in_transaction
def move_request(*, request: Request, to: str, words: str, by: Actor, at: datetime) -> Request:
    """Take it, answer it, decline it; or, for who asked, close it or ask again. Raises CannotAsk."""
    held = Request.objects.select_for_update(of=("self",)).select_related("account").get(pk=request.pk)
    if to not in NEXT[held.state]:
        raise CannotAsk(f"{held.number} is {held.get_state_display().lower()}; that can't be done now.")
    if to in {State.ANSWERED, State.DECLINED, State.ASKED} and not words.strip():
        raise CannotAsk("Say it in words.")
    held.state = to
    held.save(update_fields=["state"])
    _step(held, to, words, by=by, at=at)
    return held


def _step(request: Request, state: str, words: str, *, by: Actor, at: datetime) -> None:
    said = words.strip()
    RequestStep.objects.create(
        request=request, state=state, at=at, by=by, remark=write_remark(said, at=at) if said else None
    )
    record(f"cases.request.{state}", subject=request.subject, account=request.account_id, by=by, at=at, remark=said,
           department=request.department, title=request.title)  # fmt: skip
    kind = TO[request.department]
    match state:
        case State.ASKED:
            finish_where(subjects=[request.subject], kind=ANSWERED.key, by=by, at=at)
            due = datetime.combine(request.due_on, CLOSES, ZoneInfo(settings.UTILITY_ZONE))
            draft = Draft(kind.key, request.subject, request.title, account=request.account_id, due_at=due)
            raise_items(drafts=[draft], by=by, at=at)
        case State.ANSWERED | State.DECLINED:
            finish_where(subjects=[request.subject], kind=kind.key, by=by, at=at)
            draft = Draft(ANSWERED.key, request.subject, f"{state.capitalize()}: {request.title}"[:200],
                          account=request.account_id)  # fmt: skip
            raise_items(drafts=[draft], by=by, at=at)
        case State.CLOSED:
            finish_where(subjects=[request.subject], kind=ANSWERED.key, by=by, at=at)
