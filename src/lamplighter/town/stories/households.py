"""The people of the stories: where they live, how they use power, how they pay. Thi Hoa is the first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from lamplighter.customers.operations import PersonIn
from lamplighter.town.habits import AUTOPAY, BANK, COUNTER, MAIL, ONLINE
from lamplighter.town.loads import Home, Site, Step
from lamplighter.town.places import cycle_of, district, place
from lamplighter.town.plan import Customer, Habit, MeterPlan, Reading, Service
from lamplighter.town.stories.timing import district_billed, nth_bill


def households(as_of: date) -> list[Customer]:
    fresh, old = district_billed(as_of, 5), district_billed(as_of, 16)
    stopped = as_of - timedelta(days=1)
    return [
        _home(("thi-hoa", "Thi Hoa", "Nguyen", 42), ("1418 Pacific Ave", 18), 2014, _until(COUNTER, as_of, 18, 3),
              unit="Apt B", language="vi", interpreter=True, badge="E-77120934", reading=Reading.HOURLY,
              facts={"medical": "yes"}, base=0.33, active=0.42, login="thihoa"),
        _home(("luis", "Luis", "Ortega", 2), ("1470 Anchor St", 1), 2021, ONLINE, unit="Apt 3", reading=Reading.HOURLY,
              base=0.12, active=0.5),
        Customer("hannah", _person("Hannah", "Brandt", 3), "residential", 1, stopped, ONLINE, (), on=stopped),
        _home(("okafor", "Chinedu & Ada", "Okafor", 4), ("1512 Chestnut St", 8), 2017, AUTOPAY, base=0.25, active=1.3),
        _home(("rosa", "Rosa", "Maldonado", 5), (_street(1422, fresh), fresh), 2009, replace(COUNTER, after=(12, 15)),
              unit="Apt 2", language="es", base=0.16, active=0.82),
        _home(("leung", "Kwok-Wah", "Leung", 6), (_street(1530, old), old), 1999, MAIL, language="zh-hant",
              base=0.2, active=0.9),
        _home(("leung-rental", "Kwok-Wah", "Leung", 6), (_street(1534, old), old), 2011,
              _until(MAIL, as_of, old, 0), base=0.1, active=0.6, same_as="leung"),
        _home(("gwen", "Gwen", "Pruitt", 7), ("1446 Willet Ct", 6), 2016, replace(MAIL, after=(8, 8)), base=0.2,
              active=0.9),
        _home(("dele", "Dele", "Adeyemi", 8), ("1606 Arbor Ave", 10), 2018, ONLINE, reading=Reading.HOURLY, base=0.3,
              active=1.1, step=Step(0.9, as_of - timedelta(days=62), (22, 6))),
        _home(("ines", "Ines", "Carvalho", 9), (_street(1438, fresh), fresh), 2013, BANK, base=0.22, active=1.0,
              guessed=1),
        _home(("bautista", "Rodel & Marites", "Bautista", 10), ("1426 Cable St", 12), 2010, COUNTER, unit="Apt 6",
              language="tl", base=0.2, active=0.9),
        _home(("rahimi", "Yusuf", "Rahimi", 11), ("1414 Hemp St", 12), 2020, BANK, unit="Apt 1",
              facts={"power_assist": "yes"}, base=0.2, active=0.8),
        _home(("pat", "Pat", "Kowalczyk", 12), ("1618 Pear Ct", 9), 1978, MAIL, base=0.2, active=0.7,
              others=(("third-party", _person("Karen", "Kowalczyk-Dunn", 13)),)),
        _home(("owen", "Owen", "Marsh", 14), ("1442 Bellows St", 11), 2019, _until(ONLINE, as_of, 11, 5), unit="Apt 9",
              base=0.3, active=1.0),
        _home(("wade", "Wade", "Tillery", 26), ("1446 Bellows St", 11), 2018, _until(COUNTER, as_of, 11, 4),
              unit="Apt 2", reading=Reading.HOURLY, base=0.18, active=0.7),
        _home(("tran", "Minh Anh", "Tran", 27), ("1450 Bellows St", 11), 2017, _until(ONLINE, as_of, 11, 7),
              unit="Apt 4", base=0.16, active=0.6),
        _home(("carla", "Carla", "Dietz", 15), ("1454 Shell St", 17), 2015, _until(ONLINE, as_of, 17, 3),
              base=0.2, active=0.9, slipped=1),
        _home(("whitfield", "Tom & Jo", "Whitfield", 16), ("1622 Ridge Ct", 19), 2006, _until(MAIL, as_of, 19, 4),
              base=0.35, active=1.2),
        Customer("sorensen", PersonIn("Estate of H. Sorensen", contacts=(("phone", _phone(17)),)), "residential", 20,
                 date(1969, 5, 1), _until(MAIL, as_of, 20, 1), (_service("1634 Beacon Ln", 20, Home(17, 0.14, 0.5)),)),
        _home(("alma", "Alma", "Vega", 18), ("1474 Anchor St", 1), 2003, BANK, unit="Apt 1", base=0.1, active=0.3),
        _home(("kip", "Kip", "Larsen", 19), ("1630 Cairn Ct", 20), 2012, ONLINE, reading=Reading.HOURLY, base=0.3,
              active=1.2, solar=9.6, riders=("NEM-1",)),
        _home(("fatima", "Fatima", "Haddad", 20), ("1450 Gull Point Dr", 7), 2018, AUTOPAY, reading=Reading.HOURLY,
              base=0.25, active=1.0, car=9.5),
        _home(("jun", "Jun", "Park", 21), (_street(1482, old), old), 2022, replace(ONLINE, after=(8, 8)), unit="Apt 5",
              base=0.08, active=0.34),
        _home(("ana", "Ana", "Quiroga", 22), ("1458 Cove Ln", 15), 2016, BANK, language="es", base=0.4, active=1.4),
        _home(("bea", "Bea", "Lindqvist", 23), ("1610 Quince Ln", 9), 2011, _until(BANK, as_of, 9, 1), base=0.25,
              active=1.1),
        _home(("tess-and-mo", "Tess & Mo", "Harker", 24), ("1434 Lagoon Dr", 18), 2023, AUTOPAY, reading=Reading.HOURLY,
              base=0.2, active=0.9, rate="R-TOU", email_only=True, login="tessmo"),
    ]  # fmt: skip


def shops() -> list[Customer]:
    faroles = Site(25, "grocery", base=1.4, active=3.2)
    person = PersonIn("Los Faroles LLC", trade_name="Los Faroles", contacts=(("phone", _phone(25)),))
    where = Service(place("1430 Twine Ln", 12, use="commercial"), "GS-1", faroles, MeterPlan(Reading.REGISTER))
    return [Customer("los-faroles", person, "commercial", 12, date(2024, 2, 5), MAIL, (where,))]


def _home(
    who: tuple[str, str, str, int], where: tuple[str, int], year: int, pays: Habit, *, unit: str = "",
    reading: Reading = Reading.REGISTER, base: float, active: float, car: float = 0.0, solar: float = 0.0,
    step: Step | None = None, rate: str = "R-1", badge: str = "", riders: tuple[str, ...] = (),
    facts: dict[str, str] | None = None, language: str = "en", interpreter: bool = False, login: str = "",
    others: tuple[tuple[str, PersonIn], ...] = (), email_only: bool = False, guessed: int | None = None,
    slipped: int | None = None, same_as: str = "",
) -> Customer:  # fmt: skip
    (key, given, family, phone), (street, part) = who, where
    load = Home(phone, base, active, car=car, solar=solar, step=step)
    meter = MeterPlan(reading, badge=badge, sends=bool(solar), guessed=guessed, slipped=slipped)
    one = Service(place(street, part, unit=unit), rate, load, meter, riders=riders, facts=facts or {})
    return Customer(
        key, _person(given, family, phone, language, interpreter=interpreter), "residential", part,
        date(year, 3, 1), pays, (one,), others=others, email_only=email_only, login=login,
        same_as=same_as,
    )  # fmt: skip


def _street(number: int, part: int) -> str:
    """An address in a district that depends on the day of the city."""
    return f"{number} {district(part).streets[2]}"


def _service(street: str, part: int, load: Home) -> Service:
    return Service(place(street, part), "R-1", load, MeterPlan(Reading.REGISTER))


def _person(given: str, family: str, phone: int, language: str = "en", *, interpreter: bool = False) -> PersonIn:
    mail = "".join(letter for letter in given.lower() if letter.isalpha()) + "@example.net"
    contacts = (("mobile", _phone(phone)), ("email", mail))
    return PersonIn(family, given, language=language, interpreter=interpreter, contacts=contacts)


def _phone(line: int) -> str:
    return f"(510) 555-01{line:02}"


def _until(habit: Habit, as_of: date, part: int, back: int) -> Habit:
    """Nothing is paid any more from that bill on, counted back from the newest."""
    return replace(habit, until=nth_bill(cycle_of(part), as_of, back).bills_on)
