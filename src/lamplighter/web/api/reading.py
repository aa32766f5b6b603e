"""What other programs read: accounts, bills, payments and use."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router

from lamplighter.accounts.models import Account
from lamplighter.accounts.queries import Profile, ServiceLine, profile
from lamplighter.billing.models import Bill, BillLine
from lamplighter.credit.queries.debts import past_due_total
from lamplighter.journeys.finding import find
from lamplighter.kernel.money import total
from lamplighter.kernel.periods import Period
from lamplighter.ledger.queries import balances
from lamplighter.payments.models import Payment
from lamplighter.payments.queries import payments_of
from lamplighter.platform.operations.events import record_access
from lamplighter.usage.queries.points import points_of_account
from lamplighter.usage.queries.series import DayUse, days
from lamplighter.web.api import shapes
from lamplighter.web.api.guarding import partner, require
from lamplighter.web.visits import visit

router = Router(tags=["reading"])
MOST = 200
LONGEST = 800
NUMBER = r"^[\w-]{1,40}$"

Found = Annotated[str, Query(min_length=2, max_length=80, pattern=shapes.NO_NUL, description="name, address, number …")]


class NotThere(Exception):
    """There is no such thing; the message names it."""


class BadQuestion(Exception):
    """What is asked makes no sense; the message says what would."""


@router.get("/accounts", response=list[shapes.AccountShort], operation_id="findAccounts")
def accounts(request: HttpRequest, q: Found) -> list[shapes.AccountShort]:
    """The best matches for what somebody says: a name, an address, a telephone, meter or receipt number, an amount."""
    require(request, "accounts.view")
    return [
        shapes.AccountShort(number=hit.number, name=hit.name, premise=hit.address, why=", ".join(hit.why))
        for hit in find(q)
    ]


@router.get("/accounts/{number}", response=shapes.AccountOut, operation_id="readAccount")
def account(request: HttpRequest, number: str) -> shapes.AccountOut:
    """Who, where, on which rate, and what is owed now."""
    require(request, "accounts.view")
    known = _profile(request, number)
    customer, owed = known.customer, balances(known.subledgers).values()
    return shapes.AccountOut(
        number=number, name=customer.name if customer else "", state=known.state.lower(),
        customer_class=known.account.customer_class, cycle=known.account.cycle_id, opened_on=known.account.opened_on,
        closed_on=known.account.closed_on, premise=known.premise.address if known.premise else "",
        phone=known.reach.phone, email=known.reach.email, language=customer.language if customer else "en",
        balance_cents=total(one.current for one in owed).cents,
        past_due_cents=past_due_total(known.account, on=visit(request).on).cents,
        services=[_service(line) for line in known.services],
    )  # fmt: skip


@router.get("/accounts/{number}/bills", response=list[shapes.BillOut], operation_id="readBills")
def bills(request: HttpRequest, number: str) -> list[shapes.BillOut]:
    """The newest two hundred, newest first."""
    require(request, "billing.view")
    rows = Bill.objects.filter(account=_account(request, number)).order_by("-issued_on", "-id")[:MOST]
    return [_bill(row) for row in rows]


@router.get("/accounts/{number}/bills/{bill}", response=shapes.BillWithLines, operation_id="readBill")
def bill(request: HttpRequest, number: str, bill: str) -> shapes.BillWithLines:
    """One bill with its lines."""
    require(request, "billing.view")
    found = Bill.objects.filter(account=_account(request, number), number=bill).first()
    if found is None:
        raise NotThere(f"Account {number} has no bill {bill}.")
    lines = BillLine.objects.filter(segment__bill=found).order_by("segment", "place")
    return shapes.BillWithLines(
        **_bill(found).model_dump(),
        lines=[
            shapes.BillLineOut(
                label=line.label, quantity=line.quantity, unit=line.unit, price=line.price,
                amount_cents=line.amount.cents,
            )
            for line in lines
        ],
    )  # fmt: skip


@router.get("/accounts/{number}/payments", response=list[shapes.PaymentOut], operation_id="readPayments")
def payments(request: HttpRequest, number: str) -> list[shapes.PaymentOut]:
    """The newest two hundred, newest first; what was reversed says so."""
    require(request, "billing.view")
    return [_payment(row) for row in payments_of(_account(request, number))[:MOST]]


@router.get("/accounts/{number}/usage", response=list[shapes.DayOut], operation_id="readUsage")
def usage(request: HttpRequest, number: str, first: date, last: date) -> list[shapes.DayOut]:
    """Use by local day, both days included; null where nothing was read."""
    require(request, "metering.view")
    if not first <= last <= date.max - timedelta(days=1) or (last - first).days >= LONGEST:
        raise BadQuestion(f"Ask for 1 to {LONGEST} days, the first before the last.")
    period = Period(first, last + timedelta(days=1))
    points = points_of_account(_account(request, number), period=period)
    return [_day(one) for one in days(points, period=period)]


def _account(request: HttpRequest, number: str) -> Account:
    """That it was read is recorded, as at the desk."""
    found = Account.objects.filter(number=number).select_related("cycle").first() if "\x00" not in number else None
    if found is None:
        raise NotThere(f"There is no account {number}.")
    record_access(subject=found.subject, permission="accounts.view", by=partner(request), at=visit(request).at)
    return found


def _profile(request: HttpRequest, number: str) -> Profile:
    return profile(_account(request, number), on=visit(request).on)


def _service(line: ServiceLine) -> shapes.Service:
    agreement = line.agreement
    return shapes.Service(
        kind=agreement.kind, premise=str(agreement.premise), rate=line.schedule, riders=list(line.riders),
        start=agreement.period.start, end=agreement.period.end,
    )  # fmt: skip


def _bill(row: Bill) -> shapes.BillOut:
    return shapes.BillOut(
        number=row.number, kind=row.kind, issued_on=row.issued_on, due_on=row.due_on,
        previous_cents=row.previous.cents, received_cents=row.received.cents, corrected_cents=row.corrected.cents,
        charges_cents=row.charges.cents, due_cents=row.due.cents,
    )  # fmt: skip


def _payment(row: Payment) -> shapes.PaymentOut:
    return shapes.PaymentOut(
        receipt=row.event.receipt, received_on=row.event.received_on, amount_cents=row.amount.cents,
        reversed=hasattr(row.event, "reversal"),
    )  # fmt: skip


def _day(one: DayUse) -> shapes.DayOut:
    return shapes.DayOut(
        day=one.day, kwh=one.use.delivered, kwh_received=one.use.received, estimated=one.use.estimated
    )  # fmt: skip
