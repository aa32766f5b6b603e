"""Which written-off debts the next file to the bureaus speaks of, and what it says of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Min

from lamplighter.accounts.models import AccountRole
from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.models import Bankruptcy, FurnishedDebt, FurnishingStop, FurnishingTerms, Hold, WriteOff
from lamplighter.credit.rules.furnishing import Case, Stand, Told, obsolete, to_tell
from lamplighter.customers.models import Person
from lamplighter.formats.agencies.metro2 import Dispute, Status
from lamplighter.kernel.money import Money
from lamplighter.ledger.models import Posting
from lamplighter.ledger.queries import balances

DISPUTED = (HoldKind.DISPUTE, HoldKind.REVIEW)


@dataclass(frozen=True, slots=True)
class Telling:
    """A debt, what the file says of it, how much is owed, and from which day it is late."""

    write_off: WriteOff
    told: Told
    owed: Money
    first_late: date


def furnishing_on(on: date) -> FurnishingTerms | None:
    """None: nothing is furnished on that day."""
    return FurnishingTerms.objects.filter(period__contains=on).first()


def tellings(*, on: date) -> list[Telling]:
    """In the order of write-off; eight queries whatever their number. One that is asked for on another account is told
    of no more."""
    terms = furnishing_on(on)
    if terms is None:
        return []
    debts = _candidates(terms, on)
    last = {one.write_off_id: one for one in FurnishedDebt.objects.filter(write_off__in=debts).order_by("pk")}
    stopped = set(FurnishingStop.objects.filter(write_off__in=debts).values_list("write_off", flat=True))
    stopped |= set(Posting.objects.filter(subledger__agreement__write_off__in=debts, entry__kind="debt-moved")
                   .values_list("subledger__agreement__write_off", flat=True))  # fmt: skip
    stands = balances([one.agreement.subledger_id for one in debts])
    accounts = {one.account_id for one in debts}
    disputed = set(Hold.objects.filter(account__in=accounts, kind__in=DISPUTED, period__contains=on)
                   .values_list("account", flat=True))  # fmt: skip
    cases = {one.account_id: Case(one.chapter, one.outcome)
             for one in Bankruptcy.objects.filter(account__in=accounts).order_by("pk")}  # fmt: skip
    found = []
    for one in debts:
        owed = max(stands[one.agreement.subledger_id].payoff, Money(0))
        before = last.get(one.pk)
        if before is None and owed < terms.least:
            continue
        stand = Stand(owed, one.account_id in disputed, cases.get(one.account_id), one.pk in stopped)
        told = to_tell(stand, _told(before) if before else None)
        if told is not None:
            found.append(Telling(one, told, owed, one.first_late))  # type: ignore[attr-defined]
    return found


def _candidates(terms: FurnishingTerms, on: date) -> Sequence[WriteOff]:
    """Debts of people, not of firms, that could not be collected; none that is too new or too old to be told."""
    people = AccountRole.objects.filter(
        role=AccountRole.Role.MAIN, person__kind=Person.Kind.HUMAN, account=F("account")
    ).values("account")
    rows = WriteOff.objects.filter(
        reason=WriteOff.Reason.UNCOLLECTIBLE, written_on__lte=on - timedelta(days=terms.wait_days), account__in=people
    )
    rows = rows.select_related("account", "agreement").annotate(first_late=Min("parts__owed_on")).order_by("pk")
    return [one for one in rows if not obsolete(one.first_late, on=on)]


def _told(row: FurnishedDebt) -> Told:
    return Told(Status(row.status), Dispute(row.dispute), row.indicator)
