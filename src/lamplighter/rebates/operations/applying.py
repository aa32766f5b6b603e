"""Take an application, decide it by the manual, and reserve its money; papers, and that the work is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.platform.models import StoredFile
from lamplighter.platform.numbering import next_number
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.rebates.models import AppliedIncentive, RebateApplication, RebatePaper
from lamplighter.rebates.operations.budgeting import let_go, reserve
from lamplighter.rebates.operations.moving import locked, move
from lamplighter.rebates.queries.offers import RebateDraft, RebateIn, draft_rebate
from lamplighter.rebates.queries.standing import missing_papers
from lamplighter.rebates.rules.qualifying import PaperKind, Way, too_early
from lamplighter.rebates.rules.stages import CannotRebate, State
from lamplighter.rebates.rules.worth import worth

BEFORE_WORK = frozenset({State.QUEUED, State.RESERVED})


@in_transaction
def apply_for_rebate(*, asked: RebateIn, shown: str, on: date, by: Actor, at: datetime) -> RebateApplication:
    """Write exactly the draft whose digest was `shown`; refused where it came to something else meanwhile."""
    advisory_lock(f"agreement:{asked.agreement.pk}")
    if asked.way is Way.CONTRACTOR and asked.contractor is None:
        raise CannotRebate("Say which contractor is to be paid.")
    draft = draft_rebate(asked, on=on)
    if draft.digest != shown:
        raise CannotRebate("It comes to something else by now. Look at it again.")
    made = _write(draft, on=on, by=by, at=at)
    record(
        "rebates.application.received", subject=made.subject, account=made.account_id, by=by, at=at,
        number=made.number, measure=asked.measure.name, cents=draft.amount.cents, outcome=draft.outcome.value,
    )  # fmt: skip
    if draft.outcome is State.RESERVED:
        try_to_reserve(application=made, on=on, by=by, at=at)
        made.refresh_from_db()
    return made


@in_transaction
def try_to_reserve(*, application: RebateApplication, on: date, by: Actor, at: datetime) -> bool:
    """Reserve the money of one that waits for it; it goes on waiting where the budget does not hold it."""
    live = locked(application)
    if live.stage is not State.QUEUED or live.budget is None:
        return False
    if not reserve(budget=live.budget, application=live, on=on, by=by, at=at):
        return False
    live.done_by = on + timedelta(days=live.terms.work_days)
    move(live, State.RESERVED, "reserved", on=on, by=by, at=at, fields=("done_by",), cents=live.amount.cents)
    return True


@in_transaction
def bring_rebate_papers(
    *, application: RebateApplication, kind: PaperKind, files: Sequence[StoredFile], by: Actor, at: datetime
) -> None:
    """Keep papers. The same file of a kind twice changes nothing."""
    live = locked(application)
    if live.stage not in {State.QUEUED, State.RESERVED, State.REVIEW}:
        raise CannotRebate(f"It is {live.stage.label.lower()}: no papers are taken any more.")
    for file in files:
        RebatePaper.objects.get_or_create(
            application=live, kind=kind, file=file, defaults={"received_at": at, "received_by": by}
        )
    record(
        "rebates.papers.received", subject=live.subject, account=live.account_id, by=by, at=at, number=live.number,
        kind=kind.value, count=len(files),
    )  # fmt: skip


@in_transaction
def tell_done(
    *,
    application: RebateApplication,
    installed_on: date,
    quantity: Decimal,
    cost: Money,
    on: date,
    by: Actor,
    at: datetime,
) -> RebateApplication:
    """The work is done and its papers are in: from here the desk goes on. What is more than was reserved for is not
    paid; what is less lets the rest of the money go."""
    live = locked(application)
    if live.stage is not State.RESERVED:
        raise CannotRebate(f"It is {live.stage.label.lower()}, and waits for {live.stage.waits_for}.")
    if installed_on > on:
        raise CannotRebate("The work is not done yet on that day: the day lies ahead.")
    if early := too_early(installed_on, received_on=live.received_on):
        raise CannotRebate(f"{early} What would have been done anyway has no rebate: deny it.")
    if lacking := missing_papers(live):
        raise CannotRebate(f"Still to be brought: {', '.join(kind.said for kind in lacking)}.")
    worked = worth(live.entry.rate, quantity, cost=cost, others=live.others)
    if worked.amount.cents <= 0:
        raise CannotRebate("With that quantity and cost nothing is left to pay. Withdraw or deny it.")
    live.installed_on, live.quantity_done, live.cost_done = installed_on, quantity, cost
    lower(live, worked.amount, on=on, by=by, at=at)
    move(live, State.REVIEW, "completed", on=on, by=by, at=at, cents=live.amount.cents,
         fields=("installed_on", "quantity_done", "cost_done", "amount"))  # fmt: skip
    return live


def lower(application: RebateApplication, amount: Money, *, on: date, by: Actor, at: datetime) -> None:
    """Hold the amount to what it comes to now, and let the rest go. It is never raised."""
    if amount < application.amount:
        let_go(application=application, amount=application.amount - amount, on=on, by=by, at=at)
        application.amount = amount


def _write(draft: RebateDraft, *, on: date, by: Actor, at: datetime) -> RebateApplication:
    asked = draft.asked
    state = State.DENIED if draft.refused else State.QUEUED
    made = RebateApplication.objects.create(
        number=next_number("rebate"), entry=draft.entry, terms=draft.terms, account=asked.agreement.account,
        agreement=asked.agreement, budget=draft.budget, contractor=asked.contractor, way=asked.way,
        quantity=asked.quantity, cost=asked.cost, others=draft.stack.from_others, amount=draft.amount,
        received_on=on, received_at=at, received_by=by, state=state, since=on,
        reasons=write_remark("\n".join(draft.refused or draft.stack.ours.says), at=at),
    )  # fmt: skip
    rows = {row.pk: row for row in asked.incentives}
    AppliedIncentive.objects.bulk_create(
        AppliedIncentive(application=made, incentive=rows[other.key], amount=amount)
        for other, amount in draft.stack.others
    )
    return made
