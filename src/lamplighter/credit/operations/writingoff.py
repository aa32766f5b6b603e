"""Write a debt off as it was shown, by a second person's word unless small; codes get back what comes later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.types import AgreementKind
from lamplighter.credit.kinds import WRITE_OFF
from lamplighter.credit.models import Process, Recovery, WriteOff, WrittenOffPart
from lamplighter.credit.operations.collecting import end_process
from lamplighter.credit.queries.closed import draft_write_off, owed_of
from lamplighter.credit.rules.writingoff import (
    OTHERWISE,
    CannotWriteOff,
    WriteOffDraft,
    WriteOffPolicy,
    recovered_by_code,
)
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.models import Code
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.platform.models import Approval
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.events import record
from lamplighter.platform.queries.policies import policy_in_force
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.worklist.operations import finish_where

APPROVAL, BY_ANOTHER = "credit.write-off", "credit.decide"
CONTRA, RECEIVABLE = "written-off-contra", "receivable-written-off"


@in_transaction
def propose(
    *, account: Account, draft: WriteOffDraft, reason: str, on: date, by: Actor, at: datetime, remark: str = ""
) -> WriteOff | Approval:
    """Put exactly this draft before a second person; what is too small to collect needs none."""
    _refuse_stale(account, draft, on)
    if draft.total <= policy_in_force(WriteOffPolicy, on=on).small:
        return write_off(account=account, draft=draft, reason=WriteOff.Reason.SMALL, on=on, by=by, at=at)
    return approvals.ask(
        kind=APPROVAL, subject=account.subject, account=account.pk, amount=draft.total, permission=BY_ANOTHER,
        summary=f"Write off {draft.total} of account {account.number}", remark=remark, by=by, at=at,
        proposal={"account": account.pk, "digest": draft.digest, "cents": draft.total.cents, "reason": reason},
    )  # fmt: skip


@approvals.on_approval(APPROVAL)
def approved(approval: Approval, *, by: Actor, at: datetime) -> None:
    """What was proposed, if it is still what is owed; otherwise nothing, and the words say so."""
    asked, on = approval.proposal, at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
    account = Account.objects.get(pk=asked["account"])
    try:
        draft = draft_write_off(account, on=on)
    except CannotWriteOff as refused:
        raise approvals.CannotDecide(str(refused)) from refused
    if draft.digest != asked["digest"]:
        raise approvals.CannotDecide("What is owed has changed since this was proposed. Refuse it, and propose anew.")
    write_off(account=account, draft=draft, reason=asked["reason"], on=on, by=by, at=at)


@in_transaction
def write_off(
    *, account: Account, draft: WriteOffDraft, reason: str, on: date, by: Actor, at: datetime
) -> WriteOff:  # fmt: skip
    """Exactly this draft, which whoever calls has just made: the debt leaves its agreements for one of its own, at its
    own age; revenue becomes an expense, a tax that was
    never paid is not owed on. Collection ends."""
    advisory_lock(f"account:{account.pk}")
    tracked = accounts.start_agreement(account=account, kind=AgreementKind.WRITE_OFF, on=on, by=by, at=at)
    asked = reason != WriteOff.Reason.DISCHARGED
    entry = ledger.post(draft=_entry(draft, tracked, on, asked=asked), at=at, by=by)
    made = WriteOff.objects.create(
        account=account, agreement=tracked, amount=draft.total, reason=reason, entry_id=entry, written_on=on,
        made_at=at, made_by=by,
    )  # fmt: skip
    WrittenOffPart.objects.bulk_create(
        WrittenOffPart(write_off=made, agreement_id=p.agreement, owed_on=p.owed_on, code_id=p.code, amount=p.amount)
        for p in draft.parts
    )
    for process in Process.objects.filter(account=account, ended_on__isnull=True):
        end_process(process=process, outcome="written off", on=on, by=by, at=at)
    finish_where(subjects=[account.subject], by=by, at=at, kind=WRITE_OFF.key)
    record(
        "credit.debt.written_off", subject=made.subject, account=account.pk, by=by, at=at, reason=reason,
        cents=made.amount.cents,
    )  # fmt: skip
    return made


@in_transaction
def recover(*, write_off: WriteOff, source: str, on: date, by: Actor, at: datetime) -> Money:
    """What came (or was returned) since the last time, given back to the codes that it was written off from; how
    much. `source` names what brought it."""
    advisory_lock(f"account:{write_off.account_id}")
    before = total(one.amount for one in Recovery.objects.filter(write_off=write_off))
    now: Money = write_off.amount - owed_of(write_off)
    if now == before:
        return ZERO
    parts: dict[str, Money] = defaultdict(lambda: ZERO)
    for part in write_off.parts.all():
        parts[part.code_id] += part.amount
    back = recovered_by_code(parts, before=before, now=now)
    to = _targets(parts)
    legs = [Leg(CONTRA, now - before, component="recovery")]
    legs += [Leg(to[code], -amount, component=code) for code, amount in back.items()]
    entry = ledger.post(draft=Draft(f"recovery:{write_off.pk}:{source}", "recovery", on, tuple(legs)), at=at, by=by)
    Recovery.objects.create(
        write_off=write_off, amount=now - before, entry_id=entry, recovered_on=on, recorded_at=at, recorded_by=by
    )
    record(
        "credit.debt.recovered", subject=write_off.subject, account=write_off.account_id, by=by, at=at,
        cents=(now - before).cents,
    )  # fmt: skip
    return now - before


def _refuse_stale(account: Account, draft: WriteOffDraft, on: date) -> None:
    if draft_write_off(account, on=on).digest != draft.digest:
        raise CannotWriteOff("What is owed has changed since this was shown. Look at it again.")


def _entry(draft: WriteOffDraft, tracked: Agreement, on: date, *, asked: bool) -> Draft:
    """`asked`: the customer still owes it. What was discharged is tracked, and asked for by nobody."""
    owing = {a.pk: a for a in Agreement.objects.filter(pk__in=[part.agreement for part in draft.parts])}
    to = _targets({part.code for part in draft.parts})
    legs = []
    for part in draft.parts:
        home = owing[part.agreement]
        legs += [
            Leg(
                home.type.control_code,
                -part.amount,
                home.subledger_id,
                component=part.code,
                current=ZERO if _silent(home) else None,
                owed_on=None if _silent(home) else part.owed_on,
            ),
            Leg(
                RECEIVABLE,
                part.amount,
                tracked.subledger_id,
                component=part.code,
                current=None if asked else ZERO,
                owed_on=part.owed_on if asked else None,
            ),
            Leg(to[part.code], part.amount, component=part.code),
            Leg(CONTRA, -part.amount, component=part.code),
        ]
    return Draft(f"write-off:{tracked.pk}", "write-off", on, tuple(legs))


def _silent(home: Agreement) -> bool:
    """Where nothing is asked for, nothing that is asked for goes away."""
    return home.kind == AgreementKind.PRE_PETITION


def _targets(codes: Mapping[str, Money] | set[str]) -> dict[str, str]:
    """Which code bears each: a liability (a tax that we collect for others) itself, everything else the expense."""
    kinds = dict(Code.objects.filter(pk__in=list(codes)).values_list("pk", "kind"))
    return {code: code if kinds.get(code) == Code.Kind.LIABILITY else OTHERWISE for code in codes}
