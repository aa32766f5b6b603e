"""The fourteen key accounts of the demo city, walked by their managers, whom nobody told where to look: from the
portfolio to the account, and to the page where its story stands with its figure."""

from __future__ import annotations

import math
import re
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import expect

from lamplighter.billing.models import Bill, Segment
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.money import Money, total
from lamplighter.kernel.periods import Period
from lamplighter.town.build import build
from lamplighter.town.calendar import ZONE, at
from lamplighter.town.census import plan_city
from lamplighter.town.loads import counts
from lamplighter.town.plan import Size
from tests.browser.looking import assert_accessible, sign_in
from tests.browser.views import VIEWS

TODAY = date(2026, 11, 20)
LEAST = Size(homes=30, hourly=16, shops=2, medium=1)
"""The key accounts whole, the people of the stories, and nearly nobody else; thirteen months."""


class Clock:
    """Stands where the web reads the time."""

    localdate = staticmethod(timezone.localdate)
    now = staticmethod(lambda: at(TODAY, 10, 30))


@pytest.fixture(scope="module")
def people(clone, tmp_path_factory):
    """The demo city, as `lamplighter demo` builds it."""
    folder = tmp_path_factory.mktemp("stories")
    patch = pytest.MonkeyPatch()
    patch.setattr("lamplighter.web.visits.timezone", Clock)
    with override_settings(INTERVAL_STORE=str(folder / "intervals"), STATE=folder):
        plan = plan_city(TODAY, LEAST)
        build(plan, now=at(TODAY, 10), tell=lambda *_: None)
        yield plan
    patch.undo()


class Walk:
    """A manager who opens an account from the portfolio, and goes from tab to tab."""

    def __init__(self, page, plan):
        self.page, self.begins = page, plan.begins
        self.plans = {one.key: one for one in plan.customers}
        self.main = page.locator("main")

    def opens(self, name, *tabs):
        self.page.goto("/key/portfolio/")
        self.main.get_by_role("link", name=name, exact=True).click()
        return self.goes_to(*tabs)

    def goes_to(self, *tabs):
        for tab in tabs:
            self.page.get_by_role("navigation", name="Sections").get_by_role("link", name=tab, exact=True).click()
        return self

    def turns_to(self, chip):
        self.main.get_by_role("link", name=chip, exact=True).first.click()
        return self

    def reads(self, *words):
        for said in words:
            expect(self.main).to_contain_text(said)
        return self

    def never_reads(self, words):
        expect(self.main).not_to_contain_text(words)
        return self

    def kw(self, key):
        """What the first service of an account drew and sent back in each interval as its meter counted it, in kW;
        their days; and which of them lie in the last 365."""
        service = self.plans[key].services[0]
        calendar = slot_calendar(Period(self.begins, TODAY), seconds=900, zone=ZONE)
        scale = service.meter.multiplier
        drawn, sent = (flow * scale * 4 / 1000 for flow in counts(service.load, calendar, multiplier=scale))
        days = np.array([calendar.day(int(day)) for day in calendar.day_of])
        return drawn, sent, days, days >= TODAY - timedelta(days=365)


@pytest.fixture
def joel(page, people):
    sign_in(page, username="joel")
    return Walk(page, people)


@pytest.fixture
def priya(page, people):
    sign_in(page, username="priya")
    return Walk(page, people)


def test_kam_k1_the_morning_names_the_new_peak_the_contract_and_the_work_on_dock_102(joel):
    joel.page.goto("/key/")
    joel.reads("Kelp & Kettle Brewing: 328 kW at 10:15 am, the highest since the last bill",
               "Slackwater Data: Firm power for 1.2 MW, minimum bill ends in 365 days",
               "Planned work on Dock 102", "Walnut 202", "Bright Nights Fair")  # fmt: skip


def test_kam_k3_the_brewerys_peaks_of_tuesdays_and_thursdays_cost_what_a_hand_finds(joel):
    joel.opens("Kelp & Kettle Brewing", "Load")
    joel.reads("highest are at 10:15 am on Tuesdays and Thursdays.", "All peaks at 10:15 am together cost $",
               "an earlier peak held demand at up to 329.6 kW")  # fmt: skip
    row = joel.page.locator("#panel-peaks tbody tr").first
    expect(row).to_contain_text("412.0")
    told, by_hand = dollars(row.inner_text().split("$")[1]), brewery_by_hand(joel)
    assert abs(told - by_hand) <= Decimal("0.24"), "twelve bills in each of two years, each line to the cent"
    assert_accessible(joel.page)


def brewery_by_hand(walk):
    """The highest day without its peak: what demand, held for eleven months at four fifths of it, comes to with tax,
    and the energy of that quarter hour."""
    drawn, _, days, year = walk.kw("kelp-and-kettle")
    top = days[np.argmax(np.where(year, drawn, 0))]
    bills = [
        bill.period for bill in Segment.objects.filter(agreement__premise__street="2210 Dock St").order_by("period")
    ]
    cost = Decimal(0)
    for nth, bill in enumerate(bills):
        asked = [demand(drawn, days, bills[max(nth - 11, 0) : nth + 1], without) for without in (None, top)]
        new = Decimal(sum(day >= date(2026, 7, 1) for day in bill)) / bill.days
        price = new * Decimal("12.40") + (1 - new) * Decimal("11.60")
        price *= 1 if 27 <= bill.days <= 33 else Decimal(bill.days) / 30
        if top in bill:
            kwh = (asked[0] - asked[1]) / 4
            cost += kwh * (
                Decimal("0.1110" if top.month in range(6, 10) else "0.1015") * Decimal("1.06") + Decimal("0.0003")
            )
        cost += (asked[0] - asked[1]) * price * Decimal("1.06") * (nth >= len(bills) - 12)
    return cost


def demand(drawn, days, bills, without):
    """The highest of the last of these bills, or four fifths of the highest of those before it."""
    *before, now = (drawn[np.isin(days, list(one)) & (days != without)].max() for one in bills)
    return Decimal(str(max([now, *(0.8 * one for one in before)])))


def dollars(text):
    return Decimal(re.sub(r"[^\d.]", "", text.split()[0]))


def test_the_brewerys_stagger_and_battery_stand_beside_each_other(joel):
    joel.opens("Kelp & Kettle Brewing", "What if")
    joel.reads("Stagger the kettle", "Battery of 200 kWh", "Stagger, and a smaller battery")
    joel.goes_to("Rates").reads("GS-3 would have cost")
    joel.goes_to("Plan").reads("Peak below 300 kW")


def test_kam_k6_the_schools_roof_exports_all_july_and_its_fridays_make_the_peak(priya):
    drawn, sent, days, _ = priya.kw("high-school")
    july = np.isin(days, list(Period(date(2026, 7, 1), date(2026, 8, 1))))
    out, within = (round(flow[july].sum() / 4) for flow in (sent, drawn))
    priya.opens("Marisol Bay Unified School District", "Load")
    priya.reads(f"In July more went out than came in: {out:,} kWh sent back, {within:,} kWh taken.",
                "Friday evenings stand out", "What a roof made is in these readings")  # fmt: skip
    priya.never_reads("large machines start and stop")
    expect(priya.page.locator("#panel-peaks tbody tr").first).to_contain_text("Fri,")
    sheet = priya.page.request.get(priya.page.url + "?panel=heat&export=csv").text().splitlines()
    assert len(sheet) == 1 + 365
    assert sheet[0].endswith("22:00,23:00")
    panel = priya.page.locator("#panel-true-up")
    expect(panel).to_contain_text("in June 2027")
    expect(panel).to_contain_text("Credit now")
    expect(panel).to_contain_text("About then")
    expect(priya.page.locator("#panel-sites tbody tr")).to_have_count(10 + 1)
    assert_accessible(priya.page, VIEWS[-1:])


def test_the_hospital_is_flat_tests_its_generators_and_has_two_lines(joel):
    drawn, _, _, year = joel.kw("three-herons")
    joel.opens("Three Herons Medical Center").reads("second line", "Hospital or clinic")
    joel.goes_to("Load")
    joel.reads("On 12 days the load fell by 8", "from 1 pm, each time on the first Tuesday of a month",
               f"{drawn[year].max():,.0f}\u00a0kW")  # fmt: skip
    joel.goes_to("Power").reads("Sustained outages")


def test_the_cold_stores_power_factor_costs_and_capacitors_mend_it(joel):
    drawn, _, _, year = joel.kw("northquay")
    kvar = drawn[year].mean() * (math.tan(math.acos(0.82)) - math.tan(math.acos(0.95)))
    joel.opens("Northquay Cold Storage", "Load")
    joel.reads(f"The power factor is 0.82. About {kvar:.0f} kVAr of capacitors would bring it to 0.95.",
               "Nights are above days")  # fmt: skip
    joel.goes_to("What if")
    joel.reads("Capacitors", "Demand response with the cold rooms")


def test_slackwater_is_flat_and_its_contract_ends_in_twelve_months(joel):
    joel.opens("Slackwater Data").reads("SC-02", "in 365 days", "being negotiated")
    joel.main.get_by_role("link", name="Open").first.click()
    joel.reads("minimum", "100,000.00", "Resolution 2022-05")


def test_the_ferry_takes_a_megawatt_and_a_half_for_nine_minutes(priya):
    assert 28 + 1500 * 9 / 15 == 928
    priya.opens("Marisol Ferry Terminal").reads("SC-04", "Electric ferry charging, managed")
    priya.goes_to("Load")
    priya.reads("22 times a day it is near 928 kW for one interval of 15 minutes")


def test_the_shipyards_welders_and_what_was_said_of_its_voltage(priya):
    priya.opens("Lantern Dock Shipworks", "Load").reads("large machines start and stop")
    priya.goes_to("Power")
    priya.reads("Lights dip when the welders start", "Logged the voltage at the crane", "Put the crane on a")


def test_foundry_row_waits_for_an_easement_and_a_transformer(priya):
    priya.opens("Foundry Row Partners").reads("Ask the city when the easement comes before the council")
    priya.page.goto("/key/pipeline/")
    priya.turns_to("Foundry Row").reads(
        "240 dwellings", "96 pieces", "46 weeks from the order", "Easement along the rail spur", "$184,000.00",
        "2,998.2 kVA",
    )  # fmt: skip


def test_the_hotels_boilers_become_heat_pumps(joel):
    joel.opens("The Tern Hotel", "What if").turns_to("Heat pumps for the boilers")
    joel.reads("of fuel", "The service carries", "Rebates that stack", "for gas boilers", "Keep it")


def test_the_second_store_drifts_and_the_third_has_fast_chargers(joel):
    joel.opens("Green Buoy Market", "Load")
    expect(joel.page.locator("#panel-sites tbody tr")).to_have_count(3)
    joel.turns_to("2460 Cannery Row").reads("The load at night rose steadily")
    joel.turns_to("2490 Lagoon Dr").reads("The load comes in bursts")
    joel.turns_to("2420 Oak St").never_reads("rose steadily").never_reads("in bursts")


def test_the_laboratory_lost_samples_in_an_outage_that_its_meter_told(joel):
    joel.opens("Mudflat Biosciences", "Power")
    joel.reads("Lost samples in the last outage", "the longest was", "UPS for what must not stop")


def test_the_citys_services_stand_on_one_bill(priya):
    priya.opens("City of Marisol Bay").reads("46 services")
    rows = priya.page.locator("#panel-services tbody tr")
    expect(rows).to_have_count(46)
    expect(rows.filter(has_text="Street lights")).to_have_count(20)
    year = Bill.objects.filter(account__roles__person__name="City of Marisol Bay").order_by("-issued_on")[:12]
    assert total(dollars_of(row) for row in rows.all()) == total(bill.charges for bill in year)


def dollars_of(row):
    return Money(int(dollars(row.inner_text().split("$")[-1]) * 100))


def test_kam_k4_the_bakery_crosses_fifty_kilowatts_and_is_compared_when_it_has_a_year(joel):
    joel.opens("Golden Sampan Bakery", "Load").reads("GS-1 is for less than 50 kW: ")
    joel.goes_to("Rates").reads("No comparison is made. There are 8 bills here")


def test_saint_orla_is_known_to_be_critical_without_power(priya):
    priya.opens("Saint Orla Senior Homes").reads("Care home", "Its own generator")
