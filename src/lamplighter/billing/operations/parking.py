"""Park what a run cannot bill, and keep trial bills."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from lamplighter.accounts.models import Agreement
from lamplighter.billing.kinds import PARKED
from lamplighter.billing.models import CycleWindow, Parked, TrialBill
from lamplighter.billing.operations.issuing import BillDraft
from lamplighter.billing.queries.drafts import Refused
from lamplighter.kernel.actors import Actor
from lamplighter.platform.transactions import in_transaction
from lamplighter.worklist.operations import Draft, finish_where, raise_items

WAITING = """
SELECT EXISTS (SELECT FROM billing_parked WHERE agreement_id = ANY(%(agreements)s::bigint[]) AND state = 'open')
  OR EXISTS (SELECT FROM worklist_item WHERE ended_at IS NULL AND kind = %(kind)s AND subject = ANY(ARRAY(
    SELECT 'agreement:' || id FROM unnest(%(agreements)s::bigint[]) AS id)))
"""
"""Of most batches nothing is parked."""


@in_transaction
def park(*, window: CycleWindow, refused: Sequence[Refused], by: Actor, at: datetime) -> None:
    """Keep why agreements were not billed, and put them before a person. The newest reason counts."""
    newest = {one.occasion.agreement.pk: one for one in refused}
    waiting = Parked.objects.filter(window=window, agreement__in=newest, state=Parked.State.OPEN)
    known = {row.agreement_id: row for row in waiting}
    rows = [known.get(pk) or Parked(window=window, agreement=one.occasion.agreement) for pk, one in newest.items()]
    for row, one in zip(rows, newest.values(), strict=True):
        row.code, row.message, row.evidence, row.parked_at = one.why.code, str(one.why), one.why.evidence, at
    Parked.objects.bulk_update(known.values(), ["code", "message", "evidence", "parked_at"])
    Parked.objects.bulk_create(row for pk, row in zip(newest, rows, strict=True) if pk not in known)
    raise_items(drafts=[_matter(one, window) for one in newest.values()], by=by, at=at)


@in_transaction
def unpark(*, window: CycleWindow | None, agreements: Sequence[Agreement], by: Actor, at: datetime) -> None:
    """What was parked, in this window or in any, and is billed now: nobody needs to look any more."""
    pks = [agreement.id for agreement in agreements]
    with connection.cursor() as cursor:
        cursor.execute(WAITING, {"agreements": pks, "kind": PARKED.key})
        ((waiting,),) = cursor.fetchall()
    if not waiting:
        return
    rows = Parked.objects.filter(agreement__in=pks, state=Parked.State.OPEN)
    parked = rows if window is None else rows.filter(window=window)
    parked.update(state=Parked.State.BILLED, settled_at=at, settled_by=by)
    finish_where(subjects=[agreement.subject for agreement in agreements], kind=PARKED.key, by=by, at=at)


@in_transaction
def keep_trials(*, window: CycleWindow, drafts: Sequence[BillDraft], at: datetime) -> None:
    """Throw the trial bills of these accounts away and keep the new ones."""
    TrialBill.objects.filter(window=window, account__in=[draft.account for draft in drafts]).delete()
    TrialBill.objects.bulk_create(
        TrialBill(
            window=window, account=draft.account, total=draft.total,
            statements=[segment.statement for segment in draft.segments], computed_at=at,
        )
        for draft in drafts
    )  # fmt: skip


def _matter(one: Refused, window: CycleWindow) -> Draft:
    agreement = one.occasion.agreement
    return Draft(
        PARKED.key, agreement.subject, f"{one.why.code}: cycle {window.cycle_id}, {window.month:%B %Y}",
        account=agreement.account_id, dedupe=f"{agreement.subject}:{window.pk}", data={"window": window.pk},
    )  # fmt: skip
