"""The stories of the key accounts, found on their own pages in a browser by somebody whom nobody told where to look."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from django.test import override_settings
from playwright.sync_api import expect

from lamplighter.accounts import operations as accounts
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel
from lamplighter.tariffs.models import Schedule
from lamplighter.town.keyaccounts import key_accounts
from lamplighter.town.loads import counts
from tests.browser.looking import assert_accessible
from tests.keyaccounts.conftest import BEGAN, BOOK, READS, TODAY, billed, brew, known_as
from tests.keyaccounts.world import PEOPLE, Clock, World
from tests.town import DANA, ZONE, Town
from tests.web.conftest import make_person

OPENED = date(2026, 1, 5)
"""The bakery has had its shop for eight bills."""

LOADS = {one.key: one.services for one in key_accounts(TODAY)}


@pytest.fixture(scope="module")
def people(clone, tmp_path_factory):
    """Five customers of Joel's with the readings of the demo city's key accounts."""
    folder = tmp_path_factory.mktemp("stories")
    patch = pytest.MonkeyPatch()
    patch.setattr("lamplighter.web.visits.timezone", Clock)
    with override_settings(INTERVAL_STORE=str(folder / "intervals"), STATE=folder):
        with transaction.atomic():
            built = settle()
        yield built
    patch.undo()


def settle() -> World:
    for username, name, role in PEOPLE:
        make_person(username, name, role)
    town = Town(BEGAN)
    homes = {"Kelp & Kettle Brewing": brew(town)}
    nem = [town.adopts_book(f"{BOOK}/nem-1_{year}-07-01.toml", "commercial") for year in ("2024", "2026")][-1]
    homes["School District"] = opens(town, "school", ("high-school", 0), "GS-2")
    accounts.add_rider(agreement=homes["School District"].agreement, schedule=nem, on=BEGAN, by=DANA, at=town.at)
    billed(town, READS[:5])
    town.on(OPENED.isoformat())
    homes["Golden Sampan Bakery"] = opens(town, "bakery", ("golden-sampan", 0), "GS-1", since=OPENED)
    billed(town, READS[5:])
    homes["Green Buoy Market"] = opens(town, "store", ("green-buoy", 1), "GS-2")
    homes["Northquay Cold Storage"] = opens(town, "cold", ("northquay", 0), "GS-3")
    known = [known_as(home, name, at=town.at) for name, home in homes.items()]
    return World(town, known[0])


def opens(town, who, load, rate, since=BEGAN):
    """A home on a rate with the load of a service of the city: what comes in, what goes out, kVArh."""
    key, at = load
    service = LOADS[key][at]
    calendar, scale = slot_calendar(Period(since, TODAY), seconds=900, zone=ZONE), service.meter.multiplier
    delivered, received = counts(service.load, calendar, multiplier=scale)
    back = Channel(name="kWh back", unit="Wh", flow="received", interval=900)
    lagging = Channel(name="kVArh", unit="VARh", quantity="reactive", interval=900)
    beside = [back] * bool(received.any()) + [lagging] * bool(service.meter.lag)
    home = town.moves_in(who, Schedule.objects.get(code=rate), interval=900, on=since, beside=beside)
    accounts.state_fact(agreement=home.agreement, name="power_factor", value="0.95", period=Period(since), by=DANA,
                        at=town.at)  # fmt: skip
    town.uses(who, calendar.period, delivered * scale)
    if received.any():
        town.uses(who, calendar.period, received * scale, of=back)
    if service.meter.lag:
        town.uses(who, calendar.period, (delivered * scale * service.meter.lag).astype(int), of=lagging)
    return home


def test_kam_k3_the_brewerys_habit_is_told_with_what_it_costs_in_a_year(joel):
    joel.goto("/key/accounts/kelp-kettle-brewing/load/")
    main = joel.locator("main")
    expect(main).to_contain_text("10 of the 10 highest are at 10:15 am on Tuesdays and Thursdays.")
    expect(main).to_contain_text("All peaks at 10:15 am together cost $")
    row = joel.locator("#panel-peaks tbody tr").first
    expect(row).to_contain_text("Tue, Apr 14, 2026")
    expect(row).to_contain_text("412.0")
    assert_accessible(joel)


def test_the_cold_stores_power_factor_is_told_with_what_would_mend_it(joel):
    joel.goto("/key/accounts/northquay-cold-storage/load/")
    expect(joel.locator("main")).to_contain_text("The power factor is 0.82. About")
    expect(joel.locator("main")).to_contain_text("Nights are above days")


def test_kam_k6_the_schools_export_is_told_with_its_credit_and_the_true_up_to_come(joel):
    joel.goto("/key/accounts/school-district/load/")
    main = joel.locator("main")
    expect(main).to_contain_text("In July more went out than came in")
    expect(main).to_contain_text("Friday evenings stand out")
    expect(main).to_contain_text("What a roof made is in these readings")
    sheet = joel.request.get(joel.url + "?panel=heat&export=csv").text().splitlines()
    assert len(sheet) == 1 + 365
    assert sheet[0].endswith("22:00,23:00")
    panel = joel.locator("#panel-true-up")
    expect(panel).to_contain_text("Credit now")
    expect(panel).to_contain_text("About then")
    assert_accessible(joel)


def test_the_second_stores_refrigeration_drifts(joel):
    joel.goto("/key/accounts/green-buoy-market/load/")
    expect(joel.locator("main")).to_contain_text("The load at night rose steadily")


def test_kam_k4_the_bakery_crosses_fifty_kilowatts_and_is_compared_when_it_has_a_year(joel):
    joel.goto("/key/accounts/golden-sampan-bakery/load/")
    expect(joel.locator("main")).to_contain_text("GS-1 is for less than 50 kW")
    joel.goto("/key/accounts/golden-sampan-bakery/rates/")
    expect(joel.locator("main")).to_contain_text("No comparison is made. There are 8 bills here over 240 days.")
