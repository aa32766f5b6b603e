"""Whoever lived last at 912 Bay Ct: a final bill that nobody paid, mail that came back, an agency that found her."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account, Cycle
from lamplighter.accounts.operations import AgreementIn
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.operations.converting import Opening, OpeningDebt, bring_forward
from lamplighter.credit.models import Agency, Search, WriteOff
from lamplighter.credit.operations import agencies
from lamplighter.credit.operations.writingoff import propose
from lamplighter.credit.queries.closed import draft_write_off
from lamplighter.credit.rules.searching import Where
from lamplighter.customers.operations import PersonIn, add_people
from lamplighter.journeys.collecting import look_at
from lamplighter.journeys.corresponding import came_back
from lamplighter.journeys.moving import start_services, stop_service
from lamplighter.journeys.placing import make_file
from lamplighter.journeys.recovering import take_recoveries
from lamplighter.journeys.searching import give_up, looked
from lamplighter.kernel.actors import system
from lamplighter.kernel.money import Money
from lamplighter.notices.models import Notice
from lamplighter.platform.models import Approval
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.transactions import unit_of_work
from lamplighter.premises.models import ServicePoint
from lamplighter.tariffs.models import Schedule
from lamplighter.town.calendar import OFFICE, at
from lamplighter.town.plan import Plan
from lamplighter.town.post import send_queued
from lamplighter.town.staff import CONVERSION, DANA, RENEE
from lamplighter.town.stories.debts import VACANT

CREDIT = system("credit")
WHO = PersonIn("Lockhart", "Dorrie", contacts=(("mobile", "(510) 555-0128"),))
CYCLE, OWED = "08", (Money(9_120), Money(7_345))
"""Her last two bills, from the system before this one."""
BACK, REMINDED, RECOVERED = 140, 26, Money(6_000)
KEY, NAME, FEE = "bayside", "Bayside Recovery", Decimal(25)


def somebody_left_owing(plan: Plan) -> Account:
    """Told on its days, from the first letter to the agency's first money; what follows is open."""
    begun = OFFICE.next_working_day(max(plan.begins + timedelta(days=1), plan.as_of - timedelta(days=BACK)))
    account = _brought_over(plan.begins)
    letter, last = begun, OFFICE.next_working_day(begun + timedelta(days=20))
    _is_written_to(account, letter)
    _comes_back(account, OFFICE.next_working_day(letter + timedelta(days=4)))
    _is_looked_for(account, OFFICE.next_working_day(letter + timedelta(days=8)))
    _is_written_to(account, last)
    decided = OFFICE.next_working_day(last + timedelta(days=REMINDED))
    _is_written_off(account, decided)
    _is_placed(account, OFFICE.add_working_days(decided, 1))
    _is_paid_in_part(account, OFFICE.add_working_days(decided, 22))
    return account


def _brought_over(begins: date) -> Account:
    """She had service until a month before the books began here."""
    point = ServicePoint.objects.get(premise__street=VACANT)
    came, left = begins - timedelta(days=650), begins - timedelta(days=30)
    when = at(begins, 9, 5)
    with unit_of_work(CONVERSION):
        (person,) = add_people(people=[WHO], on=came, by=CONVERSION, at=when)
        (account,) = accounts.open_accounts(
            accounts=[accounts.AccountIn(person, "residential", Cycle.objects.get(code=CYCLE), came)], by=CONVERSION,
            at=when,
        )  # fmt: skip
        rate = Schedule.objects.get(code="R-1")
        (service,) = start_services(
            agreements=[AgreementIn(account, AgreementKind.ENERGY, came, rate, (point,))], by=CONVERSION, at=when
        )
        service = stop_service(agreement=service, on=left, by=CONVERSION, at=when)
        debts = tuple(
            OpeningDebt(left - timedelta(days=days), amount, "energy")
            for days, amount in zip((28, 0), OWED, strict=True)
        )
        bring_forward(openings=[Opening(service, debts, billed_out=True)], on=begins, by=CONVERSION, at=when)
    return account


def _is_written_to(account: Account, day: date) -> None:
    """The morning's job, and the mail of the afternoon."""
    with unit_of_work(CREDIT):
        look_at(accounts=[account.pk], on=day, by=CREDIT, at=at(day, 4, 30))
    send_queued([account.pk], when=at(day, 15))


def _comes_back(account: Account, day: date) -> None:
    notice = Notice.objects.filter(account=account.pk).latest("pk")
    with unit_of_work(DANA):
        came_back(notice=notice, why="Moved, left no address", by=DANA, at=at(day, 11, 20))


def _is_looked_for(account: Account, day: date) -> None:
    """Nobody knows where she is, so far."""
    for minute, where, words in (
        (5, Where.POST, "No forwarding order."), (25, Where.EMAIL, "The number is not in service any more."),
    ):  # fmt: skip
        with unit_of_work(DANA):
            search = Search.objects.get(account=account)
            looked(search=search, where=where, words=words, address="", on=day, by=DANA, at=at(day, 10, minute))
    with unit_of_work(DANA):
        give_up(search=Search.objects.get(account=account), on=day, by=DANA, at=at(day, 10, 40))


def _is_written_off(account: Account, day: date) -> None:
    """The morning's job gives her to a person; Dana proposes, and Renee agrees."""
    with unit_of_work(CREDIT):
        look_at(accounts=[account.pk], on=day, by=CREDIT, at=at(day, 4, 30))
    with unit_of_work(DANA):
        asked = propose(
            account=account, draft=draft_write_off(account, on=day), reason=WriteOff.Reason.UNCOLLECTIBLE, on=day,
            by=DANA, at=at(day, 9, 45), remark="Two letters, one came back; not to be found.",
        )  # fmt: skip
    assert isinstance(asked, Approval), "more than is too small to collect"
    with unit_of_work(RENEE):
        approvals.approve(approval=asked, by=RENEE, at=at(day, 13, 30))


def _is_placed(account: Account, day: date) -> None:
    with unit_of_work(RENEE):
        agency = agencies.add_agency(key=KEY, name=NAME, fee_percent=FEE, by=RENEE, at=at(day, 9))
    with unit_of_work(DANA):
        made = WriteOff.objects.get(account=account)
        agencies.refer(write_off=made, on=day, by=DANA, at=at(day, 9, 20))
        make_file(agency=agency, on=day, by=DANA, at=at(day, 9, 30))


def _is_paid_in_part(account: Account, day: date) -> None:
    """The agency found her, and sends what she paid, in its own file."""
    fee = Money(RECOVERED.cents * int(FEE) // 100)
    text = (
        f"H,LAMPLIGHTER-RECOVERY-1,{KEY},{day}\n"
        f"D,payment,BR-2041,{account.number},{day - timedelta(days=1)},{RECOVERED.dollars},{fee.dollars}\n"
        f"T,1,{RECOVERED.dollars},{fee.dollars}\n"
    )
    with unit_of_work(DANA):
        name = f"{KEY}-{day:%Y%m%d}.csv"
        file, _ = store_file([text.encode()], name=name, media_type="text/csv", by=DANA, at=at(day, 10, 5))
        taken = take_recoveries(
            agency=Agency.objects.get(pk=KEY), file=file, text=text, on=day, by=DANA, at=at(day, 10, 10)
        )
    assert taken.payments == 1, taken.findings
