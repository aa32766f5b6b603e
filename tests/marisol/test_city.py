"""The demo city stands on any day: planned the same twice, built by real operations, its books whole."""

from collections import Counter
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from lamplighter.accounts.models import Account, AccountRole, AgreementPoint
from lamplighter.billing.models import Bill, Parked, RebillRequest
from lamplighter.billing.queries.deposits import deposit_of
from lamplighter.credit.models import Bankruptcy, Certificate
from lamplighter.credit.queries.openitems import stand_of, style_of
from lamplighter.credit.rules.matching import Rule, Style
from lamplighter.fieldwork.models import Order
from lamplighter.fieldwork.queries.orders import crew_of, route
from lamplighter.journeys.control import controls
from lamplighter.journeys.restoring import services_off
from lamplighter.kernel.money import Money
from lamplighter.ledger.models import Settlement
from lamplighter.ledger.queries import balances
from lamplighter.payments.models import Payment, Reversal, Tender, TenderControl
from lamplighter.platform.models import Approval, RoleGrant, User
from lamplighter.programs.models import FundMove, Gift, Grant
from lamplighter.tariffs.models import Version
from lamplighter.town.calendar import CYCLES, at
from lamplighter.town.census import plan_city
from lamplighter.town.life import live
from lamplighter.town.places import cycle_of
from lamplighter.town.plan import DEFAULT, FULL, Reading
from lamplighter.town.staff import STAFF
from lamplighter.town.stories.giving import GIVES
from lamplighter.usage.models import ImportedFile, IntervalException, RegisterRead
from lamplighter.worklist.models import Item
from tests.marisol import days


@pytest.mark.parametrize("day", [*days.DAYS, date(2029, 7, 1), date(2026, 6, 30)], ids=str)
def test_the_same_day_gives_the_same_plan(day):
    one, two = plan_city(day, DEFAULT), plan_city(day, DEFAULT)
    assert [c.person for c in one.customers] == [c.person for c in two.customers]
    assert one.begins == two.begins < day - timedelta(days=365)


@pytest.mark.parametrize("size", [DEFAULT, FULL], ids=["default", "full"])
def test_the_city_has_as_many_of_each_as_was_said(size):
    plan = plan_city(days.DAYS[0], size)
    here = [one for one in plan.customers if one.services]
    assert len(here) == size.homes + size.shops + size.medium + 14
    assert sum(one.customer_class == "residential" for one in here) == size.homes
    districts = Counter(one.district for one in here)
    assert {cycle_of(district) for district in districts} == set(range(1, CYCLES + 1))
    assert max(districts.values()) - min(districts.values()) <= 1
    services = [service for one in plan.customers for service in one.services]
    kinds = Counter(service.meter.reading for service in services if service.meter)
    assert kinds[Reading.HOURLY] == size.hourly
    assert kinds[Reading.QUARTER] == size.medium + 15
    assert sum(len(one.services) for one in plan.customers if one.key == "city") == 46


@pytest.mark.parametrize("size", [DEFAULT, FULL], ids=["default", "full"])
def test_nobody_shares_an_address_a_meter_or_a_name(size):
    plan = plan_city(days.DAYS[0], size)
    services = [*(service for one in plan.customers for service in one.services), *plan.vacant]
    places = [(service.place.street, service.place.unit) for service in services]
    badges = [service.meter.badge for service in services if service.meter]
    people = [(one.person.given, one.person.family) for one in plan.customers if not one.same_as]
    for several in (places, badges, people):
        assert len(several) == len(set(several))
    assert {service.place.postcode for service in services} == {"90555"}


def test_every_number_and_address_is_kept_for_fiction():
    contacts = [contact for one in plan_city(days.DAYS[0], DEFAULT).customers for contact in one.person.contacts]
    for kind, value in contacts:
        assert value.endswith("example.net") if kind == "email" else value[6:12] == "555-01", value


def test_thi_hoa_has_the_number_of_the_papers():
    plan = plan_city(days.DAYS[0], DEFAULT)
    assert plan.customers[518].key == "thi-hoa", "accounts are numbered from 204000 on, and hers is 204518-7"
    assert all(one.on is None for one in plan.customers[:519])


@pytest.fixture(params=days.built(), ids=str)
def built(request, city):
    plan, told = city(request.param)
    assert told[0] == "Founding the utility"
    assert told[-1] == "This morning"
    return plan


def test_a_city_is_whole_and_alive_on_any_day(built, figures_of):
    """On three days, each odd in a way of its own; `tests/soak/soak_city.py` asks the same of all five and of any."""
    day = built.as_of
    figures_of[day] = figures()
    assert {control.name: control.differences for control in controls() if control.differences} == {}
    assert_every_turn_was_billed(built)
    assert_nothing_is_later_than(at(day, 10))
    assert_the_staff_is_there(day)
    assert_people_wait_for_something()
    assert_money_waits_for_the_city_and_an_agency()
    assert_the_stories_came_about(built)
    assert_the_crews_have_their_week(day)
    assert Bill.objects.latest("issued_on").issued_on < day
    assert Payment.objects.latest("event__received_on").event.received_on < day


def assert_every_turn_was_billed(plan):
    """Who has service from before the first turn has a bill of each, unless it is parked and says why."""
    parked = set(Parked.objects.filter(state="open").values_list("agreement__account", flat=True))
    moved = {one.takes_over for one in plan.customers}
    bills = Counter(Bill.objects.filter(kind__in=["cycle", "final"]).values_list("account", flat=True))
    accounts = dict(Account.objects.values_list("roles__person__contact_points__value", "pk"))
    for one in plan.customers:
        if one.on is None and one.services and one.key not in moved and not one.same_as:
            account = accounts[next(_clear(value) for _, value in one.person.contacts)]
            assert account in parked or bills[account] == plan.size.months, one.key
    assert not Parked.objects.filter(code__startswith="billing.").exists()


def _clear(value):
    return "+1" + "".join(digit for digit in value if digit.isdigit()) if "@" not in value else value


def assert_nothing_is_later_than(now):
    """Whatever has an instant in the database happened before the city was built."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN information_schema.tables t "
            "USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE' "
            "AND data_type = 'timestamp with time zone' AND column_name LIKE '%%\\_at' AND column_name <> 'due_at' "
            "AND c.table_name NOT LIKE 'procrastinate%%' AND c.table_name NOT LIKE 'platform_pastrow'"
        )
        columns = cursor.fetchall()
        assert len(columns) > 30
        for table, column in columns:
            cursor.execute(f"SELECT max({column}) FROM {table}")
            latest = cursor.fetchone()[0]
            assert latest is None or latest <= now, f"{table}.{column}"


def assert_the_staff_is_there(day):
    assert User.objects.filter(kind="staff").count() == len(STAFF)
    assert RoleGrant.objects.filter(period__contains=day).count() == len(STAFF)
    assert set(User.objects.filter(kind="customer").values_list("username", flat=True)) == {"thihoa", "kelp", "tessmo"}


def assert_people_wait_for_something():
    waiting = Counter(Approval.objects.filter(state="waiting").values_list("kind", flat=True))
    assert waiting == {
        "tariffs.adoption": 1, "notices.adoption": 1, "billing.credit": 5, "payments.refund": 1, "rebates.payment": 1,
        "policies.adoption": 1, "programs.grant": 1, "credit.hardship": 1, "outreach.announcement": 1,
        "ledger.settlement": 1,
    }  # fmt: skip
    assert Version.objects.get(state="proposed").schedule.code == "R-1"
    assert set(TenderControl.objects.exclude(state="balanced").values_list("source", flat=True)) >= {"drawer-2"}
    assert set(RebillRequest.objects.values_list("state", flat=True)) == {"waiting", "done"}
    assert {"usage.exceptions", "usage.unknown-meter", "billing.rebill"} <= set(
        Item.objects.waiting().values_list("kind", flat=True)
    )
    assert ImportedFile.objects.get().waiting
    assert IntervalException.objects.filter(state="open").exists()


def assert_money_waits_for_the_city_and_an_agency():
    """The users tax is settled by two people up to a month, and one journal waits; a voucher's money is to come."""
    done = Settlement.objects.get()
    assert (str(done.approval.asked_by), str(done.recorded_by)) == ("staff:omar", "staff:vera")
    assert done.amount > Money(0)
    assert Tender.objects.get(kind="voucher").reference == "HH-1167"


def assert_the_stories_came_about(plan):
    accounts = {}
    for role in AccountRole.objects.filter(role="main").select_related("account", "person").order_by("-account"):
        accounts[role.person.name] = role.account

    def owed(name):
        agreements = accounts[name].agreements.values_list("subledger", flat=True)
        return sum(balance.current.cents for balance in balances(agreements).values())

    assert_debts_have_their_stories(plan, accounts)
    assert_a_large_account_paid_a_bill_short(plan, accounts)
    assert accounts["Thi Hoa Nguyen"].payments.filter(amount=8466).exists(), "she is found by her last payment"
    assert owed("Thi Hoa Nguyen") > 0
    assert owed("Jun Park") == -41200
    assert Reversal.objects.filter(event__payments__account=accounts["Gwen Pruitt"], reason="returned").count() == 2
    assert owed("Tom & Jo Whitfield") > 20000
    assert Bill.objects.filter(account=accounts["Carla Dietz"], kind="correction").count() == 1
    assert RebillRequest.objects.get(state="waiting").agreement.account == accounts["Ines Carvalho"]
    assert not Bill.objects.filter(account=accounts["Hannah Brandt"]).exists()
    vacant = AgreementPoint.objects.filter(point__premise__street="912 Bay Ct")
    assert not vacant.filter(period__contains=plan.as_of).exists(), "power is used there, and nobody has service"
    assert accounts["Pat Kowalczyk"].roles.filter(role="third-party").count() == 1
    leung = accounts["Kwok-Wah Leung"].roles.get(role="main").person
    assert leung.account_roles.count() == 2
    owned = accounts["Alma Vega"].roles.get(role="main").person.account_roles.filter(role="landlord")
    assert owned.count() == len(plan.landlords)


def assert_debts_have_their_stories(plan, accounts):
    """A dispute, a petition, deposits, gifts and a grant. What takes more months than this city has came to nothing
    wrong: no plan was left without an end, and nobody who paid is without power."""
    owen, wade = accounts["Owen Marsh"], accounts["Wade Tillery"]
    assert {one.outcome for one in owen.arrangements.all()} <= {"broken"}
    assert {one.outcome for one in accounts["Carla Dietz"].arrangements.all()} <= {"kept"}
    assert Grant.objects.get(account=owen).waits_for == "a second person"
    assert accounts["Bea Lindqvist"].holds.filter(kind="dispute", period__contains=plan.as_of).exists()
    assert Bankruptcy.objects.get().account == accounts["Tom & Jo Whitfield"]
    assert deposit_of(accounts["Los Faroles LLC"]).held == Money(40000)
    orders = Order.objects.filter(account=wade).order_by("pk").values_list("kind", "state", "reason")
    cut = [("disconnect", "complete", "non-payment"), ("reconnect", "complete", "")]
    sent = Certificate.objects.filter(agreement__account=wade, allowed=True).count()
    assert (list(orders), sent) in [([], 0), (cut, 3)], "asked, sent, and begun"
    assert services_off(wade, at=at(plan.as_of, 10)) == []
    assert Gift.objects.filter(period__endswith__isnull=True).count() == len(GIVES)
    assert FundMove.objects.filter(kind="gift").exists()


def assert_a_large_account_paid_a_bill_short(plan, accounts):
    """Bill by bill: a part of one is open although money came for it by its number."""
    account = accounts["Lantern Dock Shipworks"]
    assert style_of(account, on=plan.as_of) is Style.OPEN
    stand = stand_of(account)
    assert stand.open - stand.unapplied == stand.balance
    assert any(one.open and one.paid for one in stand.bills)
    assert {tie.rule for tie in stand.ties} >= {Rule.NAMED}


def assert_the_crews_have_their_week(day):
    states = Counter(Order.objects.values_list("kind", "state"))
    assert states["read", "complete"] == states["check-ami", "discarded"] == 1
    assert Item.objects.waiting().filter(kind="fieldwork.returned").count() == 1, "nobody let the crew in"
    sam = crew_of(User.objects.get(username="sam"), on=day)
    assert [visit.shift.half for visit in route(sam, day=day)] == ["am", "am", "pm"], "on a weekend too"
    done = Order.objects.get(kind="read", state="complete")
    assert RegisterRead.objects.filter(channel__meter=done.meter, kind="check", recorded_by="staff:sam").exists()


class OtherWayRound:
    """The shares of the year told in the other order, as two processes might."""

    def live(self, plan, ids, told):
        last = live(plan, dict(ids), electronic=True, told=told)
        return live(plan, dict(ids), electronic=False, told=told) | last

    @contextmanager
    def meanwhile(self, work, *on):
        yield
        work(*on)


@pytest.fixture(scope="module")
def figures_of():
    """What came out on the days that were built so far."""
    return {}


def test_the_same_day_gives_the_same_figures_in_whichever_order_its_shares_are_told(city, figures_of):
    """Numbers of rows differ; who owes what, why and since when does not. The city of the usual order is the one that
    was looked at above, since to build it again would tell nothing else."""
    day = days.built()[0]
    if day not in figures_of:
        with transaction.atomic():
            city(day)
            figures_of[day] = figures()
            transaction.set_rollback(True)
    first = figures_of[day]
    city(day, shares=OtherWayRound())
    again = figures()
    assert (sorted(first - again), sorted(again - first)) == ([], [])


def figures():
    """Every bill, payment and event, and how often it stands there."""
    rows = [
        *_rows(
            "SELECT p.name, b.issued_on, b.kind, b.previous, b.received, b.charges, b.due FROM billing_bill b"
            " JOIN accounts_accountrole r ON r.account_id = b.account_id AND r.role = 'main'"
            " JOIN customers_person p ON p.id = r.person_id"
        ),
        *_rows(
            # the bill that it names has a number of its own
            "SELECT p.name, e.received_on, m.amount, t.kind, regexp_replace(t.reference, 'INV \\S+', 'INV')"
            " FROM payments_payment m"
            " JOIN payments_paymentevent e ON e.id = m.event_id JOIN payments_tender t ON t.event_id = e.id"
            " JOIN accounts_accountrole r ON r.account_id = m.account_id AND r.role = 'main'"
            " JOIN customers_person p ON p.id = r.person_id"
        ),
        *_rows("SELECT name, actor, at, count(*) FROM platform_event GROUP BY 1, 2, 3"),
    ]
    return Counter(map(repr, rows))


def _rows(sql, values=()):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
