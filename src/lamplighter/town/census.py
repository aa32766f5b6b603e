"""Who lives and works in Marisol Bay: the people of the stories, the key accounts, and everybody else by lot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from lamplighter.town import people
from lamplighter.town.calendar import CYCLES, billed_turns, turn_before
from lamplighter.town.habits import business_habit, household_habit
from lamplighter.town.keyaccounts import key_accounts
from lamplighter.town.loads import Home, Site
from lamplighter.town.places import DISTRICTS, district, home_address, place, shop_address
from lamplighter.town.plan import Customer, MeterPlan, Plan, Reading, Service, Size
from lamplighter.town.stories import told_scenes
from lamplighter.town.stories.households import households, shops
from lamplighter.town.stories.moves import vacant

SEED = "Marisol Bay"
SILENT = {Reading.HOURLY: 3, Reading.REGISTER: 5, Reading.QUARTER: 0}
EMAILED = (7, 14)  # the districts in which bills by email are being tried
THI_HOA = 518  # accounts opened before hers: the series begins with 204000, and hers is 204518-7


def plan_city(as_of: date, size: Size) -> Plan:
    """The same city for the same day and size, always."""
    random = Random(f"{SEED}/{size}")  # noqa: S311 - a city, not a secret
    begins = min(service_begins(cycle, as_of, size.months) for cycle in range(1, CYCLES + 1))
    directory = people.Directory(random)
    homes, corner, keys = households(as_of), shops(), key_accounts(as_of)
    taken = Counter(customer.district for customer in (*homes, *corner, *keys) if customer.services)
    living = sum(bool(customer.services) for customer in homes)
    hourly = size.hourly - sum(_is_hourly(customer) for customer in homes)
    filler = [
        *_homes(size.homes - living, hourly, taken, directory, random, as_of=as_of),
        *_shops(size.shops - len(corner), taken, directory, random, as_of=as_of),
        *_medium(size.medium, taken, directory, random, as_of=as_of),
    ]
    filler = [*_silenced(filler, as_of), *_successors(filler, directory, random, as_of)]
    random.shuffle(filler)
    first, *others = homes
    customers = [*others, *corner, *keys, *filler]
    present = [_present(one, as_of, size.months) for one in (first, *customers)]
    first, *here = sorted(present, key=lambda one: (one is not present[0], one.on is not None))
    here.insert(min(THI_HOA, len(here)), first)
    plan = Plan(as_of, size, begins, _numbered(here), vacant(), landlords=_tenants(filler))
    return replace(plan, scenes=told_scenes(plan))


def service_begins(cycle: int, as_of: date, months: int) -> date:
    """The day from which a cycle is billed here: the read before the first of its bills."""
    return turn_before(billed_turns(cycle, before=as_of, count=months)[0]).reads_on


def _homes(
    count: int, hourly: int, taken: Counter[int], directory: people.Directory, random: Random, *, as_of: date
) -> Iterator[Customer]:
    serials: Counter[int] = Counter()
    for number in range(count):
        part = _emptiest(taken)
        street, unit = home_address(district(part), serials[part])
        serials[part] += 1
        load = _home_load(random, flat=bool(unit), hourly=number < hourly)
        person = directory.household()
        by_email = part in EMAILED and random.random() < 0.08 and any(kind == "email" for kind, _ in person.contacts)
        yield Customer(
            key=f"home-{number + 1}", person=person, customer_class="residential", district=part,
            since=_since(random, as_of), pays=household_habit(random, as_of),
            services=(_home_service(street, unit, part, load, random, hourly=number < hourly),),
            email_only=by_email,
        )  # fmt: skip


def _home_load(random: Random, *, flat: bool, hourly: bool) -> Home:
    scale = random.lognormvariate(0, 0.33) * (0.55 if flat else 1.0)
    return Home(
        seed=random.randrange(2**31),
        base=0.16 * scale,
        active=0.95 * scale,
        life=random.choices(("evening", "daytime", "night"), (6, 3, 1))[0],
        heat=random.choices((0.004, 0.045), (8, 2))[0] * scale,
        cool=random.choices((0.01, 0.11), (3, 2))[0] * scale,
        car=random.uniform(6, 11) if hourly and random.random() < 0.16 else 0.0,
        solar=random.uniform(2.4, 5.0) if hourly and not flat and random.random() < 0.08 else 0.0,
    )


def _home_service(street: str, unit: str, part: int, load: Home, random: Random, *, hourly: bool) -> Service:
    facts = {}
    if random.random() < 0.13:
        facts["power_assist"] = "yes"
    if random.random() < 0.012:
        facts["medical"] = "yes"
    rate = "R-1"
    if hourly and not load.solar:
        chance = random.random()
        rate = "R-EV" if load.car and chance < 0.6 else "R-TOU" if chance < 0.18 else "R-1"
    return Service(
        place(street, part, unit=unit, facts={"heating": "electric"} if load.heat > 0.02 else {}),
        rate,
        load,
        MeterPlan(Reading.HOURLY if hourly else Reading.REGISTER, sends=bool(load.solar)),
        riders=("NEM-1",) if load.solar else (),
        facts=facts,
    )


def _shops(
    count: int, taken: Counter[int], directory: people.Directory, random: Random, *, as_of: date
) -> Iterator[Customer]:
    serials: Counter[int] = Counter()
    for number in range(count):
        part = _emptiest(taken)
        scale = random.lognormvariate(0, 0.6)
        kind = random.choice(("shop", "shop", "office", "restaurant", "clinic", "workshop"))
        load = Site(random.randrange(2**31), kind, base=0.7 * scale, active=4.2 * scale, cool=0.05 * scale)
        where = place(shop_address(district(part), serials[part]), part, use="commercial")
        serials[part] += 1
        yield Customer(
            key=f"shop-{number + 1}", person=directory.shop(number), customer_class="commercial", district=part,
            since=_since(random, as_of), pays=business_habit(random),
            services=(Service(where, "GS-1", load, MeterPlan(Reading.REGISTER)),),
        )  # fmt: skip


def _medium(
    count: int, taken: Counter[int], directory: people.Directory, random: Random, *, as_of: date
) -> Iterator[Customer]:
    for number in range(count):
        part = _emptiest(taken)
        name, kind = people.MEDIUM[number % len(people.MEDIUM)]
        peak = random.uniform(58, 210)
        load = Site(random.randrange(2**31), kind, base=peak * 0.28, active=peak * 0.6, cool=peak * 0.006)
        where = place(f"{2200 + 10 * number} {district(part).streets[0]}", part, use="commercial")
        yield Customer(
            key=f"medium-{number + 1}", person=directory.business(name), customer_class="commercial", district=part,
            since=_since(random, as_of), pays=business_habit(random),
            services=(
                Service(where, "GS-2", load, MeterPlan(Reading.QUARTER), facts={"power_factor": "0.95"}),
            ),
        )  # fmt: skip


def _silenced(filler: Sequence[Customer], as_of: date) -> Iterator[Customer]:
    """A few meters stopped talking, and were not read, before bills that went out in the last days."""
    recent = {
        cycle: last.reads_on
        for cycle in range(1, CYCLES + 1)
        if (last := billed_turns(cycle, before=as_of, count=1)[0]).bills_on >= as_of - timedelta(days=6)
    }
    silent: Counter[Reading] = Counter()
    for one in filler:
        meter = one.services[0].meter
        assert meter is not None
        if one.cycle in recent and silent[meter.reading] < SILENT[meter.reading]:
            silent[meter.reading] += 1
            since = recent[one.cycle] - timedelta(days=5)
            yield replace(one, services=(replace(one.services[0], meter=replace(meter, silent_since=since)),))
        else:
            yield one


def _successors(
    filler: Sequence[Customer], directory: people.Directory, random: Random, as_of: date
) -> Iterator[Customer]:
    """One flat in forty changed hands in the last eleven months; who came pays as electronically as who left."""
    flats = [one for one in filler if one.services[0].place.unit]
    for left in random.sample(flats, len(flats) // 40):
        habit = household_habit(random, as_of)
        while habit.electronic is not left.pays.electronic:
            habit = household_habit(random, as_of)
        came = as_of - timedelta(days=random.randrange(12, 330))
        yield Customer(
            key=f"{left.key}-next", person=directory.household(), customer_class="residential", district=left.district,
            since=came, pays=habit, services=(), on=came, takes_over=left.key,
        )  # fmt: skip


def _tenants(filler: Sequence[Customer]) -> tuple[tuple[str, str], ...]:
    """Alma Vega owns eleven flats by the harbor besides the empty one that she pays for herself."""
    flats = [one for one in filler if one.district == 1 and one.services and one.services[0].place.unit]
    return tuple((one.key, "alma") for one in flats[:11])


def _present(one: Customer, as_of: date, months: int) -> Customer:
    """Who came before the city's books begin was here when they began."""
    early = one.on is not None and one.on <= service_begins(one.cycle, as_of, months)
    return replace(one, on=None) if early else one


def _emptiest(taken: Counter[int]) -> int:
    """Districts, and with them the cycles, are kept equally long."""
    part = min((one.number for one in DISTRICTS), key=lambda part: (taken[part], part))
    taken[part] += 1
    return part


def _since(random: Random, as_of: date) -> date:
    """Customers have been here for between one and some thirty years, most of them not so long."""
    return as_of - timedelta(days=int(460 + random.betavariate(1.1, 3.2) * 11_000))


def _is_hourly(customer: Customer) -> bool:
    return any(one.meter is not None and one.meter.reading is Reading.HOURLY for one in customer.services)


def _numbered(customers: list[Customer]) -> tuple[Customer, ...]:
    """Every meter that no story names gets its badge."""
    badge = iter(range(77_100_004, 2**31, 37))
    return tuple(
        replace(
            customer,
            services=tuple(
                replace(one, meter=replace(one.meter, badge=one.meter.badge or f"E-{next(badge)}"))
                if one.meter is not None
                else one
                for one in customer.services
            ),
        )
        for customer in customers
    )
