"""`python -m tests.kills.cashwork [build]`: days at a counter, saying `step` after each transaction.

Single payments under once-keys, some of them voided, batches that another program sends, drawers that are counted,
verified and carried to the bank, refunds by check and ACH, and the bank's statements. It is begun again after a kill,
from the first step: what is in changes nothing, by the program's own keys, bags, days and states.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import click

from lamplighter.cli.booting import boot

AT = datetime(2026, 11, 20, 18, tzinfo=UTC)
START, DAYS, SINGLE, BATCHES, SENT = date(2026, 11, 16), 3, 12, 2, 20
HOMES = 12
KINDS = ("cash", "check", "card", "money-order")


def build() -> None:
    from lamplighter.platform.transactions import unit_of_work
    from tests.accounts.conftest import furnish
    from tests.payments.teller import RENEE, open_shop

    with unit_of_work(RENEE):
        open_shop(["ana"], furnish(), each=HOMES)


def work() -> None:
    click.echo("ready")
    for place in range(DAYS):
        for step in _steps(place):
            if step():
                click.echo("step")


def _steps(place: int) -> list[Callable[[], bool]]:
    on = START + timedelta(days=place)
    single = [lambda n=n: _pay(place, n, on) for n in range(SINGLE)]
    batches = [lambda n=n: _send(place, n, on) for n in range(BATCHES)]
    return [lambda: _open(place), *single, *batches, lambda: _refund(place, on), lambda: _close(place, on),
            lambda: _carry(place, on), lambda: _ach(on), lambda: _read(place, on)]  # fmt: skip


def _open(place: int) -> bool:
    from lamplighter.payments import operations as payments
    from lamplighter.payments.models import TenderControl, TenderSource

    source = TenderSource.objects.get()
    if TenderControl.objects.count() > place:
        return False
    with _work():
        payments.open_control(source=source, by=_ana(), at=AT)
    return True


def _pay(place: int, number: int, on: date) -> bool:
    """Every fourth is voided again, in a transaction of its own."""
    from lamplighter.accounts.models import Account
    from lamplighter.journeys.paying import take_back, take_payment
    from lamplighter.kernel.money import Money
    from lamplighter.payments.models import PaymentEvent
    from lamplighter.payments.rules import CannotTake, TenderIn

    key, cents = UUID(int=1 + 1000 * place + number), 1000 + 37 * number
    accounts = list(Account.objects.order_by("pk"))
    kind = KINDS[number % len(KINDS)]
    reference = "" if kind == "cash" else f"S{place}-{number}"
    before = PaymentEvent.objects.count()
    with _work():
        event = take_payment(
            key=key, control=_control(place), tenders=[TenderIn(kind, Money(cents), Money(cents), reference)],
            payments_to={accounts[number % HOMES]: Money(cents)}, on=on, by=_ana(), at=AT,
        ) if _is_open(place) else None  # fmt: skip
    done = PaymentEvent.objects.count() > before
    if event is not None and number % 4 == 1:
        try:
            with _work():
                take_back(event=event, reason="void", on=on, by=_ana(), at=AT)
        except CannotTake:
            return done
        return True
    return done


def _send(place: int, number: int, on: date) -> bool:
    from lamplighter.accounts.models import Account
    from lamplighter.journeys.receiving import Sent, State, receive
    from lamplighter.kernel.money import Money

    if not _is_open(place):
        return False
    numbers = list(Account.objects.order_by("pk").values_list("number", flat=True))
    sent = [
        Sent(UUID(int=10**6 + 1000 * place + 100 * number + n), numbers[n % HOMES], Money(500 + n), "check", f"B{n}")
        for n in range(SENT)
    ]
    with _work():
        answers = receive(control=_control(place), sent=sent, on=on, by=_ana(), at=AT)
    return any(one.state is State.POSTED for one in answers)


def _refund(place: int, on: date) -> bool:
    """One by check and one by ACH each day, under a once-key as a page's form has it."""
    from lamplighter.accounts.models import Account
    from lamplighter.kernel.money import Money
    from lamplighter.payments.operations.refunding import refund, write_checks
    from lamplighter.payments.refunds.rules import Means
    from lamplighter.platform.operations import requests

    account = Account.objects.order_by("pk")[place]
    with _work():
        key = UUID(int=10**9 + place)
        if requests.claim(key, by=_ana(), content="refund", at=AT) is not None:
            return False
        given = {"account": account, "remark": "Back", "on": on, "by": _ana(), "at": AT}
        check = refund(amount=Money(300 + place), means=Means("check"), **given)
        refund(amount=Money(200 + place), means=Means("ach", "121000358", "12345678"), **given)
        write_checks(refunds=[check], on=on, by=_ana(), at=AT)
        requests.answer(key, result=check.number)
    return True


def _close(place: int, on: date) -> bool:
    """One dollar over, said why, verified."""
    from lamplighter.kernel.money import Money
    from lamplighter.payments.cash.counting import Counted, differences_of, last_count
    from lamplighter.payments.operations.counting import count_drawer, explain, verify
    from lamplighter.payments.queries import expected_in
    from tests.payments.teller import RENEE

    control = _control(place)
    if control.state == "balanced":
        return False
    if last_count(control) is None:
        held = expected_in(control)
        others = {kind: money for kind, money in held.items() if kind != "cash"}
        with _work():
            count_drawer(control=control, counted=Counted({1: held["cash"].cents + 100}, others), by=_ana(), at=AT)
    if differences_of(control) and not hasattr(control, "over_short"):
        with _work():
            explain(control=control, reason="Unknown", on=on, by=_ana(), at=AT)
    held = expected_in(control)
    counted = Counted({1: held.pop("cash").cents + 100}, {kind: Money(one.cents) for kind, one in held.items()})
    with _work():
        verify(control=_control(place), counted=counted, by=RENEE, at=AT)
    return True


def _carry(place: int, on: date) -> bool:
    from lamplighter.payments.models import BankDeposit
    from lamplighter.payments.operations.depositing import make_deposit
    from tests.payments.teller import RENEE

    if BankDeposit.objects.filter(bag=f"B-{place}").exists():
        return False
    with _work():
        make_deposit(controls=[_control(place)], bag=f"B-{place}", on=on, by=RENEE, at=AT)
    return True


def _ach(on: date) -> bool:
    from lamplighter.journeys.paying_out import send_waiting
    from lamplighter.payments.refunds.rules import CannotRefund

    try:
        with _work():
            send_waiting(on=on, by=_ana(), at=AT)
    except CannotRefund:
        return False
    return True


def _read(place: int, on: date) -> bool:
    """The bank has the bag less a check, the refund check, and the ACH file of the day."""
    from lamplighter.formats.banking.statements import CannotRead
    from lamplighter.journeys.carrying import read_bank_file
    from lamplighter.payments.models import BankDeposit, RefundStep
    from tests.payments.papers import bai2
    from tests.payments.teller import BANK_ACCOUNT, RENEE

    bag = BankDeposit.objects.get(bag=f"B-{place}")
    check = RefundStep.objects.filter(act="written", on=on).earliest("id")
    lines = [("175", (bag.cash + bag.checks).cents - 500, f"BAG B-{place}"), ("466", 200 + place, "REFUNDS"),
             ("475", 300 + place, f"CHECK {check.check_number}")]  # fmt: skip
    try:
        with _work():
            read_bank_file(data=bai2(BANK_ACCOUNT, on, lines), name=f"{on}.bai", by=RENEE, at=AT)
    except CannotRead:
        return False
    return True


def _control(place: int) -> object:
    from lamplighter.payments.models import TenderControl

    return TenderControl.objects.select_related("source").order_by("pk")[place]


def _is_open(place: int) -> bool:
    return _control(place).state == "open"


def _ana() -> object:
    from lamplighter.kernel.actors import staff

    return staff("ana")


def _work() -> object:
    from lamplighter.platform.transactions import unit_of_work

    return unit_of_work(_ana())


if __name__ == "__main__":
    boot()
    build() if "build" in sys.argv else work()
