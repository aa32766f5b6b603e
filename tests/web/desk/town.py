"""Marisol Bay as Dana sees it on Friday, November 20, 2026: a few households and shops with a year behind them.

Every story is told with the real operations, so that bills, balances and timelines agree with each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account, AccountRole
from lamplighter.billing.operations.converting import ConvertedBill, bring_bills
from lamplighter.billing.operations.crediting import credit
from lamplighter.billing.rules import BackBilling
from lamplighter.customers import operations as customers
from lamplighter.customers.models import Person
from lamplighter.intervals.gridding import grid, readings_of
from lamplighter.intervals.slots import SlotCalendar, slot_calendar
from lamplighter.journeys import reading, rebilling
from lamplighter.journeys.moving import start_service, stop_service
from lamplighter.kernel.actors import staff
from lamplighter.kernel.instants import midnight
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.metering import operations as metering
from lamplighter.metering.models import Channel
from lamplighter.notices.channels import Channel as Means
from lamplighter.notices.languages import Language
from lamplighter.notices.operations import compose, load_starter_templates, set_sender
from lamplighter.notices.queries import Request, draft
from lamplighter.payments import operations as payments
from lamplighter.payments.models import PaymentEvent
from lamplighter.payments.queries import expected_in
from lamplighter.payments.rules import TenderIn
from lamplighter.platform.operations.limits import set_limit
from lamplighter.premises import operations as premises
from lamplighter.premises.models import ServicePoint
from lamplighter.tariffs import operations as tariffs
from lamplighter.usage.intake.options import ImportOptions
from lamplighter.usage.operations.publishing import publish
from tests.town import ANALYST, BOOKS, DANA, NIGHTLY, ZONE, Home, Town
from tests.usage.feeds import HOURLY, hours, write

TUAN, OFFICE = staff("tuan"), staff("admin")
LIMITS = (("csr", "adjustments.ask", 2500), ("senior-csr", "adjustments.ask", 10000),
          ("supervisor", "adjustments.approve", 50000), ("billing-analyst", "billing.correct", 20000),
          ("senior-csr", "billing.correct", 2500))  # fmt: skip
NOW = datetime(2026, 11, 20, 17, 2, tzinfo=UTC)  # 9:02 am
SINCE = date(2025, 9, 3)
TODAY = date(2026, 11, 20)
FEED = date(2026, 11, 12)
SPIKE = 2 * 24 + 18  # November 14, 6 pm
READS = ("2025-10-03", "2025-11-04", "2025-12-03", "2026-01-05", "2026-02-03", "2026-03-04", "2026-04-03",
         "2026-05-04", "2026-06-03", "2026-07-02", "2026-08-03", "2026-09-02", "2026-10-03", "2026-11-04")  # fmt: skip
BOOK = "marisol-bay-power"
SCHOOL = "Marisol Bay Unified School District, Cypress Slough High School and Adult Education Center"


@dataclass(frozen=True)
class Neighbor:
    """Somebody with service: how they live, and what they are like at the counter."""

    name: str
    street: str
    unit: str = ""
    base: int = 260  # Wh an hour at night
    phone: str = ""
    email: str = ""
    language: str = "en"
    interpreter: bool = False
    pays: bool = True


NEIGHBORS = (
    Neighbor("Thi Hoa Nguyen", "1418 Pacific Ave", "Apt B", 320, "(510) 555-0142", "thihoa@example.net", "vi", True,
             pays=False),
    Neighbor("Rosa Maldonado", "27 Otis Dr", "", 210, "(510) 555-0117", language="es", pays=False),
    Neighbor("Dele Adeyemi", "9 Heron Ct", "", 380, "(510) 555-0163", "dele@example.net"),
    Neighbor("Gwen Pruitt", "310 Santa Clara Ave", "", 240, "(510) 555-0150"),
    Neighbor("Jun Park", "1210 Walnut St", "Apt 4", 180, email="jun.park@example.net"),
    Neighbor("Ines Carvalho", "84 Lincoln Way", "", 230),
    Neighbor("Kip Larsen", "5 Slough Rd", "", 250, "(510) 555-0172"),
)  # fmt: skip


def open_town(folder: Path) -> DeskTown:
    """The town with its whole year, ready for visitors at NOW. The interval store and the database are set; meter
    files that arrived lie in `folder`."""
    town = DeskTown(date(2025, 9, 1))
    town.furnishes()
    for neighbor in NEIGHBORS:
        town.settles(neighbor)
    town.one_flat_two_names()
    town.a_school()
    town.dials()
    town.somebody_new()
    town.lives()
    for reads_on in READS:
        town.passes_a_month(reads_on)
    town.stories()
    town.files_arrive(folder)
    town.opens_the_counter()
    return town


class DeskTown(Town):
    """The small town with names, addresses and rates of its own."""

    def furnishes(self) -> None:
        """Utility, rates, templates."""
        set_sender(
            utility="Marisol Bay Power", phone="(510) 555-0100", website="marisolbaypower.example",
            office="800 Foundry St, Marisol Bay CA 90555", email="help@marisolbaypower.example", by=DANA, at=self.at,
        )  # fmt: skip
        load_starter_templates(by=NIGHTLY, at=self.at, demo_town=True)
        for role, permission, cents in LIMITS:
            set_limit(role=role, permission=permission, amount=Money(cents), on=SINCE, by=OFFICE, at=self.at)
        self.rates = {}
        for book in ("r-1_2024-07-01", "r-1_2026-07-01", "nem-1_2024-07-01", "nem-1_2026-07-01"):
            rate = self.adopts_book(f"{BOOK}/{book}.toml")
            self.rates[rate.code] = rate
        for book in ("gs-1_2024-07-01", "gs-1_2026-07-01"):
            self.rates["GS-1"] = self.adopts_book(f"{BOOK}/{book}.toml", "commercial")
        self.shapes: list[tuple[Channel, date, date, np.ndarray]] = []
        self.neighbors: dict[str, Neighbor] = {}

    def point(self, street: str, unit: str = "") -> ServicePoint:
        premise = premises.add_premise(
            street=street, unit=unit, city="Marisol Bay", state="CA", postcode="90555", jurisdiction=self.city,
            by=DANA, at=self.at,
        )  # fmt: skip
        return premises.add_service_point(premise=premise, by=DANA, at=self.at)

    def sets_meter(self, point: ServicePoint, *channels: Channel, on: date = SINCE) -> list[Channel]:
        badge = f"E-7712{len(self.homes) + 1:04}"
        meter = metering.add_meter(
            badge=badge, channels=channels, on=on, by=DANA, at=self.at, maker="Landis+Gyr", model="E360",
            ami=bool(channels[0].interval),
        )  # fmt: skip
        metering.install(meter=meter, point=point, at=midnight(on, ZONE), by=DANA, recorded_at=self.at)
        return list(meter.channels.order_by("id"))

    def opens(self, person: Person, rate: str = "R-1", on: date = SINCE, **more: str) -> Account:
        schedule = self.rates[rate]
        return accounts.open_account(
            customer=person, customer_class=schedule.customer_class, cycle=self.cycle, on=on, by=DANA, at=self.at,
            **more,
        )  # fmt: skip

    def serves(self, name: str, account: Account, point: ServicePoint, channels: list[Channel], *, rate: str = "R-1",
               on: date = SINCE) -> Home:  # fmt: skip
        move = start_service(
            account=account, points=(point,), schedule=self.rates[rate], on=on, by=DANA, at=self.at, back_to_back=True
        )
        self.homes[name] = Home(account, move.started, channels[0], point)
        return self.homes[name]

    def settles(self, neighbor: Neighbor) -> Home:
        given, _, family = neighbor.name.rpartition(" ")
        person = customers.add_human(
            given=given, family=family, language=neighbor.language, interpreter=neighbor.interpreter, by=DANA,
            at=self.at,
        )  # fmt: skip
        for kind, value in (("mobile", neighbor.phone), ("email", neighbor.email)):
            if value:
                customers.add_contact_point(person=person, kind=kind, value=value, on=SINCE, by=DANA, at=self.at)
        point = self.point(neighbor.street, neighbor.unit)
        solar = neighbor.name == "Kip Larsen"
        back = [hourly(name="kWh back", flow="received")] if solar else []
        channels = self.sets_meter(point, hourly(), *back)
        home = self.serves(neighbor.name, self.opens(person), point, channels)
        if solar:
            accounts.add_rider(agreement=home.agreement, schedule=self.rates["NEM-1"], on=SINCE, by=DANA, at=self.at)
            self.shapes.append((channels[1], SINCE, TODAY, sunshine))
        base = neighbor.base
        until = FEED if neighbor.name == "Dele Adeyemi" else TODAY
        self.shapes.append((channels[0], SINCE, until, lambda calendar: household(calendar, base)))
        self.neighbors[neighbor.name] = neighbor
        return home

    def one_flat_two_names(self) -> None:
        """Luis Ortega moved out in June; Hannah Brandt has the flat since, and the garage behind it is Luis's still."""
        point = self.point("600 Willow St", "Apt 2")
        channels = self.sets_meter(point, hourly())
        luis = customers.add_human(given="Luis", family="Ortega", by=DANA, at=self.at)
        self.serves("Luis Ortega", self.opens(luis, old_number="10-44821"), point, channels)
        self.shapes.append((channels[0], SINCE, TODAY, lambda calendar: household(calendar, 200)))

    def a_school(self) -> None:
        point = self.point("2300 Cypress Slough Parkway", "Bldg C, Aquatic Center")
        school = customers.add_organisation(name=SCHOOL, by=DANA, at=self.at)
        channels = self.sets_meter(point, hourly())
        self.serves(SCHOOL, self.opens(school, "GS-1"), point, channels, rate="GS-1")
        self.shapes.append((channels[0], SINCE, TODAY, lambda calendar: household(calendar, 4200)))

    def dials(self) -> None:
        """Pat Kowalczyk's meter is read by hand, and her daughter hears of notices."""
        point = self.point("17 Ferry Ln")
        channels = self.sets_meter(point, Channel(name="kWh", unit="Wh", power=3, interval=None, dials=5))
        pat = customers.add_human(given="Pat", family="Kowalczyk", by=DANA, at=self.at)
        account = self.opens(pat)
        self.serves("Pat Kowalczyk", account, point, channels)
        daughter = customers.add_human(given="Anna", family="Kowalczyk", by=DANA, at=self.at)
        accounts.add_role(account=account, person=daughter, role=AccountRole.Role.THIRD_PARTY, period=Period(SINCE),
                          by=DANA, at=self.at)  # fmt: skip
        days = (SINCE.isoformat(), *READS)
        self.reads("Pat Kowalczyk", *((day, 41200 + 287 * n) for n, day in enumerate(days)))

    def somebody_new(self) -> None:
        """Tess Byrne moved in ten days ago: no bill, no payment, no note."""
        self.on("2026-11-10")
        point = self.point("44 Bayview Ter")
        tess = customers.add_human(given="Tess", family="Byrne", by=DANA, at=self.at)
        channels = self.sets_meter(point, hourly(), on=self.today)
        self.serves("Tess Byrne", self.opens(tess, on=self.today), point, channels, on=self.today)

    def lives(self) -> None:
        """All intervals at once; Ines's meter says nothing from October 12 on."""
        days = []
        for channel, first, end, shape in self.shapes:
            calendar = slot_calendar(Period(first, end), seconds=channel.interval, zone=ZONE)
            counts = np.round(shape(calendar)).astype(np.int64)
            readings = readings_of(
                channel.pk, starts=calendar.starts, counts=counts, seconds=np.diff(calendar.edges), quality=0
            )
            if channel.pk == self.homes["Ines Carvalho"].channel.pk:
                readings = readings.take(calendar.starts < midnight(date(2026, 10, 12), ZONE).timestamp())
            days.append(grid(readings, seconds=channel.interval, zone=ZONE).days)
        publish(batches=days, kind="import", by=NIGHTLY, at=self.at)

    def passes_a_month(self, reads_on: str) -> None:
        """The cycle is billed; ten days later those who pay have paid."""
        self.on(reads_on)
        if reads_on == "2026-07-02":
            self.changes_hands()
        self.bills(self.today.replace(day=1).isoformat(), reads_on)
        self.today += timedelta(days=10)
        for name, neighbor in self.neighbors.items():
            bill = self.bill_of(name)
            late = self.today >= date(2026, 11, 1) or (name == "Thi Hoa Nguyen" and self.today >= date(2026, 8, 1))
            fresh = bill and bill.issued_on == self.today - timedelta(days=10)
            if fresh and bill.due.cents > 0 and (neighbor.pays or not late):
                self.pays(name, bill.due.cents)
        if reads_on == "2026-10-03":
            self.on("2026-10-12").pays("Thi Hoa Nguyen", 6000)

    def changes_hands(self) -> None:
        self.today = date(2026, 6, 18)
        luis = self.homes["Luis Ortega"]
        hannah = customers.add_human(given="Hannah", family="Brandt", by=DANA, at=self.at)
        stop_service(agreement=luis.agreement, on=self.today, by=DANA, at=self.at)
        self.serves("Hannah Brandt", self.opens(hannah, on=self.today), luis.point, [luis.channel], on=self.today)
        self.today = date(2026, 7, 2)

    def stories(self) -> None:
        """What the last weeks brought: a note, a notice, a check that came back, ten times what was owed."""
        self.on("2026-11-18").warns("Thi Hoa Nguyen")
        accounts.write_note(
            account=self.homes["Thi Hoa Nguyen"].account, by=DANA, at=self.at,
            words="Asks for letters in Vietnamese. Daughter Linh interprets on weekdays after 3.",
        )  # fmt: skip
        self.on("2026-11-16")
        returned = PaymentEvent.objects.filter(payments__account=self.homes["Gwen Pruitt"].account).latest("id")
        payments.reverse_event(event=returned, reason="returned", on=self.today, by=DANA, at=self.at)
        self.pays("Jun Park", 41200)
        self.proposes_next_year()
        self.reads_again()
        self.remembers_the_old_system()
        credit(
            agreement=self.homes["Thi Hoa Nguyen"].agreement, reason="goodwill", amount=Money(15000), by=TUAN,
            at=self.at, remark="Two weeks without an answer to her complaint.", key="desk-town", on=self.today,
        )  # fmt: skip
        self.on("2026-11-20").window("2026-12-01", "2026-12-03")

    def warns(self, name: str) -> None:
        account = self.homes[name].account
        values = {
            "customer": name, "premise": "1418 Pacific Ave Apt B", "account": account.number, "sent": self.today,
            "amount": Money(18642), "pay_by": date(2026, 12, 3), "off_on": date(2026, 12, 7),
            "ask_by": date(2026, 12, 1),
        }  # fmt: skip
        request = Request(
            "past-due", Means.LETTER, Language.VIETNAMESE, "desk-town:1", account.subject, "person:1",
            (name, "1418 Pacific Ave Apt B", "Marisol Bay, CA 90555"), values, account=account.pk,
        )  # fmt: skip
        compose(drafts=[draft(request)], by=NIGHTLY, at=self.at)

    def proposes_next_year(self) -> None:
        text = (BOOKS / BOOK / "r-1_2027-07-01_draft.toml").read_text()
        made = tariffs.draft(text=text, file="r-1_2027.toml", customer_class="residential", by=ANALYST, at=self.at)
        tariffs.propose(version=made, by=ANALYST, at=self.at, remark="For the board of December 14.")

    def reads_again(self) -> None:
        """Pat's October read was 100 kWh too high: her newest bill is cancelled and billed again."""
        pat = self.homes["Pat Kowalczyk"]
        wrong = pat.channel.reads.order_by("-at")[0]
        _, asked = reading.correct_read(
            read=wrong, count=wrong.count - 100, by=DANA, at=self.at, remark="The photo shows a 1, not a 2."
        )
        for request in asked:
            rebilling.settle(request=request, policy=BackBilling(), on=self.today, by=NIGHTLY, at=self.at)

    def remembers_the_old_system(self) -> None:
        rosa = self.homes["Rosa Maldonado"].account
        old = ConvertedBill(rosa, "10-4481", date(2025, 9, 3), date(2025, 9, 24), Money(0), Money(6120), Money(6120))
        bring_bills(bills=[old], by=NIGHTLY, at=self.at)

    def files_arrive(self, folder: Path) -> None:
        """Dele's last week comes as a file with a spike, a meter that nobody knows and a line of nonsense."""
        self.on("2026-11-19")
        dele = self.homes["Dele Adeyemi"].channel
        calendar = slot_calendar(Period(FEED, date(2026, 11, 19)), seconds=3600, zone=ZONE)
        counts = np.round(household(calendar, 380)).astype(int).tolist()
        counts[SPIKE] = 31_000
        rows = [*hours(FEED.isoformat(), counts, dele.meter.badge), *hours(FEED.isoformat(), [500] * 48, "E-99990001")]
        path = write(folder, "neighborhood-2026-11-19.csv", [*rows, (dele.meter.badge, "yesterday", 500)])
        reading.import_file(path=path, options=ImportOptions(mapping=HOURLY), by=NIGHTLY, at=self.at)

    def opens_the_counter(self) -> None:
        """Last year's drawer is handed in; today Dana has none open yet."""
        payments.balance_control(control=self.drawer, counted=expected_in(self.drawer), by=DANA, at=self.at)
        for number in (1, 3):
            payments.define_source(
                key=f"drawer-{number}", name=f"Drawer {number}", kind="drawer", opening_float=Money(20000),
                gl_code="cash-drawers",
            )  # fmt: skip

    def pays(self, who: str, cents: int, kind: str = "cash") -> PaymentEvent:
        return payments.post_event(
            control=self.drawer, tenders=[TenderIn(kind, Money(cents), Money(cents))],
            payments={self.homes[who].account: Money(cents)}, on=self.today, by=TUAN, at=self.at,
        )  # fmt: skip


def hourly(name: str = "kWh", **kwargs: object) -> Channel:
    return Channel(name=name, unit="Wh", power=0, interval=3600, **kwargs)


def household(calendar: SlotCalendar, base: int) -> np.ndarray:
    """Wh by slot: low at night, more in the evening; hot in mid-September, and a little more each year."""
    hours = calendar.minutes / 60
    random = np.random.default_rng(base)
    shape = base + 1.9 * base * np.exp(-((hours - 19) ** 2) / 8) + 0.5 * base * np.exp(-((hours - 7.5) ** 2) / 3)
    daily = 0.8 + 0.4 * random.random(calendar.days)
    day = np.arange(calendar.days)
    daily *= 1 + 0.35 * (day > 380)  # the autumn of 2026
    return shape * daily[calendar.day_of] * calendar.seconds / 3600


def sunshine(calendar: SlotCalendar) -> np.ndarray:
    """Wh by slot that a roof sends back around noon."""
    hours = calendar.minutes / 60
    return 2600 * np.clip(np.sin((hours - 7) / 11 * np.pi), 0, 1) * (hours > 7) * calendar.seconds / 3600
