"""A brewery with a year of bills, whose manager is Joel."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from lamplighter.accounts import operations as accounts
from lamplighter.customers import operations as customers
from lamplighter.customers.models import Person
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.actors import staff
from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.models import Organisation
from lamplighter.keyaccounts.operations import organisations as keeping
from tests.billing.conftest import factory
from tests.town import DANA, ZONE, Town
from tests.web.conftest import make_person

BOOK = "marisol-bay-power"
JOEL = staff("joel")
BEGAN, TODAY = date(2025, 8, 3), date(2026, 9, 10)
READS = [date(2025, 9, 3), date(2025, 10, 3), date(2025, 11, 4), date(2025, 12, 3), date(2026, 1, 5), date(2026, 2, 3),
         date(2026, 3, 4), date(2026, 4, 3), date(2026, 5, 4), date(2026, 6, 3), date(2026, 7, 2), date(2026, 8, 3),
         date(2026, 9, 2)]  # fmt: skip
SPIKE = date(2026, 4, 14)
"""A Tuesday on which the kettle started at 10:15 while the chillers ran."""


@pytest.fixture
def town(db, settings, tmp_path):
    settings.INTERVAL_STORE = str(tmp_path / "intervals")
    return Town(BEGAN)


@pytest.fixture
def joel(db):
    return make_person("joel", "Joel Castellanos", "account-manager")


def warmth(day):
    """Mean degrees Fahrenheit of a day, 46 in January and 70 in July."""
    return 58 - 12 * np.cos((day.timetuple().tm_yday - 20) / 365 * 2 * np.pi)


def brewery(calendar):
    """Wh by slot: the works of billing's tests without its noise, chillers that take 1 kW for each degree above 62, and
    the kettle on Tuesdays and Thursdays."""
    hot = np.array([max(warmth(day) - 62, 0) for day in calendar.period])[calendar.day_of]
    wh = (np.minimum(factory(calendar), 60_000) + 250 * hot).astype(np.int64)
    kettle = np.isin(calendar.weekdays, (1, 3)) & (calendar.minutes == 615)
    wh[kettle] = 75_000
    spike = (SPIKE - calendar.period.start).days
    if 0 <= spike < calendar.days:
        wh[(calendar.day_of == spike) & (calendar.minutes == 615)] = 103_000
    return wh


def brew(town, who="Kelp", until=TODAY):
    """An account on GS-2 with quarter hours since August 2025."""
    town.on(BEGAN.isoformat())
    rates = {
        code: [town.adopts_book(f"{BOOK}/{code}_{year}-07-01.toml", "commercial") for year in ("2024", "2026")][-1]
        for code in ("gs-1", "gs-2", "gs-3")
    }
    home = town.moves_in(who, rates["gs-2"], interval=900)
    accounts.state_fact(agreement=home.agreement, name="power_factor", value="0.95", period=Period(BEGAN), by=DANA,
                        at=town.at)  # fmt: skip
    days = Period(BEGAN, until)
    town.uses(who, days, brewery(slot_calendar(days, seconds=900, zone=ZONE)))
    return home


def billed(town, reads=READS):
    for day in reads:
        town.on(day.isoformat()).bills(day.replace(day=1).isoformat(), day.isoformat())
    return town.on(TODAY.isoformat())


def known_as(home, name, *, at, on=BEGAN) -> Organisation:
    """The account's customer as an organisation of Joel's."""
    Person.objects.filter(account_roles__account=home.account).update(
        kind=Person.Kind.ORGANISATION, name=name, sort_name=name
    )
    person = Person.objects.get(account_roles__account=home.account)
    return keeping.add_organisation(person=person, kind="customer", segment="Food and drink", business_code="312120",
                                    community=1, by=JOEL, at=at)  # fmt: skip


@pytest.fixture
def kelp(town, joel):
    """Kelp & Kettle as of 10 September 2026, with thirteen bills and no contact yet."""
    home = brew(town)
    billed(town)
    organisation = known_as(home, "Kelp & Kettle Brewing", at=town.at)
    keeping.assign(
        organisation=organisation, user=joel, part="lead", on=TODAY - timedelta(days=90), by=JOEL, at=town.at
    )
    return organisation


@pytest.fixture
def bare(town, joel):
    """The same organisation without a meter or a bill."""
    person = customers.add_organisation(name="Kelp & Kettle Brewing", by=JOEL, at=town.at)
    made = keeping.add_organisation(person=person, kind="customer", by=JOEL, at=town.at)
    keeping.assign(organisation=made, user=joel, part="lead", on=BEGAN, by=JOEL, at=town.at)
    return made
