"""Late charges, invoices, and what another system billed before us."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lamplighter.billing.models import Adjustment, Bill
from lamplighter.billing.operations.converting import ConvertedBill, Opening, OpeningDebt, bring_bills, bring_forward
from lamplighter.billing.queries.due import accounts_to_bill, occasions
from lamplighter.billing.rules import CannotBill
from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.operations import holding
from lamplighter.credit.operations.easing import begin_hardship, end_hardship
from lamplighter.credit.rules.hardship import Cause
from lamplighter.journeys.billing import leaving
from lamplighter.journeys.charging import accounts_late, charge_late, invoice
from lamplighter.journeys.control import controls
from lamplighter.journeys.moving import stop_service
from lamplighter.kernel.actors import staff
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger.operations import CannotPost
from lamplighter.ledger.queries import ageing, ageing_of_each, balances
from lamplighter.platform.models import Event
from tests.town import DANA, FLAT, NIGHTLY

RENEE = staff("renee")


@pytest.fixture
def ada(town):
    rate = town.adopts(FLAT)
    town.on("2026-08-01").moves_in("Ada", rate)
    town.uses("Ada", Period(date(2026, 8, 1), date(2026, 10, 1)), 1000)
    return town.homes["Ada"]


def late(town, ada, day):
    town.on(day)
    return charge_late(accounts_due=[ada.account], on=town.today, by=NIGHTLY, at=town.at)


def test_a_late_bill_is_charged_once(town, ada):
    town.on("2026-09-01").bills("2026-08-01", "2026-09-01")
    assert late(town, ada, "2026-09-27") == [], "due on the 22nd, and five days of grace"
    (charge,) = late(town, ada, "2026-09-28")
    assert (charge.amount, charge.label) == (Money(167), "Late charge on $111.60")
    assert late(town, ada, "2026-09-30") == []
    town.on("2026-10-01").bills("2026-09-01", "2026-10-01")
    bill = town.bill_of("Ada")
    assert bill.charges == Money(10800 + 167)
    assert bill.due == bill.previous + bill.received + bill.corrected + bill.charges


def test_no_late_charge_is_made_while_a_hardship_is_on_file(town, ada):
    town.on("2026-09-01").bills("2026-08-01", "2026-09-01")
    held = begin_hardship(
        account=ada.account, cause=Cause.DISASTER, evidence="Red Cross, case 14", paper=None,
        period=Period(date(2026, 9, 2), date(2027, 3, 1)), asked_by=DANA, by=RENEE, at=town.at,
    )  # fmt: skip
    assert late(town, ada, "2026-09-28") == []
    end_hardship(hardship=held, on=date(2026, 9, 29), by=RENEE, at=town.at, remark="The house is repaired")
    assert len(late(town, ada, "2026-09-29")) == 1


def test_who_disputes_after_the_night_began_is_spared_too(town, ada):
    """The list of a night is made before its batches are charged."""
    town.on("2026-09-01").bills("2026-08-01", "2026-09-01")
    town.on("2026-09-28")
    assert ada.account in accounts_late(town.today)
    holding.begin_hold(account=ada.account, kind=HoldKind.DISPUTE, evidence="C-1", period=Period(town.today), by=DANA,
                       at=town.at)  # fmt: skip
    assert late(town, ada, "2026-09-28") == []


def test_many_late_bills_are_charged_by_as_many_statements_as_one(town, ada, django_assert_num_queries):
    for name in ("Ben", "Cleo", "Dora"):
        town.on("2026-08-01").moves_in(name, town.homes["Ada"].agreement.rates.get().schedule)
        town.uses(name, Period(date(2026, 8, 1), date(2026, 9, 1)), 500)
    town.on("2026-09-01").bills("2026-08-01", "2026-09-01")
    town.on("2026-09-05").pays("Cleo", 5580)
    accounts = [town.homes[name].account for name in ("Ada", "Ben", "Cleo", "Dora")]
    town.on("2026-09-28")
    with CaptureQueriesContext(connection) as of_one:
        charge_late(accounts_due=accounts[:1], on=town.today, by=NIGHTLY, at=town.at)
    with django_assert_num_queries(len(of_one)):
        made = charge_late(accounts_due=accounts, on=town.today, by=NIGHTLY, at=town.at)
    assert [one.agreement.account for one in made] == [accounts[1], accounts[3]], "Ada is charged, Cleo has paid"
    told = Event.objects.filter(name="billing.adjustment.made", account__in=[one.pk for one in accounts])
    assert sorted(told.values_list("account", flat=True)) == sorted(one.pk for one in accounts if one != accounts[2])
    assert not [control for control in controls() if control.differences]


def test_each_account_is_aged_by_itself_as_it_is_alone(town, ada):
    town.moves_in("Ben", ada.agreement.rates.get().schedule)
    town.on("2026-09-01").bills("2026-08-01", "2026-09-01")
    town.on("2026-09-20").pays("Ada", 1160)
    keys = {home.agreement.subledger_id: days for home, days in ((ada, 21), (town.homes["Ben"], 10))}
    day = date(2026, 10, 15)
    assert ageing_of_each(keys, on=day) == {key: ageing([key], on=day, due_days=days) for key, days in keys.items()}


def test_who_is_asked_each_night_is_who_may_be_late(town, ada):
    rate = ada.agreement.rates.get().schedule
    for who in ("Ben", "Cleo"):
        town.moves_in(who, rate)
        town.uses(who, Period(date(2026, 8, 1), date(2026, 9, 1)), 1000)
    town.on("2026-09-01").bills("2026-08-01", "2026-09-01")

    def asked(day):
        return {who for who, home in town.homes.items() if home.account in set(accounts_late(date.fromisoformat(day)))}

    assert asked("2026-09-22") == set(), "due on the 22nd"
    assert asked("2026-09-28") == asked("2026-10-22") == {"Ada", "Ben", "Cleo"}
    assert asked("2026-10-23") == set(), "a month after it came due, the next bill tells"
    for kind, who in (("dispute", "Ben"), ("medical", "Cleo")):
        holding.begin_hold(account=town.homes[who].account, kind=HoldKind(kind), evidence="C-1",
                           period=Period(date(2026, 9, 20)), by=DANA, at=town.at)  # fmt: skip
    town.on("2026-09-25")
    assert asked("2026-09-28") == {"Ada", "Cleo"}, "a certificate keeps power on, and charges no less"
    holding.extend(account=ada.account, until=date(2026, 10, 2), on=town.today, by=DANA, at=town.at)
    assert asked("2026-09-28") == {"Cleo"}


def test_who_paid_is_not_late(town, ada):
    town.on("2026-09-01").bills("2026-08-01", "2026-09-01")
    town.on("2026-09-20").pays("Ada", 11160)
    assert late(town, ada, "2026-10-15") == []


def test_an_invoice_is_a_bill_of_its_own(town, ada):
    bill = invoice(
        account=ada.account, label="Pole damage, 3 March", amount=Money(45000), gl_code="revenue-fees", on=town.today,
        by=DANA, at=town.at,
    )  # fmt: skip
    assert (bill.kind, bill.charges, bill.due) == ("invoice", Money(45000), Money(45000))
    with pytest.raises(CannotBill, match="more than"):
        invoice(account=ada.account, label="x", amount=ZERO, gl_code="revenue-fees", on=town.today, by=DANA, at=town.at)
    assert Adjustment.objects.count() == 1


def test_what_came_from_another_system_keeps_its_age(town, ada):
    debts = (
        OpeningDebt(date(2026, 4, 1), Money(5000), "energy"),
        OpeningDebt(date(2026, 7, 1), Money(7000), "energy"),
        OpeningDebt(date(2026, 7, 1), Money(-1000), "credit"),
    )
    bring_forward(openings=[Opening(ada.agreement, debts)], on=town.today, by=NIGHTLY, at=town.at)
    aged = ageing([ada.agreement.subledger_id], on=date(2026, 8, 1), due_days=21)
    assert (aged.current, aged.buckets) == (ZERO, (Money(7000), ZERO, ZERO, Money(4000)))
    assert balances([ada.agreement.subledger_id])[ada.agreement.subledger_id].payoff == Money(11000)
    with pytest.raises(CannotPost, match="already posted"):
        bring_forward(openings=[Opening(ada.agreement, debts)], on=town.today, by=NIGHTLY, at=town.at)


def test_service_that_ended_before_us_is_billed_by_nobody_here_and_keeps_its_debt(town, ada):
    """She left in June, long before the first window; the rate book of then is not ours."""
    window = town.window("2026-11-01", "2026-11-20")
    service = stop_service(agreement=ada.agreement, on=date(2026, 10, 15), by=NIGHTLY, at=town.at)
    assert list(accounts_to_bill(window)) == [ada.account], "what nobody has billed is due"
    debts = (OpeningDebt(date(2026, 10, 15), Money(9120), "energy"),)
    history = Opening(service, debts, billed_out=True)
    with pytest.raises(CannotBill, match="runs on"):
        bring_forward(openings=[history], on=date(2026, 10, 14), by=NIGHTLY, at=town.at)
    bring_forward(openings=[history], on=date(2026, 11, 1), by=NIGHTLY, at=town.at)
    assert list(accounts_to_bill(window)) == []
    assert occasions([ada.account.pk], reads_on=window.reads_on, month=window.month) == {}
    assert list(leaving(date(2026, 11, 20))) == []
    assert balances([service.subledger_id])[service.subledger_id].current == Money(9120)


def test_converted_bills_are_shown_and_exempt_from_recomputation(town, ada):
    days = date(2026, 7, 1), date(2026, 7, 22)
    old = ConvertedBill(ada.account, "00917", *days, Money(5000), Money(7000), Money(11000))
    (bill,) = bring_bills(bills=[old], by=NIGHTLY, at=town.at)
    assert (bill.number, bill.origin, bill.received) == ("C-00917", "converted", Money(-1000))
    assert Bill.objects.count() == 1
    assert all(not control.differences for control in controls())
