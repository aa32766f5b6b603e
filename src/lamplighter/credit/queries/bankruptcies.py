"""Cases: what a petition would divide, what is left of a debt from before one, and which are open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.models import Bill, Segment
from lamplighter.billing.queries.deposits import deposit_of
from lamplighter.credit.models import Bankruptcy, FiledDebt
from lamplighter.credit.queries.closed import made_of
from lamplighter.credit.queries.standing import arrangement_of
from lamplighter.credit.rules.arranging import Part, going_home
from lamplighter.credit.rules.bankruptcy import (
    CHAPTERS,
    CannotFile,
    CaseDays,
    Chapter,
    Owing,
    Split,
    assurance,
    days_of,
    share_before,
    split,
)
from lamplighter.credit.rules.writingoff import OffPart, WriteOffDraft, by_code
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.ledger.queries import balances
from lamplighter.payments.queries import owed_by

STAYS = {
    AgreementKind.ARRANGEMENT,
    AgreementKind.DEPOSIT,
    AgreementKind.CHARITY,
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
    return CaseDraft(
        of, days, split(list(_owing(account)), filed_on=filed_on),
        assurance([bill.charges for bill in bills]), held.held if held else ZERO,
    )  # fmt: skip


def case_of(account: Account) -> Bankruptcy | None:
    """The one that is open."""
    return Bankruptcy.objects.filter(account=account, ended_on__isnull=True).select_related("agreement", "hold").first()


def left_of(case: Bankruptcy) -> Money:
    """What is left of the debt from before the filing."""
    key = case.agreement.subledger_id
    return balances([key])[key].payoff


def to_divide(case: Bankruptcy) -> list[tuple[Segment, Money]]:
    """Bills made since that ran over the filing and are not divided yet, with the part from before it."""
    done = FiledDebt.objects.filter(bankruptcy=case, segment__isnull=False).values("segment")
    rows = Segment.objects.filter(
        agreement__account=case.account_id, cancelled_at__isnull=True, bill__issued_at__gt=case.entered_at,
        period__startswith__lt=case.filed_on,
    ).exclude(pk__in=done)  # fmt: skip
    found = []
    for segment in rows.select_related("bill", "agreement"):
        end = segment.period.end
        assert end is not None
        before = share_before(segment.total, first=segment.period.start, end=end, filed_on=case.filed_on)
        if before > ZERO:
            found.append((segment, before))
    return found


def draft_discharge(case: Bankruptcy) -> WriteOffDraft:
    """What is left of the debt, by age and code, as a discharge writes it off."""
    homes = {a.pk: a for a in Agreement.objects.filter(pk__in=case.debts.values("agreement"))}
    left = [Part(d.agreement_id, d.owed_on, d.amount) for d in case.debts.all()]
    parts: list[OffPart] = []
    for one in going_home(left, left_of(case)):
        charged = made_of(homes[one.agreement].subledger_id, one.owed_on)
        parts += [
            OffPart(case.agreement_id, one.owed_on, code, amount)
            for code, amount in by_code(one.amount, charged).items()
        ]
    return WriteOffDraft(case.account_id, tuple(sorted(parts, key=lambda p: (p.owed_on, p.code))))


def _owing(account: Account) -> Iterator[Owing]:
    """Every open debt with the days of service that it is for, where one bill's segment says them."""
    kinds = dict(account.agreements.values_list("pk", "kind"))
    segments = {
        (one.agreement_id, one.bill.issued_on): one
        for one in Segment.objects.filter(agreement__account=account, cancelled_at__isnull=True).select_related("bill")
    }
    debts = [Part(one.agreement, one.owed_on, one.amount) for one in owed_by(account)]
    for one in (*debts, *_arranged(account)):
        if AgreementKind(kinds[one.agreement]) in STAYS:
            continue
        segment = segments.get((one.agreement, one.owed_on))
        first, end = (segment.period.start, segment.period.end) if segment else (None, None)
        yield Owing(one.agreement, one.owed_on, one.amount, first, end)


def _arranged(account: Account) -> list[Part]:
    """What a plan that runs would send home: the petition ends it."""
    plan = arrangement_of(account)
    if plan is None:
        return []
    key = plan.agreement.subledger_id
    debts = [Part(d.agreement_id, d.owed_on, d.amount) for d in plan.debts.all()]
    return going_home(debts, max(balances([key])[key].payoff, ZERO))
