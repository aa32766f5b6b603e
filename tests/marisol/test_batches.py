"""The batch forms do as the single forms do: the same rows, the same events, the same refusals, all or nothing."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account, AccountRole, Agreement, AgreementFact, AgreementPoint, AgreementRate
from lamplighter.accounts.operations import AccountIn, AgreementIn, CannotServe
from lamplighter.accounts.types import AgreementKind
from lamplighter.customers import operations as customers
from lamplighter.customers.models import ContactPoint, MailingAddress, OtherName, Person
from lamplighter.customers.operations import PersonIn
from lamplighter.customers.rules import CannotRecord
from lamplighter.journeys.moving import start_service, start_services
from lamplighter.kernel.actors import staff
from lamplighter.kernel.energy import Commodity
from lamplighter.kernel.instants import midnight
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.chart import chart
from lamplighter.ledger.models import Entry, Posting
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.metering import operations as metering
from lamplighter.metering.models import Channel, Installation, Meter, Multiplier, SwitchState
from lamplighter.metering.operations import CannotInstall, MeterIn
from lamplighter.payments import operations as payments
from lamplighter.payments.models import Payment, PaymentEvent, PaymentSegment, Tender, TenderControl
from lamplighter.payments.operations import EventIn
from lamplighter.payments.rules import CannotTake, TenderIn
from lamplighter.platform.models import Event
from lamplighter.premises import operations as premises
from lamplighter.premises.models import PointFact, Premise, ServicePoint
from lamplighter.premises.operations import PointIn, PremiseIn
from lamplighter.tariffs.models import Schedule

DANA = staff("dana")
AT = datetime(2026, 11, 20, 18, tzinfo=UTC)
ON = date(2026, 3, 1)
ZONE = ZoneInfo("America/Los_Angeles")


def events(*, keys=("name", "actor", "at", "reason", "data")):
    return sorted(repr([getattr(event, key) for key in keys]) for event in Event.objects.all())


def rows(model, *fields):
    return sorted(model.objects.values_list(*fields), key=repr)


def alike(one, batch, see):
    """Run both in a transaction that is undone; what is seen after each is the same."""
    seen = []
    for act in (one, batch):
        with transaction.atomic():
            act()
            seen.append(see())
            transaction.set_rollback(True)
    for single, many in zip(*seen, strict=True):
        assert many == single
    return seen[0]


@pytest.fixture
def books(db):
    ledger.define_codes(chart())
    Event.objects.count()


@pytest.fixture
def city(books):
    return premises.define_jurisdiction(key="marisol-bay", name="City of Marisol Bay")


def test_people_by_the_batch(books):
    def one_by_one():
        hoa = customers.add_human(given="Thi Hoa", family="Nguyen", by=DANA, at=AT, language="vi", interpreter=True)
        customers.add_contact_point(person=hoa, kind="mobile", value="510 555 0142", on=ON, by=DANA, at=AT)
        customers.add_contact_point(person=hoa, kind="email", value="hoa@Example.net", on=ON, by=DANA, at=AT)
        kelp = customers.add_organisation(name="Kelp & Kettle LLC", trade_name="Kelp & Kettle", by=DANA, at=AT)
        customers.set_mailing_address(person=kelp, lines="Box 7\nMarisol Bay ", period=Period(ON), by=DANA, at=AT)

    def batch():
        contacts = (("mobile", "510 555 0142"), ("email", "hoa@Example.net"))
        people = [
            PersonIn("Nguyen", "Thi Hoa", language="vi", interpreter=True, contacts=contacts),
            PersonIn("Kelp & Kettle LLC", trade_name="Kelp & Kettle", mailing="Box 7\nMarisol Bay "),
        ]
        customers.add_people(people=people, on=ON, by=DANA, at=AT)

    alike(one_by_one, batch, lambda: (
        rows(Person, "kind", "name", "sort_name", "language", "interpreter"),
        rows(ContactPoint, "person__name", "kind", "value", "primary", "period"),
        rows(OtherName, "person__name", "kind", "name"), rows(MailingAddress, "person__name", "lines", "period"),
        events(),
    ))  # fmt: skip


@pytest.mark.parametrize(
    "wrong", [PersonIn(" "), PersonIn("Hall", "Ann", contacts=(("mobile", "555-0142"),)),
              PersonIn("Hall", "Ann", contacts=(("email", "ann at example"),))],
)  # fmt: skip
def test_people_that_cannot_be_recorded_are_refused(books, wrong):
    with pytest.raises(CannotRecord), transaction.atomic():
        customers.add_people(people=[PersonIn("Good", "Lee"), wrong], on=ON, by=DANA, at=AT)
    assert not Person.objects.exists()


def test_places_by_the_batch(city):
    where = {"street": "912 Bay Ct", "city": "Marisol Bay", "state": "CA", "postcode": "90555"}

    def one_by_one():
        premise = premises.add_premise(**where, unit="Apt 2", jurisdiction=city, by=DANA, at=AT)
        first = premises.add_service_point(premise=premise, by=DANA, at=AT, feeder="Slough 302")
        premises.state_fact(point=first, name="heating", value="electric", on=ON, by=DANA, at=AT)
        premises.add_service_point(premise=premise, by=DANA, at=AT, kind=ServicePoint.Kind.UNMETERED)

    def batch():
        points = (
            PointIn(feeder="Slough 302", facts={"heating": "electric"}), PointIn(kind=ServicePoint.Kind.UNMETERED)
        )  # fmt: skip
        made = premises.add_premises(
            premises=[PremiseIn(**where, unit="Apt 2", points=points)], jurisdiction=city, on=ON, by=DANA, at=AT
        )
        assert [point.number[-2:] for point in made[0]] == ["/1", "/2"]

    alike(one_by_one, batch, lambda: (
        rows(Premise, "street", "unit", "city", "postcode", "jurisdiction", "use"),
        rows(ServicePoint, "premise__street", "commodity", "kind", "feeder", "parent"),
        rows(PointFact, "name", "value", "period"), events(),
    ))  # fmt: skip


@pytest.fixture
def points(city):
    wanted = [PremiseIn(f"{100 + n} Otis Dr", "Marisol Bay", "CA", "90555") for n in range(3)]
    made = premises.add_premises(premises=wanted, jurisdiction=city, on=ON, by=DANA, at=AT)
    return [point for (point,) in made]


def channel():
    return Channel(name="kWh", unit="Wh", interval=3600)


def test_meters_by_the_batch(points):
    since = midnight(ON, ZONE)

    def one_by_one():
        for n, point in enumerate(points):
            meter = metering.add_meter(badge=f"E-{n}", channels=[channel()], on=ON, by=DANA, at=AT, multiplier=40)
            metering.install(meter=meter, point=point, at=since, by=DANA, recorded_at=AT)

    def batch():
        wanted = [MeterIn(f"E-{n}", (channel(),), ON, point, since, multiplier=40) for n, point in enumerate(points)]
        metering.set_meters(meters=wanted, by=DANA, recorded_at=AT)

    alike(one_by_one, batch, lambda: (
        rows(Meter, "badge", "commodity", "ami", "switch"), rows(Channel, "meter__badge", "name", "interval"),
        rows(Multiplier, "channel__meter__badge", "factor", "period"),
        rows(Installation, "meter__badge", "point__number", "span"), events(),
    ))  # fmt: skip


def test_a_place_that_has_or_will_have_a_meter_takes_no_other(points):
    later = metering.add_meter(badge="E-9", channels=[channel()], on=ON, by=DANA, at=AT)
    metering.install(meter=later, point=points[1], at=midnight(ON, ZONE) + timedelta(days=9), by=DANA, recorded_at=AT)
    wanted = [MeterIn(f"E-{n}", (channel(),), ON, point, midnight(ON, ZONE)) for n, point in enumerate(points)]
    with pytest.raises(CannotInstall, match="E-9 stands there"), transaction.atomic():
        metering.set_meters(meters=wanted, by=DANA, recorded_at=AT)
    ServicePoint.objects.filter(pk=points[0].pk).update(commodity=Commodity.WATER)
    points[0].refresh_from_db()
    with pytest.raises(CannotInstall, match="delivers water"), transaction.atomic():
        metering.set_meters(meters=wanted[:1], by=DANA, recorded_at=AT)
    assert Meter.objects.count() == 1


def test_a_switch_that_was_told_before_is_turned_as_the_single_form_turns_it(points):
    first = midnight(ON, ZONE)
    metering.switch(point=points[0], state="off", at=first, reason="vacant", by=DANA, recorded_at=AT)

    def one_by_one():
        for point in points:
            metering.switch(
                point=point, state="on", at=first + timedelta(days=3), reason="start", by=DANA, recorded_at=AT
            )

    def batch():
        wanted = [(point, first + timedelta(days=3)) for point in points]
        metering.switch_on(points=wanted, reason="start", by=DANA, recorded_at=AT)

    alike(one_by_one, batch, lambda: (rows(SwitchState, "point", "state", "reason", "span"), events()))


@pytest.fixture
def desk(points):
    """Two people, their cycle, and the rates of the town."""
    people = [PersonIn("Nguyen", "Hoa"), PersonIn("Ortega", "Luis")]
    added = customers.add_people(people=people, on=ON, by=DANA, at=AT)
    rate = Schedule.objects.create(key="t/r-1", utility="T", code="R-1", name="R-1", customer_class="residential")
    rider = Schedule.objects.create(key="t/nem", utility="T", code="NEM", name="NEM", customer_class="residential")
    return added, accounts.define_cycle(code="04", name="Harbor", by=DANA, at=AT), rate, rider, points


def test_accounts_and_service_by_the_batch(desk):
    (hoa, luis), cycle, rate, rider, points = desk

    def one_by_one():
        account = accounts.open_account(
            customer=hoa, customer_class="residential", cycle=cycle, on=ON, by=DANA, at=AT, old_number="04-17"
        )
        accounts.add_role(account=account, person=luis, role="third-party", period=Period(ON), by=DANA, at=AT)
        move = start_service(account=account, points=tuple(points[:2]), schedule=rate, on=ON, by=DANA, at=AT)
        accounts.add_rider(agreement=move.started, schedule=rider, on=ON, by=DANA, at=AT)
        accounts.state_fact(agreement=move.started, name="medical", value="yes", period=Period(ON), by=DANA, at=AT)
        accounts.start_agreement(account=account, kind=AgreementKind.EXCESS_CREDIT, on=ON, by=DANA, at=AT)

    def batch():
        wanted = AccountIn(hoa, "residential", cycle, ON, old_number="04-17", others=(("third-party", luis),))
        (account,) = accounts.open_accounts(accounts=[wanted], by=DANA, at=AT)
        start_services(
            agreements=[
                AgreementIn(account, AgreementKind.ENERGY, ON, rate, tuple(points[:2]), (rider,), {"medical": "yes"}),
                AgreementIn(account, AgreementKind.EXCESS_CREDIT, ON),
            ],
            by=DANA, at=AT,
        )  # fmt: skip

    alike(one_by_one, batch, lambda: (
        rows(Account, "customer_class", "cycle", "dispatch", "opened_on", "old_number"),
        rows(AccountRole, "person__name", "role", "period"),
        rows(Agreement, "kind", "premise", "period", "subledger__code", "started_by"),
        rows(AgreementPoint, "point", "use", "period"), rows(AgreementRate, "schedule", "rider", "period"),
        rows(AgreementFact, "name", "value", "period"), rows(SwitchState, "point", "state", "span"), events(),
    ))  # fmt: skip


def test_a_point_that_is_taken_starts_nothing(desk):
    (hoa, luis), cycle, rate, _, points = desk
    wanted = [AccountIn(person, "residential", cycle, ON) for person in (hoa, luis)]
    hers, his = accounts.open_accounts(accounts=wanted, by=DANA, at=AT)
    start_service(account=hers, points=(points[1],), schedule=rate, on=ON + timedelta(days=9), by=DANA, at=AT)
    asked = [AgreementIn(his, AgreementKind.ENERGY, ON, rate, (point,)) for point in points]
    with pytest.raises(CannotServe, match=f"Account {hers.number} has service there"), transaction.atomic():
        accounts.start_agreements(agreements=asked, by=DANA, at=AT)
    for lacking in (AgreementIn(his, AgreementKind.ENERGY, ON, rate), AgreementIn(his, AgreementKind.ENERGY, ON)):
        with pytest.raises(CannotServe, match="Choose"), transaction.atomic():
            accounts.start_agreements(agreements=[lacking], by=DANA, at=AT)
    assert Agreement.objects.count() == 1


@pytest.fixture
def counter(desk):
    """Two accounts that owe, and an open drawer."""
    people, cycle, rate, _, points = desk
    wanted = [AccountIn(person, "residential", cycle, ON) for person in people]
    both = accounts.open_accounts(accounts=wanted, by=DANA, at=AT)
    asked = [AgreementIn(a, AgreementKind.ENERGY, ON, rate, (p,)) for a, p in zip(both, points[:2], strict=True)]
    for agreement in start_services(agreements=asked, by=DANA, at=AT):
        for day, cents in ((date(2026, 9, 1), 8000), (date(2026, 10, 1), 5000)):
            legs = (
                Leg("receivable", Money(cents), agreement.subledger_id, owed_on=day),
                Leg("revenue-residential", Money(-cents)),
            )
            ledger.post(draft=Draft(f"bill:{agreement.pk}:{day}", "bill", day, legs), at=AT, by=DANA)
    source = payments.define_source(
        key="drawer-2", name="Drawer 2", kind="drawer", opening_float=Money(20000), gl_code="cash-drawers"
    )
    return payments.open_control(source=source, by=DANA, at=AT), both


def paying(both):
    hers, his = both
    tender = lambda kind, cents, handed=None: TenderIn(kind, Money(cents), Money(handed or cents))  # noqa: E731
    return [
        EventIn((tender("cash", 6000, 10000),), {hers: Money(6000)}, AT - timedelta(hours=2)),
        EventIn((tender("check", 9000), tender("cash", 1000)), {hers: Money(3000), his: Money(7000)}, AT),
        EventIn((tender("card", 20000),), {hers: Money(20000)}, AT),
    ]


def test_payments_by_the_batch(counter):
    """The third pays what two before it left, and what is left over becomes a credit."""
    control, both = counter

    def one_by_one():
        for one in paying(both):
            payments.post_event(control=control, tenders=one.tenders, payments=one.payments, on=ON, by=DANA, at=one.at)

    def batch():
        payments.post_events(control=control, events=paying(both), on=ON, by=DANA, at=AT)

    def see():
        receipts = list(PaymentEvent.objects.order_by("pk").values_list("receipt", flat=True))
        told = [text.replace(receipt, f"R{n}") for text in events() for n, receipt in enumerate(receipts)
                if receipt in text]  # fmt: skip
        return (
            rows(PaymentEvent, "received_on", "recorded_at", "recorded_by"),
            rows(Tender, "control", "kind", "amount", "handed_over", "reference"), rows(Payment, "account", "amount"),
            rows(PaymentSegment, "agreement__kind", "agreement__account", "amount"),
            rows(Entry, "kind", "effective_on", "posted_by", "legs"),
            rows(Posting, "code", "payoff", "current", "owed_on", "subledger__agreement__account"), sorted(told),
        )  # fmt: skip

    seen = alike(one_by_one, batch, see)
    assert ("excess-credit", both[0].pk, Money(16000)) in seen[3]


def test_a_batch_with_one_wrong_event_posts_nothing(counter):
    control, both = counter
    wrong = EventIn((TenderIn("card", Money(500), Money(500)),), {both[0]: Money(400)}, AT)
    with pytest.raises(CannotTake, match="must be the same"), transaction.atomic():
        payments.post_events(control=control, events=[*paying(both), wrong], on=ON, by=DANA, at=AT)
    assert not Payment.objects.exists()
    assert payments.post_events(control=control, events=[], on=ON, by=DANA, at=AT) == []


def test_a_control_is_balanced_by_what_was_counted(counter):
    control, both = counter
    payments.post_events(control=control, events=paying(both), on=ON, by=DANA, at=AT)
    counted = {"cash": Money(27000), "check": Money(9000), "card": Money(20000)}
    short = counted | {"cash": Money(26500)}
    with pytest.raises(CannotTake, match="does not balance: cash"):
        payments.balance_control(control=control, counted=short, by=DANA, at=AT)
    payments.balance_control(control=control, counted=counted | {"voucher": Money(0)}, by=DANA, at=AT)
    assert TenderControl.objects.get().state == "balanced"
    assert Event.objects.get(name="payments.control.balanced").data["cents"] == 36000
    with pytest.raises(CannotTake, match="closed"):
        payments.post_events(control=control, events=paying(both), on=ON, by=DANA, at=AT)
    payments.open_control(source=control.source, by=DANA, at=AT)
