"""Second-person approval: ask, then another person approves exactly what was asked, or refuses.

A context registers what an approved proposal does: `approvals.on_approval("tariffs.adoption", adopt_approved)`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.platform.models import Approval
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.queries.limits import limit_of, within
from lamplighter.platform.transactions import advisory_lock, in_transaction


class CannotDecide(Exception):
    """An approval can't be decided so; the message is fit to be read aloud."""


class Handler(Protocol):
    def __call__(self, approval: Approval, *, by: Actor, at: datetime) -> None: ...


Done = TypeVar("Done")
_handlers: dict[str, Handler] = {}
_refusals: dict[str, Handler] = {}


def on_approval(kind: str) -> Callable[[Handler], Handler]:
    """Register what happens, in the same transaction, when a proposal of this kind is approved."""

    def register(handler: Handler) -> Handler:
        assert kind not in _handlers, f"{kind} has a handler"
        _handlers[kind] = handler
        return handler

    return register


def on_refusal(kind: str) -> Callable[[Handler], Handler]:
    """Register what happens, in the same transaction, when a proposal of this kind is refused or withdrawn."""

    def register(handler: Handler) -> Handler:
        assert kind not in _refusals, f"{kind} has a handler for refusals"
        _refusals[kind] = handler
        return handler

    return register


@in_transaction
def ask(
    *,
    kind: str,
    subject: str,
    summary: str,
    proposal: Mapping[str, Any],
    permission: str,
    by: Actor,
    at: datetime,
    remark: str = "",
    account: int | None = None,
    amount: Money | None = None,
) -> Approval:
    """Put a proposal before whoever holds `permission`, with a limit of at least `amount` where money is at stake.

    One proposal of a kind waits per subject.
    """
    assert kind in _handlers, f"nothing is registered to carry out {kind!r}"
    advisory_lock(f"approval {kind} {subject}")
    if Approval.objects.filter(kind=kind, subject=subject, state="waiting").exists():
        raise CannotDecide("The same request is already waiting for a decision.")
    approval = Approval.objects.create(
        kind=kind, subject=subject, account=account, summary=summary, proposal=dict(proposal),
        permission=permission, amount=amount, asked_by=by, asked_at=at,
        ask_remark=write_remark(remark, at=at) if remark else None,
    )  # fmt: skip
    record("platform.approval.asked", subject=subject, account=account, by=by, at=at, kind=kind, approval=approval.pk)
    return approval


@in_transaction
def alone_or_ask(
    *,
    do: Callable[[], Done],
    alone: str,
    kind: str,
    subject: str,
    account: int,
    amount: Money,
    summary: str,
    proposal: Mapping[str, Any],
    permission: str,
    on: date,
    by: Actor,
    at: datetime,
    remark: str = "",
) -> Done | Approval:
    """`do` it where `by` may decide so much under the permission `alone`; else put the proposal before whoever holds
    `permission`."""
    if within(by, alone, amount, on=on):
        return do()
    return ask(
        kind=kind, subject=subject, account=account, amount=amount, summary=summary, proposal=proposal,
        permission=permission, remark=remark, by=by, at=at,
    )  # fmt: skip


@in_transaction
def approve(*, approval: Approval, by: Actor, at: datetime, remark: str = "") -> Approval:
    """Do what was asked. The asker can't approve; a proposal is decided once."""
    waiting = _waiting(approval)
    if waiting.asked_by == by:
        raise CannotDecide("Nobody approves their own request. Ask a colleague.")
    _refuse_beyond_limit(waiting, by, on=at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date())
    decided = _decide(waiting, Approval.State.APPROVED, by=by, at=at, remark=remark)
    _handlers[decided.kind](decided, by=by, at=at)
    return decided


@in_transaction
def refuse(*, approval: Approval, by: Actor, at: datetime, remark: str) -> Approval:
    if not remark.strip():
        raise CannotDecide("Say why: the person who asked will read it.")
    return _turn_down(_waiting(approval), Approval.State.REFUSED, by=by, at=at, remark=remark)


@in_transaction
def withdraw(*, approval: Approval, by: Actor, at: datetime) -> Approval:
    waiting = _waiting(approval)
    if waiting.asked_by != by:
        raise CannotDecide("Only the person who asked can withdraw the request.")
    return _turn_down(waiting, Approval.State.WITHDRAWN, by=by, at=at, remark="")


def _turn_down(approval: Approval, state: Approval.State, *, by: Actor, at: datetime, remark: str) -> Approval:
    done = _decide(approval, state, by=by, at=at, remark=remark)
    if handler := _refusals.get(done.kind):
        handler(done, by=by, at=at)
    return done


def _refuse_beyond_limit(approval: Approval, by: Actor, *, on: date) -> None:
    if approval.amount is None:
        return
    limit = limit_of(by, approval.permission, on=on)
    if limit is None:
        raise CannotDecide("You have no limit for this kind of request. Ask somebody who has.")
    if approval.amount.cents > limit.cents:
        raise CannotDecide(f"{approval.amount} is over your limit of {limit}. Somebody with a higher limit decides.")


def _waiting(approval: Approval) -> Approval:
    found = Approval.objects.select_for_update(of=("self",)).get(pk=approval.pk)
    if found.state != Approval.State.WAITING:
        raise CannotDecide(f"This request was already {found.get_state_display().lower()}.")
    return found


def _decide(approval: Approval, state: Approval.State, *, by: Actor, at: datetime, remark: str) -> Approval:
    approval.state, approval.decided_by, approval.decided_at = state, by, at
    approval.decide_remark = write_remark(remark, at=at) if remark else None
    approval.save(update_fields=["state", "decided_by", "decided_at", "decide_remark"])
    record(
        f"platform.approval.{state.value}", subject=approval.subject, account=approval.account, by=by, at=at,
        kind=approval.kind, approval=approval.pk,
    )  # fmt: skip
    return approval
