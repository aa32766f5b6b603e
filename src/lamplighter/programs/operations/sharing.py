"""Begin a plan by share of income, and let its fund bear what each bill is beyond the household's part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Sum

from lamplighter.accounts.models import Agreement
from lamplighter.billing.models import Adjustment, Segment
from lamplighter.billing.operations.adjusting import adjust
from lamplighter.billing.operations.issuing import BillDraft
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction
from lamplighter.programs.models import BorneShare, Enrollment, IncomePlan
from lamplighter.programs.rules.qualifying import CannotApply
from lamplighter.programs.rules.sharing import Billed, borne, yearly_of


@in_transaction
def begin_income_plan(
    *, enrollment: Enrollment, income: Money | None, share: Decimal, by: Actor, at: datetime
) -> IncomePlan:
    """From the enrollment's first day. Raises CannotApply where nobody said what the household's income is."""
    if income is None:
        raise CannotApply("A share of income can't be taken: nobody said what the household's income of a year is.")
    made = IncomePlan.objects.create(
        enrollment=enrollment, share=share, yearly=yearly_of(income, share), begun_at=at, begun_by=by
    )
    record("programs.income_plan.begun", subject=enrollment.subject, account=enrollment.account_id, by=by, at=at,
           cents=made.yearly.cents, share=str(share))  # fmt: skip
    return made


@in_transaction
def bear_shares(*, bills: Sequence[BillDraft], on: date, by: Actor, at: datetime) -> None:
    """Before bills are issued: each plan's fund bears what all bills of the plan's days call for, these included, less
    what it bore before. So a bill that was corrected meanwhile is put right with the next one. One query where nobody
    has such a plan; whoever calls holds the accounts."""
    drafted: dict[int, list[Billed]] = defaultdict(list)
    for bill in bills:
        for part in bill.segments:
            drafted[part.occasion.agreement.pk].append(Billed(part.occasion.period, part.total))
    rows = IncomePlan.objects.filter(enrollment__agreement__in=list(drafted))
    plans = list(rows.select_related("enrollment__program", "enrollment__agreement__account").order_by("pk"))
    if not plans:
        return
    kept = _kept({plan.enrollment.agreement_id for plan in plans})
    had = dict(BorneShare.objects.filter(plan__in=plans).values_list("plan").annotate(Sum("amount")))
    for plan in plans:
        key = plan.enrollment.agreement_id
        due = borne([*kept[key], *drafted[key]], yearly=plan.yearly, plan=plan.enrollment.period)
        if change := due - had.get(plan.pk, ZERO):
            _bear(plan, change, plan.enrollment.agreement, on=on, by=by, at=at)


def _bear(plan: IncomePlan, change: Money, agreement: Agreement, *, on: date, by: Actor, at: datetime) -> None:
    program, times = plan.enrollment.program, plan.borne.count()
    made = adjust(
        agreement=agreement, kind=Adjustment.Kind.GRANT, amount=-change, against=program.gl_code, on=on, owed_on=on,
        label=f"{program.name}: you pay {plan.share.normalize():f}% of your income", by=by, at=at,
        source=f"income-plan:{plan.pk}:{times + 1}",
    )  # fmt: skip
    BorneShare.objects.create(plan=plan, adjustment=made, amount=change, on=on, at=at, by=by)


def _kept(agreements: set[int]) -> Mapping[int, list[Billed]]:
    """Bills of these services that stand."""
    found: dict[int, list[Billed]] = defaultdict(list)
    rows = Segment.objects.filter(agreement__in=agreements, cancelled_at__isnull=True)
    for key, period, amount in rows.values_list("agreement", "period", "total"):
        found[key].append(Billed(period, amount))
    return found
