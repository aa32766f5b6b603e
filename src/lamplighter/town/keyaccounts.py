"""The fourteen key accounts: large loads, each with a story, and the city with its forty-six services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from lamplighter.customers.operations import PersonIn
from lamplighter.town.habits import BANK, MAIL
from lamplighter.town.keyloads import KeyLoad
from lamplighter.town.loads import Load, Site
from lamplighter.town.places import district, place
from lamplighter.town.plan import Customer, Habit, MeterPlan, Reading, Service


def key_accounts(as_of: date) -> list[Customer]:
    return [
        _key("kelp-and-kettle", "Kelp & Kettle Brewing", 4, "2210 Dock St", "GS-2", since="1998-04-06", phone=1,
             multiplier=40, login="kelp"),
        _school_district(),
        _key("three-herons", "Three Herons Medical Center", 5, "2400 Heron Ct", "GS-3", since="1974-09-02", phone=3,
             load="hospital", multiplier=80),
        _key("northquay", "Northquay Cold Storage", 2, "2330 Quay St", "GS-3", since="1989-02-13", phone=4,
             load="cold-storage", multiplier=80, lag=0.698),
        _key("slackwater", "Slackwater Data", 12, "2480 Cable St", "GS-3", since="2019-11-04", phone=5,
             load="data-centre", multiplier=80),
        _key("ferry", "Marisol Ferry Terminal", 3, "2206 Ferry St", "GS-3", since="2022-05-16", phone=6, load="ferry",
             multiplier=80, customer_class="government"),
        replace(
            _key("lantern-dock", "Lantern Dock Shipworks", 4, "2290 Rigger St", "GS-3", since="1961-01-09", phone=7,
                 load="shipworks", multiplier=80),
            pays=replace(BANK, until=date.min),
        ),
        _foundry_row(as_of),
        _key("tern-hotel", "The Tern Hotel", 17, "2450 Beach Rd", "GS-2", since="1983-06-20", phone=9, load="hotel",
             multiplier=40, customer_class="commercial"),
        _green_buoy(),
        _key("mudflat", "Mudflat Biosciences", 13, "2520 Slough Rd", "GS-2", since="2016-08-15", phone=11,
             load="laboratory", multiplier=40),
        _city(),
        _bakery(as_of),
        _key("saint-orla", "Saint Orla Senior Homes", 8, "2340 Chestnut St", "GS-2", since="1992-10-05", phone=14,
             load="senior-homes", multiplier=40, customer_class="commercial"),
    ]  # fmt: skip


def _key(
    key: str, name: str, part: int, street: str, rate: str, *, since: str, phone: int, load: str = "",
    multiplier: int = 1, lag: float = 0.0, customer_class: str = "", login: str = "",
) -> Customer:  # fmt: skip
    """An account with one large meter. Where the meter counts kVArh, no test has set the power factor."""
    meter = MeterPlan(Reading.QUARTER, multiplier=multiplier, lag=lag)
    class_ = customer_class or ("industrial" if rate == "GS-3" else "commercial")
    one = _service(street, part, rate, KeyLoad(load or key, phone), meter, facts=None if lag else TESTED)
    return _account(key, name, part, since, (one,), phone=phone, customer_class=class_, login=login)


TESTED = {"power_factor": "0.95"}


def _account(
    key: str, name: str, part: int, since: str, services: tuple[Service, ...], *, phone: int,
    customer_class: str = "commercial", pays: Habit = BANK, login: str = "", on: date | None = None,
) -> Customer:  # fmt: skip
    slug = key.replace("-", "")
    person = PersonIn(name, contacts=(("phone", f"(510) 555-01{60 + phone}"), ("email", f"energy@{slug}.example.net")))
    return Customer(
        key=key, person=person, customer_class=customer_class, district=part, since=on or date.fromisoformat(since),
        pays=pays, services=services, email_only=bool(login), login=login, on=on,
    )  # fmt: skip


def _service(
    street: str, part: int, rate: str, load: Load | None, meter: MeterPlan | None,
    *, facts: Mapping[str, str] | None = None, riders: tuple[str, ...] = (), use: str = "commercial",
) -> Service:  # fmt: skip
    where = place(street, part, use=use, metered=meter is not None)
    return Service(where, rate, load, meter, riders=riders, facts=facts or {})


def _register(street: str, part: int, seed: int, kind: str, kw: float) -> Service:
    """A small service of a larger customer, read by its dials."""
    load = Site(seed, kind, base=kw * 0.2, active=kw)
    return _service(street, part, "GS-1", load, MeterPlan(Reading.REGISTER))


def _school_district() -> Customer:
    """The high school with its solar roof, and ten more schools."""
    roof = MeterPlan(Reading.QUARTER, multiplier=40, sends=True)
    high = _service("2600 Levee Way", 13, "GS-2", KeyLoad("high-school", 2), roof, facts=TESTED, riders=("NEM-1",))
    schools = [
        _register(f"{2610 + 2 * n} {district(part).streets[2]}", part, 500 + n, "office", 9 + 2.5 * n)
        for n, part in enumerate((1, 3, 6, 8, 9, 11, 15, 17, 19, 20))
    ]
    name = "Marisol Bay Unified School District"
    return _account("high-school", name, 13, "1958-09-08", (high, *schools), phone=2, customer_class="government")


def _foundry_row(as_of: date) -> Customer:
    """A street of 240 flats that is being planned: so far there is the power of a building site."""
    site = _register("2700 Foundry Way", 11, 520, "workshop", 14.0)
    began = as_of - timedelta(days=75)
    return _account("foundry-row", "Foundry Row Partners", 11, "", (site,), phone=8, on=began)


def _green_buoy() -> Customer:
    stores = tuple(
        _service(street, part, "GS-2", KeyLoad(f"market-{n}", 530 + n), MeterPlan(Reading.QUARTER, multiplier=40),
                 facts=TESTED)
        for n, (street, part) in enumerate(
            (("2420 Oak St", 8), ("2460 Cannery Row", 16), ("2490 Lagoon Dr", 18)), start=1
        )
    )  # fmt: skip
    return _account("green-buoy", "Green Buoy Market", 8, "2001-03-12", stores, phone=10)


def _bakery(as_of: date) -> Customer:
    """It took the building eight months ago."""
    ovens = _service("2240 Anvil St", 11, "GS-1", KeyLoad("bakery", 13), MeterPlan(Reading.QUARTER))
    came = as_of - timedelta(days=243)
    return _account("golden-sampan", "Golden Sampan Bakery", 11, "", (ovens,), phone=13, pays=MAIL, on=came)


def _city() -> Customer:
    """One bill for forty-six services: the pump station, buildings, and the street lights of every district."""
    pumps = _service("2500 Sedge Ct", 14, "GS-2", KeyLoad("pump-station", 12), MeterPlan(Reading.QUARTER), facts=TESTED)
    buildings = [
        ("2100 Oak St", 8, "office", 22.0), ("2110 Otis Dr", 5, "office", 16.0), ("2120 Harbor Way", 1, "shop", 12.0),
        ("2130 Walnut St", 8, "gym", 14.0), ("2140 Beach Rd", 17, "gym", 6.0), ("2150 Quay St", 2, "workshop", 15.0),
        ("2160 Slough Rd", 13, "workshop", 18.0), ("2170 Bay Ct", 15, "office", 5.0),
    ]  # fmt: skip
    others = [_register(street, part, 540 + n, kind, kw) for n, (street, part, kind, kw) in enumerate(buildings)]
    lifts = [
        _register(f"{2180 + 2 * n} {district(n + 1).streets[1]}", n + 1, 560 + n, "clinic", 2.0 + n % 5)
        for n in range(17)
    ]
    lights = [_lights(part) for part in range(1, 21)]
    services = (pumps, *others, *lifts, *lights)
    assert len(services) == 46
    return _account("city", "City of Marisol Bay", 14, "1931-01-02", services, phone=12, customer_class="government")


def _lights(part: int) -> Service:
    """The street lights of a district, billed by lamps."""
    lamps = {"lamps_led_40": str(38 + 3 * (part % 7)), "lamps_hps_200": str(2 + part % 5)}
    return _service(f"Street lights {district(part).name}", part, "SL", None, None, facts=lamps, use="lighting")
