"""Which accounts and days are due to be billed in a window."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from django.db import connection
from django.db.models import BooleanField, Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.types import TYPES
from lamplighter.billing.models import CycleWindow, Parked
from lamplighter.billing.queries.drafts import Occasion
from lamplighter.billing.reading_calendar import LONGEST_TURN
from lamplighter.billing.rules import FIRST_SERVICE_DAYS, days_to_bill, shifted_months
from lamplighter.kernel.periods import days
from lamplighter.platform.rows import row_of
from lamplighter.premises.models import Premise

RATED = [type_.kind.value for type_ in TYPES.values() if type_.rated]
SERVED = """
SELECT own.id, own.kind, own.subledger_id, lower(own.period), upper(own.period), account.id, account.number,
  account.customer_class, account.cycle_id, account.dispatch, premise.id, premise.jurisdiction_id
FROM accounts_agreement AS own JOIN LATERAL (
  SELECT id, number, customer_class, cycle_id, dispatch FROM accounts_account WHERE id = own.account_id OFFSET 0
) AS account ON true LEFT JOIN LATERAL (
  SELECT id, jurisdiction_id FROM premises_premise WHERE id = own.premise_id OFFSET 0
) AS premise ON true
WHERE own.account_id = ANY(%s::bigint[]) AND own.kind = ANY(%s) AND own.cancelled_at IS NULL
  AND own.closed_on IS NULL AND lower(own.period) < %s
ORDER BY own.account_id, own.id
"""
"""Accounts and premises are found one by one: of a batch, the planner would read those of everybody, in parallel."""
STILL_TO_BILL = """
SELECT id FROM accounts_account AS account
WHERE id = ANY(%(accounts)s::bigint[]) AND cycle_id = %(cycle)s AND closed_on IS NULL
  AND NOT EXISTS (SELECT FROM billing_bill WHERE account_id = account.id AND window_id + 0 = %(window)s OFFSET 0)
ORDER BY id
"""
DUE = """
EXISTS (SELECT FROM accounts_agreement AS own
  WHERE own.account_id = accounts_account.id AND own.kind = ANY(%s) AND own.cancelled_at IS NULL
    AND own.closed_on IS NULL AND lower(own.period) < %s
    AND NOT EXISTS (
      SELECT FROM billing_segment AS whole WHERE whole.agreement_id = own.id AND whole.cancelled_at IS NULL
        AND upper(whole.period) >= least(upper(own.period), %s) OFFSET 0)
    AND (upper(own.period) <= %s OR lower(own.period) < %s OR EXISTS (
      SELECT FROM billing_segment AS earlier
      WHERE earlier.agreement_id = own.id AND earlier.cancelled_at IS NULL OFFSET 0)) OFFSET 0)
AND NOT EXISTS (SELECT FROM billing_bill WHERE account_id = accounts_account.id AND window_id + 0 = %s OFFSET 0)
"""
BILLED_UNTIL = """
SELECT agreement_id, max(upper(period)) FROM billing_segment
WHERE agreement_id = ANY(%s::bigint[]) AND cancelled_at IS NULL GROUP BY agreement_id
"""


def accounts_to_bill(window: CycleWindow) -> QuerySet[Account]:
    """Accounts of the cycle that the window has not billed, with days of service up to its read day that no bill has
    (`days_to_bill` says which; a first service of a few days waits for the next window). Asked account by account of
    the cycle: else the planner reads the services of everybody, and all that they were ever billed."""
    reads_on = window.reads_on
    settled = reads_on - timedelta(days=FIRST_SERVICE_DAYS)
    due = RawSQL(DUE, [RATED, reads_on, reads_on, reads_on, settled, window.pk], output_field=BooleanField())  # noqa: S611
    return Account.objects.filter(due, cycle=window.cycle_id, closed_on__isnull=True)


def still_to_bill(window: CycleWindow, accounts: Collection[int]) -> list[int]:
    """Those of some accounts that the window has not billed, and that still are in its cycle; `occasions` tells which
    of their days are due. Asked account by account: joined to the bills, or by the index of windows (which `+ 0`
    keeps it from), the planner reads all those of the window, which it takes for few: it has not counted them yet."""
    with connection.cursor() as cursor:
        cursor.execute(STILL_TO_BILL, {"accounts": list(accounts), "window": window.pk, "cycle": window.cycle_id})
        return [int(pk) for (pk,) in cursor.fetchall()]


def never_tried(window: CycleWindow) -> QuerySet[Account]:
    """Accounts to bill that no run has come to: neither billed in the window nor parked in it."""
    parked = Parked.objects.filter(agreement__account=OuterRef("pk"), window=window)
    return accounts_to_bill(window).filter(~Exists(parked))


def occasions(accounts: Sequence[int], *, reads_on: date, month: date) -> dict[int, list[Occasion]]:
    """The days that each account is to be billed for, by account; nothing for those with nothing due yet."""
    rows = _served(accounts, before=reads_on)
    billed_to = billed_until([row.id for row in rows])
    found: dict[int, list[Occasion]] = {}
    for row in rows:
        due = days_to_bill(row.period, billed_to.get(row.id), reads_on)
        if due is not None:
            found.setdefault(row.account_id, []).append(Occasion(row, due.period, due.kind, month))
    return found


def _served(accounts: Sequence[int], *, before: date) -> list[Agreement]:
    """Rated agreements of these accounts that began before a day and are not closed, by account; one query."""
    with connection.cursor() as cursor:
        cursor.execute(SERVED, [list(accounts), RATED, before])
        return [_agreement(*row) for row in cursor.fetchall()]


def _agreement(  # noqa: PLR0917 - the columns of SERVED
    pk: int, kind: str, subledger: int, start: date, end: date | None, account: int, number: str, customer_class: str,
    cycle: str, dispatch: str, premise: int | None, jurisdiction: str,
) -> Agreement:  # fmt: skip
    whose = {"id": account, "number": number, "customer_class": customer_class, "cycle_id": cycle, "dispatch": dispatch}
    place = {"id": premise, "jurisdiction_id": jurisdiction}
    own = {
        "id": pk, "account_id": account, "kind": kind, "premise_id": premise, "subledger_id": subledger,
        "period": days(start, end), "closed_on": None, "cancelled_at": None,
    }  # fmt: skip
    return row_of(
        Agreement, own, account=row_of(Account, whose), premise=row_of(Premise, place) if premise is not None else None
    )


def occasions_until(account: Account, *, until: date) -> list[Occasion]:
    """The days that an account is to be billed for, outside its cycle too, up to (not including) `until`."""
    return occasions([account.pk], reads_on=until, month=month_of(account, until=until)).get(account.pk, [])


def month_of(account: Account, *, until: date) -> date:
    """The month of billing of service days up to (not including) `until`: that of the window of the account's cycle
    in which they are read, on that day or next; past the last window, the month after it; where no window is near,
    the month of the last of the days."""
    windows = CycleWindow.objects.filter(cycle=account.cycle_id)
    next_one = windows.filter(reads_on__range=(until, until + LONGEST_TURN)).order_by("reads_on").first()
    if next_one is not None:
        return next_one.month
    last = windows.filter(reads_on__range=(until - LONGEST_TURN, until)).order_by("-reads_on").first()
    return shifted_months(last.month, 1) if last else (until - timedelta(days=1)).replace(day=1)


def billed_until(agreements: Sequence[int]) -> dict[int, date]:
    """The first day that is not billed yet, of each agreement that was billed at all. (Asked for the end of a period,
    the ORM keeps an exception with all that led to it, a batch of bills for one, until cycles are looked for.)"""
    with connection.cursor() as cursor:
        cursor.execute(BILLED_UNTIL, [list(agreements)])
        return dict(cursor.fetchall())
