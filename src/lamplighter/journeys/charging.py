"""Charges beside the cycle: late charges on what is past due, and miscellaneous invoices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache

from django.db.models import Exists, OuterRef, QuerySet

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.models import Adjustment, Bill
from lamplighter.billing.operations import adjusting, issuing
from lamplighter.billing.operations.adjusting import AdjustmentIn
from lamplighter.billing.operations.issuing import BillDraft
from lamplighter.billing.queries.policies import due_days_of, policy_on
from lamplighter.billing.rules import CannotBill, LatePolicy
from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.models import Extension, Hold
from lamplighter.credit.queries.standing import in_hardship
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.ledger.queries import ageing_of_each
from lamplighter.platform.numbering import next_number
from lamplighter.platform.transactions import advisory_lock, in_transaction

LATELY = timedelta(days=30)
"""A bill that is longer due is late no more than once: the next bill has taken its place, or the account is closed."""
SPARED = (HoldKind.DISPUTE, HoldKind.REVIEW, HoldKind.PLEDGE, HoldKind.BANKRUPTCY, HoldKind.LEGAL)


@in_transaction
def charge_late(*, accounts_due: Sequence[Account], on: date, by: Actor, at: datetime) -> list[Adjustment]:
    """Charge each account for its newest bill if that is late, by the rules under which it was issued; the same bill
    is charged once. No account with a hardship on file is, and none that is spared, looked at under its lock."""
    advisory_lock(*(f"account:{account.pk}" for account in accounts_due))
    given = [account.pk for account in accounts_due]
    chargeable = set(_not_spared(on).filter(pk__in=given).values_list("pk", flat=True)) - in_hardship(given, on=on)
    accounts_due = [account for account in accounts_due if account.pk in chargeable]
    policy_of = cache(policy_on)  # most bills of a cycle are issued on one day
    keys = [account.pk for account in accounts_due]
    newest = Bill.objects.filter(account__in=keys).exclude(kind=Bill.Kind.INVOICE).order_by("account", "-id")
    bills = {bill.account_id: bill for bill in newest.distinct("account")}
    energy = Agreement.objects.filter(account__in=keys, kind=AgreementKind.ENERGY).order_by("account", "-id")
    agreements = {agreement.account_id: agreement for agreement in energy.distinct("account")}
    sources = [f"late-charge:{key}:{bill.number}" for key, bill in bills.items()]
    charged = set(Adjustment.objects.filter(entry__source__in=sources).values_list("entry__source", flat=True))
    late: list[tuple[Bill, Agreement, LatePolicy, str]] = []
    for account in accounts_due:
        bill, agreement = bills.get(account.pk), agreements.get(account.pk)
        if bill is None or agreement is None or on <= bill.due_on:
            continue
        rule, source = policy_of(bill.issued_on).late, f"{account.pk}:{bill.number}"
        if on > bill.due_on + timedelta(days=rule.grace) and f"late-charge:{source}" not in charged:
            late.append((bill, agreement, rule, source))
    ages = ageing_of_each({agreement.subledger_id: due_days_of(bill, on=on) for bill, agreement, *_ in late}, on=on)
    wanted = [
        _late_charge(agreement, ages[agreement.subledger_id].past_due, rule, source)
        for _, agreement, rule, source in late
        if ages[agreement.subledger_id].past_due.cents >= rule.minimum_debt.cents
    ]
    return adjusting.charge_many(charges=wanted, on=on, by=by, at=at)


def accounts_late(on: date) -> QuerySet[Account]:
    """Accounts of which a bill of ours came due in the last `LATELY`, closed ones aside, without those whose debt is
    disputed, promised by an agency, before a court or given more time. Who has paid is among them still."""
    due = Bill.objects.filter(
        account=OuterRef("pk"), origin=Bill.Origin.OWN, due_on__lt=on, due_on__gte=on - LATELY
    ).exclude(kind=Bill.Kind.INVOICE)
    return _not_spared(on).filter(Exists(due), closed_on__isnull=True)


def _not_spared(on: date) -> QuerySet[Account]:
    held = Hold.objects.filter(account=OuterRef("pk"), kind__in=SPARED, period__contains=on)
    given = Extension.objects.filter(account=OuterRef("pk"), ended_on__isnull=True)
    return Account.objects.filter(~Exists(held), ~Exists(given))


def _late_charge(agreement: Agreement, past_due: Money, rule: LatePolicy, source: str) -> AdjustmentIn:
    charge = max(rule.least, Money.nearest(past_due.dollars * rule.percent / 100))
    label = f"Late charge on {past_due}"
    return AdjustmentIn(agreement, Adjustment.Kind.LATE_CHARGE, label, charge, "revenue-late-charges", source)


@in_transaction
def invoice(
    *, account: Account, label: str, amount: Money, gl_code: str, on: date, by: Actor, at: datetime, remark: str = ""
) -> Bill:
    """Bill an account for something that is not service: damage, a special read, attachment fees."""
    if amount.cents <= 0:
        raise CannotBill("billing.invoice", "An invoice is for more than $0.00. To give money back, adjust or refund.")
    advisory_lock(f"account:{account.pk}")
    agreement = _invoices(account, on=on, by=by, at=at)
    adjusting.adjust(
        agreement=agreement, kind=Adjustment.Kind.INVOICE, label=label, amount=amount, against=gl_code, on=on,
        source=f"{account.pk}:{next_number('bill')}", by=by, at=at, remark=remark,
    )  # fmt: skip
    due = policy_on(on).due_on(on)
    draft = BillDraft(account=account, kind=Bill.Kind.INVOICE, segments=(), issued_on=on, due_on=due)
    return issuing.issue(drafts=[draft], at=at, by=by)[0].bill()


def _invoices(account: Account, *, on: date, by: Actor, at: datetime) -> Agreement:
    kind = AgreementKind.INVOICE
    found = account.agreements.filter(kind=kind, period__endswith__isnull=True).first()
    return found or accounts.start_agreement(account=account, kind=kind, on=on, by=by, at=at)
