"""Accounts without service that owe: how much, since when, what was done, and what a write-off would take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Sum

from lamplighter.accounts.models import Account, AccountRole, Agreement
from lamplighter.accounts.types import TYPES, AgreementKind
from lamplighter.credit.models import Agency, Referral, WriteOff
from lamplighter.credit.queries.standing import arrangement_of
from lamplighter.credit.rules.writingoff import AgencyLoad, CannotWriteOff, OffPart, WriteOffDraft, by_code
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.ledger.queries import balances
from lamplighter.payments.queries import owed_by

SERVICE = [kind for kind, one in TYPES.items() if one.rated]
NOT_WRITTEN_OFF = {
    AgreementKind.PRE_PETITION,
    AgreementKind.WRITE_OFF,
    AgreementKind.ARRANGEMENT,
    AgreementKind.DEPOSIT,
    AgreementKind.CHARITY,
    AgreementKind.FORGIVENESS,
}
MADE_OF = """
SELECT o.code_id, -sum(o.payoff) FROM ledger_posting o
WHERE o.subledger_id IS NULL AND o.entry_id IN (
  SELECT p.entry_id FROM ledger_posting p WHERE p.subledger_id = %s AND p.owed_on = %s
) GROUP BY o.code_id
"""


def without_service(*, on: date) -> QuerySet[Account]:
    """Accounts that had service, and have none from this day on."""
    services = Agreement.objects.filter(account=OuterRef("pk"), kind__in=SERVICE, cancelled_at__isnull=True)
    runs = services.filter(period__endswith__isnull=True) | services.filter(period__endswith__gt=on)
    return Account.objects.filter(Exists(services)).filter(~Exists(runs))


def are_closed(accounts: Collection[int], *, on: date) -> set[int]:
    """Which of these have no service any more; one query."""
    return set(without_service(on=on).filter(pk__in=accounts).values_list("pk", flat=True))


def draft_write_off(account: Account, *, on: date) -> WriteOffDraft:
    """Everything that the account owes for service and charges, by agreement, age and code. Raises CannotWriteOff."""
    if not without_service(on=on).filter(pk=account.pk).exists():
        raise CannotWriteOff("Service runs on this account: its debt is collected, not written off.")
    if arrangement_of(account) is not None:
        raise CannotWriteOff("A payment plan runs. It ends first.")
    agreements = {a.pk: a for a in account.agreements.all()}
    parts: list[OffPart] = []
    for one in owed_by(account):
        agreement = agreements[one.agreement]
        if AgreementKind(agreement.kind) in NOT_WRITTEN_OFF:
            continue
        charged = made_of(agreement.subledger_id, one.owed_on)
        parts += [
            OffPart(agreement.pk, one.owed_on, code, amount) for code, amount in by_code(one.amount, charged).items()
        ]
    if not parts:
        raise CannotWriteOff("Nothing is owed that could be written off.")
    return WriteOffDraft(account.pk, tuple(sorted(parts, key=lambda p: (p.owed_on, p.agreement, p.code))))


def owed_of(write_off: WriteOff) -> Money:
    """What is still owed of a written-off debt."""
    key = write_off.agreement.subledger_id
    return balances([key])[key].payoff


def agency_loads(*, on: date) -> list[AgencyLoad]:
    """Every agency that takes debts, with what it has; one query."""
    placed: Mapping[str, Money] = defaultdict(lambda: ZERO) | dict(
        Referral.objects.filter(ended_on__isnull=True).values_list("agency").annotate(Sum("amount"))
    )
    open_ = Agency.objects.filter(ended_on__isnull=True) | Agency.objects.filter(ended_on__gt=on)
    return [AgencyLoad(one.pk, placed.get(one.pk, ZERO)) for one in open_]


def referral_of(account: Account) -> Referral | None:
    """The one that runs."""
    found = Referral.objects.filter(write_off__account=account, ended_on__isnull=True)
    return found.select_related("agency", "write_off__agreement").first()


def homes_for(account: Account, *, on: date) -> list[Account]:
    """Other accounts of the same customer that have service: where an old debt can be asked for."""
    people = AccountRole.objects.filter(account=account, role=AccountRole.Role.MAIN).values("person")
    theirs = AccountRole.objects.filter(person__in=people, role=AccountRole.Role.MAIN, period__contains=on)
    running = Agreement.objects.filter(account=OuterRef("pk"), kind__in=SERVICE, period__contains=on)
    found = Account.objects.filter(pk__in=theirs.values("account")).filter(Exists(running)).exclude(pk=account.pk)
    return list(found.order_by("pk"))


def old_debts(account: Account, *, on: date) -> list[tuple[Account, Money]]:
    """What the account's customer still owes elsewhere, written off or not: accounts without service and how much. What
    is from before a petition is asked for by nobody (11 USC 362)."""
    people = AccountRole.objects.filter(account=account, role=AccountRole.Role.MAIN).values("person")
    others = AccountRole.objects.filter(person__in=people, role=AccountRole.Role.MAIN).values("account")
    found = []
    for one in without_service(on=on).filter(pk__in=others).exclude(pk=account.pk).order_by("pk"):
        keys = one.agreements.exclude(kind=AgreementKind.PRE_PETITION).values_list("subledger", flat=True)
        owes = total(each.payoff for each in balances(list(keys)).values())
        if owes > ZERO and not WriteOff.objects.filter(account=one, reason=WriteOff.Reason.DISCHARGED).exists():
            found.append((one, owes))
    return found


def made_of(subledger: int, owed_on: date) -> dict[str, Money]:
    """What a debt of a day was charged for: by the codes of the entries that raised it."""
    with connection.cursor() as cursor:
        cursor.execute(MADE_OF, [subledger, owed_on])
        return {code: Money(int(cents)) for code, cents in cursor.fetchall()}
