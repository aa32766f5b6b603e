"""Move a command one step on, and tell its account."""

from __future__ import annotations

from datetime import datetime

from lamplighter.kernel.actors import Actor
from lamplighter.network.kinds import NOT_DONE
from lamplighter.network.models import Command, CommandStep
from lamplighter.network.types import FAILED, FINAL, NEXT, TIMED_OUT
from lamplighter.platform.operations.events import record
from lamplighter.worklist.operations import Draft, raise_items

VERBS = {"completed": "completed", "failed": "failed", "timed-out": "timed_out"}


def locked(command: Command) -> Command:
    """The command as it is now, held until the transaction ends."""
    rows = Command.objects.select_for_update(of=("self",)).select_related("meter", "point", "head_end", "account")
    return rows.get(pk=command.pk)


def step(command: Command, to: str, *, by: Actor, at: datetime, words: str = "") -> Command:
    """Write the step; the database moves the state with it. A final one tells the account, and a person when a switch
    was not moved."""
    serial = command.steps.count() + 1
    was = command.state if serial > 1 else ""
    assert to in NEXT[was], f"a command does not go from {was!r} to {to!r}"
    ended = {"ended_at": at, "next_at": None, "words": words[:200]} if to in FINAL else {}
    CommandStep.objects.create(command=command, serial=serial, was=was, state=to, at=at, by=by, words=words[:200])
    command.state = to
    if ended:
        command.ended_at, command.next_at, command.words = at, None, words[:200]
        _tell(command, to, by=by, at=at)
    return command


def _tell(command: Command, to: str, *, by: Actor, at: datetime) -> None:
    record(
        f"network.command.{VERBS[to]}", subject=command.subject, account=command.account_id, by=by, at=at,
        act=command.act, meter=command.meter.badge, words=command.words,
        seconds=round((at - command.asked_at).total_seconds()),
    )  # fmt: skip
    if command.switches and to in {FAILED, TIMED_OUT}:
        words = f"{command.get_act_display()}, meter {command.meter.badge}: {command.words or 'no answer'}"
        raise_items(
            drafts=[Draft(NOT_DONE.key, command.subject, words[:200], account=command.account_id)], by=by, at=at
        )
