"""Cases: what a petition would divide, what is left of a debt from before one, and which are open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Subquery

from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.models import Bill, Segment
from lamplighter.billing.queries.deposits import deposit_of
from lamplighter.credit.models import Bankruptcy
from lamplighter.credit.queries.closed import made_of
from lamplighter.credit.queries.forgiving import forgiveness_of
from lamplighter.credit.queries.forgiving import left_of as left_set_aside
from lamplighter.credit.queries.standing import arrangement_of
from lamplighter.credit.rules.arranging import Part, going_home
from lamplighter.credit.rules.bankruptcy import (
    CHAPTERS,
    AssurancePolicy,
    CannotFile,
    CaseDays,
    Chapter,
    Owing,
    Served,
    Split,
    assurance,
    days_of,
    moves_again,
    split,
)
from lamplighter.credit.rules.writingoff import OffPart, WriteOffDraft, by_code
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.ledger.models import Posting
from lamplighter.ledger.queries import balances
from lamplighter.payments.queries import owed_by
from lamplighter.platform.queries.policies import policy_in_force

STAYS = {
    AgreementKind.ARRANGEMENT,
    AgreementKind.DEPOSIT,
    AgreementKind.CHARITY,
    AgreementKind.FORGIVENESS,
    AgreementKind.PRE_PETITION,
    AgreementKind.WRITE_OFF,
}
"""What a petition does not move: money that is not a debt to us, and what an earlier write-off took already."""


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """What entering a petition does: the split, the days, and what is asked for as assurance."""

    chapter: Chapter
    days: CaseDays
    parts: tuple[Split, ...]
    assurance: Money
    deposit: Money

    @property
    def before(self) -> Money:
        return total(part.before for part in self.parts)

    @property
    def after(self) -> Money:
        return total(part.after for part in self.parts)


def draft_case(account: Account, *, chapter: int, filed_on: date, order_on: date, on: date) -> CaseDraft:
    """As it would be entered now. Raises CannotFile."""
    if filed_on > on:
        raise CannotFile("A petition of a later day is not filed yet.")
    of = CHAPTERS.get(chapter)
    if of is None:
        raise CannotFile("Choose a chapter: 7, 11, 12 or 13.")
    days = days_of(of, filed_on=filed_on, relief_on=order_on)
    bills = Bill.objects.filter(account=account).exclude(kind=Bill.Kind.INVOICE).order_by("id")
    held = deposit_of(account)
    asked = assurance([bill.charges for bill in bills], policy_in_force(AssurancePolicy, on=on))
    return CaseDraft(
        of, days, split(list(_owing(account)), filed_on=filed_on), asked, held.held if held else ZERO
    )  # fmt: skip


def case_of(account: Account) -> Bankruptcy | None:
    """The one that is open."""
    return Bankruptcy.objects.filter(account=account, ended_on__isnull=True).select_related("agreement", "hold").first()


def left_of(case: Bankruptcy) -> Money:
    """What is left of the debt from before the filing."""
    key = case.agreement.subledger_id
    return balances([key])[key].payoff


@dataclass(frozen=True, slots=True)
class Again:
    """A debt of an age whose bills are not what they were when the case was entered; `by` is the newest of them."""

    agreement: int
    owed_on: date
    amount: Money
    by: Segment


def to_divide(case: Bankruptcy) -> list[Again]:
    """Bills made, cancelled or made again since the case was entered, for days over or before the filing: how much
    more (or, below zero, less) is from before it than was moved. Nothing where all is divided; three queries."""
    moved: dict[tuple[int, date], Money] = defaultdict(lambda: ZERO)
    entered: dict[tuple[int, date], Money] = defaultdict(lambda: ZERO)
    for debt in case.debts.all():
        moved[debt.agreement_id, debt.owed_on] += debt.amount
        if debt.segment_id is None:
            entered[debt.agreement_id, debt.owed_on] += debt.amount
    then: dict[tuple[int, date], Money] = defaultdict(lambda: ZERO)
    now: dict[tuple[int, date], Money] = defaultdict(lambda: ZERO)
    newest: dict[tuple[int, date], Segment] = {}
    for segment, owed_on in _charged(case.account):
        key, share = (segment.agreement_id, owed_on), _served(segment).before(case.filed_on)
        newest[key] = segment
        now[key] += share if segment.cancelled_at is None else ZERO
        if segment.bill.issued_at <= case.entered_at and not _cancelled_by(segment, case.entered_at):
            then[key] += share
    found, left = [], left_of(case)
    for key, segment in newest.items():
        amount = moves_again(entered[key], moved[key], then=then[key], now=now[key], left=left)
        if amount:
            found.append(Again(*key, amount, segment))
            left += amount
    return found


def parts_of(case: Bankruptcy) -> list[Part]:
    """The debts that were moved, by agreement and age, with what later bills changed."""
    sums: dict[tuple[int, date], Money] = defaultdict(lambda: ZERO)
    for debt in case.debts.all():
        sums[debt.agreement_id, debt.owed_on] += debt.amount
    parts = [Part(agreement, owed_on, amount) for (agreement, owed_on), amount in sums.items() if amount > ZERO]
    return sorted(parts, key=lambda part: (part.owed_on, part.agreement))


def draft_discharge(case: Bankruptcy) -> WriteOffDraft:
    """What is left of the debt, by age and code, as a discharge writes it off."""
    homes = {a.pk: a for a in Agreement.objects.filter(pk__in=case.debts.values("agreement"))}
    parts: list[OffPart] = []
    for one in going_home(parts_of(case), left_of(case)):
        charged = made_of(homes[one.agreement].subledger_id, one.owed_on)
        parts += [
            OffPart(case.agreement_id, one.owed_on, code, amount)
            for code, amount in by_code(one.amount, charged).items()
        ]
    return WriteOffDraft(case.account_id, tuple(sorted(parts, key=lambda p: (p.owed_on, p.code))))


def _owing(account: Account) -> Iterator[Owing]:
    """Every open debt with the service that was charged at its age."""
    kinds = dict(account.agreements.values_list("pk", "kind"))
    charged: dict[tuple[int, date], list[Served]] = defaultdict(list)
    for segment, owed_on in _charged(account):
        if segment.cancelled_at is None:
            charged[segment.agreement_id, owed_on].append(_served(segment))
    debts = [Part(one.agreement, one.owed_on, one.amount) for one in owed_by(account)]
    for one in (*debts, *_arranged(account), *_set_aside(account)):
        if AgreementKind(kinds[one.agreement]) in STAYS:
            continue
        yield Owing(one.agreement, one.owed_on, one.amount, tuple(charged[one.agreement, one.owed_on]))


def _arranged(account: Account) -> list[Part]:
    """What a plan that runs would send home: the petition ends it."""
    plan = arrangement_of(account)
    if plan is None:
        return []
    key = plan.agreement.subledger_id
    debts = [Part(d.agreement_id, d.owed_on, d.amount) for d in plan.debts.all()]
    return going_home(debts, max(balances([key])[key].payoff, ZERO))


def _set_aside(account: Account) -> list[Part]:
    """The same of debt that is set aside to be forgiven."""
    row = forgiveness_of(account)
    if row is None:
        return []
    return going_home([Part(d.agreement_id, d.owed_on, d.amount) for d in row.debts.all()], left_set_aside(row))


def _charged(account: Account) -> list[tuple[Segment, date]]:
    """Every segment that asked for something, in the order of bills, with the day from which its debt ages (a
    correction's is that of the bill that it replaced); one query."""
    age = Posting.objects.filter(entry=OuterRef("entry"), subledger=OuterRef("agreement__subledger"))
    rows = Segment.objects.filter(agreement__account=account, total__gt=0).select_related("bill").order_by("pk")
    return [(one, one.owed_on) for one in rows.annotate(owed_on=Subquery(age.values("owed_on")[:1])) if one.owed_on]


def _served(segment: Segment) -> Served:
    return Served(segment.total, segment.period.start, segment.period.closed_end)


def _cancelled_by(segment: Segment, moment: datetime) -> bool:
    return segment.cancelled_at is not None and segment.cancelled_at <= moment
