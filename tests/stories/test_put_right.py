"""What was wrong for a year is put right at the desk: the ledger comes to the bills that should have been.

Each story has a twin, to whom the same happened and whose facts were right from the first day. In the end both owe the
same, bill by bill.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from lamplighter.accounts import operations as accounts
from lamplighter.billing.models import RebillRequest, Segment
from lamplighter.customers import operations as customers
from lamplighter.journeys.billing import bill_now
from lamplighter.journeys.moving import start_service, stop_service
from lamplighter.journeys.reading import correct_read
from lamplighter.journeys.rebilling import ask_for_channel
from lamplighter.kernel.instants import midnight
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger.queries import balances, differences
from lamplighter.metering import operations as metering
from lamplighter.metering.models import Channel, Multiplier
from lamplighter.platform.models import Approval
from lamplighter.platform.operations.limits import set_limit
from lamplighter.usage.models import RegisterRead
from lamplighter.usage.operations.registers import ReadIn, record_reads
from tests.billing.conftest import hourly
from tests.billing.test_true_up import BASE, NEM
from tests.town import DANA, FLAT, NIGHTLY, ZONE, Home, Town
from tests.web.conftest import make_person
from tests.web.wording import wording

MONTHS = [date(2026 + n // 12, n % 12 + 1, 1) for n in range(14)]
FAR = Period(date(2026, 1, 1), date(2027, 3, 1))
CONFIRMED = {"remark": "Seen on site.", "confirmed": "1"}


@pytest.fixture
def town(db, settings, tmp_path, monkeypatch):
    settings.INTERVAL_STORE = str(tmp_path / "intervals")
    town = Town(date(2026, 1, 1))
    for username, role in (("iris", "billing-analyst"), ("renee", "supervisor")):
        make_person(username, username.capitalize(), role)
    limits = (("billing-analyst", "billing.correct", 10_000_00), ("supervisor", "adjustments.approve", 100_000_00))
    for role, permission, cents in limits:
        set_limit(role=role, permission=permission, amount=Money(cents), on=town.today, by=DANA, at=town.at)

    class Clock:
        localdate = staticmethod(timezone.localdate)
        now = staticmethod(lambda: town.at)

    monkeypatch.setattr("lamplighter.web.visits.timezone", Clock)
    return town


@pytest.fixture
def at_desk(town, django_user_model):
    def sign_in(username: str) -> Client:
        client = Client()
        client.force_login(django_user_model.objects.get(username=username))
        return client

    return sign_in


def billed(town: Town, *untils: date, who: tuple[str, ...] = ("Ada", "Twin")) -> None:
    """Bills of both up to each day, issued the day after."""
    for until in untils:
        town.today = until + timedelta(days=1)
        for one in who:
            bill_now(agreement=town.homes[one].agreement, until=until, on=town.today, by=NIGHTLY, at=town.at)


def bills_again(client: Client, home: Home) -> None:
    """Whatever waits at an account, one after the other, as the page shows it."""
    page = f"/desk/accounts/{home.account.number}/do/rebill/"
    waiting = RebillRequest.objects.filter(agreement__account=home.account, state="waiting")
    while waiting.exists():
        form = client.get(page).context["form"]
        sent = client.post(page, {"request_key": str(uuid4()), "shown": form["shown"].value()})
        assert sent.status_code == 303, wording(sent)


def owed(*homes: Home) -> Money:
    found = balances([home.agreement.subledger_id for home in homes])
    return sum((one.payoff for one in found.values()), ZERO)


def charged(home: Home) -> list[tuple[date, Money]]:
    rows = Segment.objects.filter(agreement=home.agreement, cancelled_at=None).order_by("period")
    return [(row.period.start, row.total) for row in rows]


def assert_alike(home: Home, twin: Home) -> None:
    assert charged(home) == charged(twin)
    assert owed(home) == owed(twin) == sum((total for _, total in charged(twin)), ZERO)
    assert differences() == []


def test_twelve_months_on_a_wrong_multiplier(town, at_desk):
    """The CTs are 200:5, and nobody had entered them. Iris finds it, Renee decides."""
    rate = town.adopts(FLAT)
    ada, twin = town.moves_in("Ada", rate), town.moves_in("Twin", rate)
    metering.correct_multiplier(
        channel=twin.channel, factor=Decimal(40), period=Period(MONTHS[0]), by=DANA, at=town.at, remark="CT 200:5"
    )
    for who in ("Ada", "Twin"):
        town.uses(who, FAR, 30)
    billed(town, *MONTHS[1:13])
    for (_, ours), (_, theirs) in zip(charged(ada), charged(twin), strict=True):
        assert abs(ours.cents * 40 - theirs.cents) <= 20, "a fortieth was billed, to the half cent"
    url = f"/desk/meters/{ada.channel.meter.badge}/do/multiplier/"
    said = {"request_key": str(uuid4()), "channel": str(ada.channel.pk), "factor": "40", "start": "2026-01-01"}
    shown = at_desk("iris").post(url, said | {"remark": "CT 200:5"}).context["form"]["shown"].value()
    at_desk("iris").post(url, said | CONFIRMED | {"shown": shown})
    approval = Approval.objects.get(state="waiting")
    at_desk("renee").post(f"/lead/approvals/{approval.pk}/", {"decision": "yes"})
    assert len(charged(ada)) == 12
    assert_alike(ada, twin)


def test_a_move_that_is_told_forty_days_later(town, at_desk):
    """Ada left on April 21 and Ben came; on May 31 both say so. Ada had paid April and was billed for May."""
    rate = town.adopts(FLAT)
    left, told = date(2026, 4, 21), date(2026, 5, 31)
    ada, twin = town.moves_in("Ada", rate), town.moves_in("Twin", rate)
    for who in ("Ada", "Twin"):
        town.uses(who, FAR, 500)
    billed(town, MONTHS[3])
    town.pays("Ada", charged(ada)[0][1].cents)
    town.pays("Twin", charged(twin)[0][1].cents)
    town.today = left
    followed = moves_over(town, twin, "Twin's Ben", left)
    billed(town, MONTHS[4])
    town.today = told
    ben = moves_over(town, ada, "Ben", left)
    bills_again(at_desk("iris"), ada)
    billed(town, date(2026, 6, 30), who=("Ben", "Twin's Ben"))
    assert (charged(ada), charged(ben)) == (charged(twin), charged(followed))
    paid = charged(twin)[0][1]
    assert owed(ada, ben) == owed(twin, followed) == sum((one for _, one in charged(twin) + charged(followed)), -paid)
    assert [start for start, _ in charged(ben)] == [left]
    assert differences() == []


def moves_over(town: Town, home: Home, who: str, on: date) -> Home:
    """Somebody takes over a service from a day on, back to back."""
    person = customers.add_human(given=who, family="Town", by=DANA, at=town.at)
    account = accounts.open_account(
        customer=person, customer_class="residential", cycle=town.cycle, on=on, by=DANA, at=town.at
    )
    schedule = home.agreement.rates.get().schedule
    if home.agreement.period.open:
        stop_service(agreement=home.agreement, on=on, by=DANA, at=town.at)
    move = start_service(account=account, points=(home.point,), schedule=schedule, on=on, by=DANA, at=town.at)
    town.homes[who] = Home(account, move.started, home.channel, home.point)
    return town.homes[who]


def test_a_true_up_inside_what_is_billed_again(town, at_desk):
    """In March 400 kWh were said to be sent back and 300 were: the true-up of June paid too much, July drew on it."""
    base, rider = town.adopts(BASE), town.adopts(NEM.format(year="month = 6", price="0.5"))
    for who in ("Ada", "Twin"):
        home = town.moves_in(who, base)
        sent = hourly("sent", flow="received")
        sent.meter = home.channel.meter
        sent.save()
        Multiplier.objects.create(channel=sent, factor=1, period=Period(MONTHS[0]))
        accounts.add_rider(agreement=home.agreement, schedule=rider, on=MONTHS[0], by=DANA, at=town.at)
        for month in range(12):
            sends_back(town, who, sent, month, 100 if who == "Twin" or month != 2 else 400)
    sends_back(town, "Ada", roof(town, "Ada"), 2, 400)
    sends_back(town, "Twin", roof(town, "Twin"), 2, 300)
    billed(town, *MONTHS[1:8])
    ada, twin = town.homes["Ada"], town.homes["Twin"]
    assert charged(ada) != charged(twin)
    town.today = date(2026, 8, 20)
    sends_back(town, "Ada", roof(town, "Ada"), 2, 300)
    march = Period(MONTHS[2], MONTHS[3])
    ask_for_channel(channel=roof(town, "Ada"), period=march, reason="late-actual", cause="test", by=DANA, at=town.at)
    bills_again(at_desk("iris"), ada)
    assert_alike(ada, twin)
    settled = Segment.objects.get(agreement=ada.agreement, cancelled_at=None, period__startswith=MONTHS[5])
    assert settled.lines.get(code="settle").amount < ZERO, "and June is still the month of the true-up"


def roof(town: Town, who: str) -> Channel:
    return town.homes[who].channel.meter.channels.get(flow="received")


def sends_back(town: Town, who: str, sent: Channel, month: int, kwh: int) -> None:
    """50 kWh used and so many sent back, at noon of the tenth."""
    home, period = town.homes[who], Period(MONTHS[month], MONTHS[month + 1])
    usual = home.channel
    for channel, counted in ((usual, 50), (sent, kwh)):
        wh = [0] * round(period_hours(period))
        wh[9 * 24 + 12] = counted * 1000
        home.channel = channel
        town.uses(who, period, wh)
    home.channel = usual


def period_hours(period: Period) -> float:
    return (midnight(period.closed_end, ZONE) - midnight(period.start, ZONE)) / timedelta(hours=1)


def test_an_exchange_at_noon_whose_last_read_was_wrong(town, at_desk):
    """Old dials out at noon of May 15 and new ones in. The old meter's last read was written 300 too high."""
    rate = town.adopts(FLAT)
    for who, last in (("Ada", 1350), ("Twin", 1050)):
        home = town.moves_in(who, rate, interval=None)
        town.reads(who, ("2026-01-01", 0), ("2026-05-01", 900))
        exchanged(town, home, last=last, number=who)
    billed(town, MONTHS[4], MONTHS[5])
    ada, twin = town.homes["Ada"], town.homes["Twin"]
    assert charged(ada)[1][1] - charged(twin)[1][1] == Money(300 * 15)
    wrong = RegisterRead.objects.get(channel=ada.channel, count=1350)
    correct_read(read=wrong, count=1050, by=DANA, at=town.at, remark="The photo says 1050.")
    bills_again(at_desk("iris"), ada)
    assert charged(ada)[1][1] == Money((150 + 210) * 15), "150 on the old dials, 210 on the new"
    assert_alike(ada, twin)


def exchanged(town: Town, home: Home, *, last: int, number: str) -> None:
    noon = midnight(date(2026, 5, 15), ZONE) + timedelta(hours=12)
    metering.remove(meter=home.channel.meter, at=noon, by=DANA, recorded_at=town.at)
    dials = Channel(name="kWh", unit="Wh", power=3, interval=None, dials=5)
    meter = metering.add_meter(badge=f"N-{number}", channels=[dials], on=noon.date(), by=DANA, at=town.at)
    metering.install(meter=meter, point=home.point, at=noon, by=DANA, recorded_at=town.at)
    after = midnight(date(2026, 6, 1), ZONE) + timedelta(hours=9)
    reads = [ReadIn(home.channel, noon, last), ReadIn(dials, noon, 40), ReadIn(dials, after, 250)]
    record_reads(reads=reads, by=NIGHTLY, at=town.at)


def test_a_register_that_rolled_over_and_was_misread(town, at_desk):
    """99,900 and then 150: the dials went over zero, 250 kWh. Ada's reader had written 650."""
    rate = town.adopts(FLAT)
    for who, shown in (("Ada", 650), ("Twin", 150)):
        town.moves_in(who, rate, interval=None)
        town.reads(who, ("2026-01-01", 99_900), ("2026-02-01", shown))
    billed(town, MONTHS[1])
    ada, twin = town.homes["Ada"], town.homes["Twin"]
    assert charged(ada) == [(MONTHS[0], Money(750 * 15))]
    wrong = RegisterRead.objects.get(channel=ada.channel, count=650)
    correct_read(read=wrong, count=150, by=DANA, at=town.at, remark="A 1, not a 6.")
    bills_again(at_desk("iris"), ada)
    assert charged(ada) == [(MONTHS[0], Money(250 * 15))]
    assert_alike(ada, twin)
