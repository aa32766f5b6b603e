"""Park what a run cannot bill, keep trial bills, define windows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from lamplighter.accounts.models import Cycle
from lamplighter.billing.models import CycleWindow, Parked, TrialBill
from lamplighter.billing.operations.issuing import BillDraft
from lamplighter.billing.queries.drafts import Refused
from lamplighter.kernel.actors import Actor
from lamplighter.platform.transactions import in_transaction


@in_transaction
def define_window(
    *,
    cycle: Cycle,
    month: date,
    reads_on: date,
    opens_on: date,
    closes_on: date,
    accounting_on: date,
    estimate_on: date | None = None,
    freeze: bool = True,
) -> CycleWindow:
    """Set or change when a cycle is billed in a month."""
    return CycleWindow.objects.update_or_create(
        cycle=cycle, month=month.replace(day=1),
        defaults={
            "reads_on": reads_on, "opens_on": opens_on, "closes_on": closes_on, "accounting_on": accounting_on,
            "estimate_on": estimate_on, "freeze": freeze,
        },
    )[0]  # fmt: skip


@in_transaction
def park(*, window: CycleWindow, refused: Iterable[Refused], at: datetime) -> list[Parked]:
    """Keep why an agreement was not billed. The newest reason counts."""
    parked = []
    for one in refused:
        row, _ = Parked.objects.update_or_create(
            agreement=one.occasion.agreement, window=window, state=Parked.State.OPEN,
            defaults={
                "code": one.why.code, "message": str(one.why), "evidence": one.why.evidence, "parked_at": at,
            },
        )  # fmt: skip
        parked.append(row)
    return parked


@in_transaction
def unpark(*, window: CycleWindow, agreements: Sequence[int], by: Actor, at: datetime) -> int:
    """What was parked and is billed now."""
    return Parked.objects.filter(window=window, agreement__in=agreements, state=Parked.State.OPEN).update(
        state=Parked.State.BILLED, settled_at=at, settled_by=by
    )


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
