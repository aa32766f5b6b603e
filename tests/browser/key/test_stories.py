"""The fourteen key accounts of the demo city, walked by their managers, whom nobody told where to look: from the
portfolio to the account, and to the page where its story stands with its figure."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pptx import Presentation

from lamplighter.billing.models import Adjustment, Bill, Segment
from lamplighter.cases.models import Requirement
from lamplighter.jobs import ratestudies as jobs
from lamplighter.kernel.money import Money, total
from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.models import Issue, Paper
from lamplighter.platform.models import Run
from lamplighter.ratestudies.models import Forecast
from tests.browser.key import deeds
from tests.browser.key.walk import TODAY, account_of, dollars
from tests.browser.looking import assert_accessible
from tests.browser.views import VIEWS


@pytest.fixture
def joel(be):
    return be("joel")


@pytest.fixture
def priya(be):
    return be("priya")


def test_kam_k1_the_morning_names_the_new_peak_the_contract_and_the_work_on_dock_102(joel):
    joel.looks_at("/key/").reads("Kelp & Kettle Brewing: 328 kW at 10:15 am, the highest since the last bill",
               "Slackwater Data: Firm power for 1.2 MW, minimum bill ends in 365 days",
               "Planned work on Dock 102", "Walnut 202", "Bright Nights Fair")  # fmt: skip


def test_kam_k3_the_brewerys_peaks_of_tuesdays_and_thursdays_cost_what_a_hand_finds(joel):
    joel.opens("Kelp & Kettle Brewing", "Load")
    joel.reads("highest are at 10:15 am on Tuesdays and Thursdays.", "All peaks at 10:15 am together cost $",
               "an earlier peak held demand at up to 329.6 kW")  # fmt: skip
    worst = joel.rows("peaks")[0]
    assert "412.0" in worst
    told, by_hand = dollars(worst.split("$")[1]), brewery_by_hand(joel)
    assert abs(told - by_hand) <= Decimal("0.24"), "twelve bills in each of two years, each line to the cent"
    assert_accessible(joel.page)


def brewery_by_hand(walk):
    """The highest day without its peak: what demand, held for eleven months at four fifths of it, comes to with tax,
    and the energy of that quarter hour."""
    drawn, _, days, year = walk.kw("kelp-and-kettle")
    top = days[np.argmax(np.where(year, drawn, 0))]
    highest = defaultdict[date, float](float)
    for day, kw in zip(days, drawn, strict=True):
        highest[day] = max(highest[day], kw)
    bills = [
        bill.period for bill in Segment.objects.filter(agreement__premise__street="2210 Dock St").order_by("period")
    ]
    cost = Decimal(0)
    for nth, bill in enumerate(bills):
        asked = [demand(highest, bills[max(nth - 11, 0) : nth + 1], without) for without in (None, top)]
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


def demand(highest, bills, without):
    """The highest of the last of these bills, or four fifths of the highest of those before it."""
    *before, now = (max(highest[day] for day in one if day != without) for one in bills)
    return Decimal(str(max([now, *(0.8 * one for one in before)])))


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
    priya.reads("in June 2027", "Credit now", "About then")
    assert "Fri," in priya.rows("peaks")[0]
    assert len(priya.rows("sites")) == 10 + 1
    sheet = priya.sheet("heat")
    assert len(sheet) == 1 + 365
    assert sheet[0].endswith("22:00,23:00")
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
    joel.reads("Capacitors").turns_to("Demand response with the cold rooms")
    joel.reads("a year is no part of the bills: the program pays", "that are cut on call")


def test_slackwater_is_flat_and_its_contract_ends_in_twelve_months(joel):
    joel.opens("Slackwater Data").reads("SC-02", "in 365 days", "being negotiated")
    joel.turns_to("Open").reads("minimum", "100,000.00", "Resolution 2022-05")


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
    priya.looks_at("/key/pipeline/").turns_to("Foundry Row").reads(
        "240 dwellings", "96 pieces", "46 weeks from the order", "Easement along the rail spur", "$184,000.00",
        "2,998.2 kVA",
    )  # fmt: skip


def test_the_hotels_boilers_become_heat_pumps(joel):
    joel.opens("The Tern Hotel", "What if").turns_to("Heat pumps for the boilers")
    joel.reads("of fuel", "The service carries", "Rebates that stack", "for gas boilers", "Keep it")


def test_the_second_store_drifts_and_the_third_has_fast_chargers(joel):
    joel.opens("Green Buoy Market", "Load")
    assert len(joel.rows("sites")) == 3
    joel.turns_to("2460 Cannery Row").reads("The load at night rose steadily")
    joel.turns_to("2490 Lagoon Dr").reads("The load comes in bursts")
    joel.turns_to("2420 Oak St").never_reads("rose steadily", "in bursts")


def test_the_laboratory_lost_samples_in_an_outage_that_its_meter_told(joel):
    joel.opens("Mudflat Biosciences", "Power")
    joel.reads("Lost samples in the last outage", "the longest was", "UPS for what must not stop")


def test_the_citys_services_stand_on_one_bill(priya):
    priya.opens("City of Marisol Bay").reads("46 services")
    rows = priya.rows("services")
    assert len(rows) == 46
    assert sum("Street lights" in row for row in rows) == 20
    year = Bill.objects.filter(account__roles__person__name="City of Marisol Bay").order_by("-issued_on")[:12]
    assert total(dollars_of(row) for row in rows) == total(bill.charges for bill in year)


def dollars_of(row):
    return Money(int(dollars(row.split("$")[-1]) * 100))


def test_kam_k4_the_bakery_crosses_fifty_kilowatts_and_is_compared_when_it_has_a_year(joel):
    joel.opens("Golden Sampan Bakery", "Load").reads("GS-1 is for less than 50 kW: ")
    joel.goes_to("Rates").reads("No comparison is made. There are 8 bills here")


def test_saint_orla_is_known_to_be_critical_without_power(priya):
    priya.opens("Saint Orla Senior Homes").reads("Care home", "Its own generator")


def test_am_01_the_brewery_is_visited_and_what_was_promised_stands_on_the_day(joel):
    joel.opens("Kelp & Kettle Brewing").does("log", kind="visit", words="The kettle waits for the chillers now.",
                                             step="Look at Thursday's peak", step_due="2026-11-24")  # fmt: skip
    joel.reads("The kettle waits for the chillers now.").looks_at("/key/").reads("Look at Thursday's peak")


def test_am_02_the_hotels_boilers_are_replaced_and_their_rebate_is_proved_checked_and_paid(be):
    joel, petra, renee = be("joel"), be("petra"), be("renee")
    joel.opens("The Tern Hotel", "Rebates")
    number = joel.rows("rebates")[0][:7]
    joel.turns_to(number).reads("Reserved", "paid invoice, data sheet of what was installed, signed-off permit")
    for kind in ("invoice", "spec", "permit"):
        paper = SimpleUploadedFile(f"{kind}.pdf", b"%PDF-1.4\n" + kind.encode(), "application/pdf")
        joel.does("papers", kind=kind, papers=[paper])
    joel.does("done", installed_on="2026-11-18", quantity="9000", cost="140000")
    petra.looks_at(f"/desk/rebates/{number}/").does("review", decision="yes")
    be("ivo").looks_at(f"/desk/rebates/{number}/").reads("To be inspected").does("inspect", found="9000")
    petra.looks_at(f"/desk/rebates/{number}/").does("pay").reads("Waits for a second person")
    renee.looks_at("/lead/approvals/").turns_to(f"Pay rebate {number}: $36,000.00")
    renee.decides("yes")
    joel.looks_at(f"/desk/rebates/{number}/").reads(f"{number} Paid")
    assert Adjustment.objects.get(label=f"Rebate {number}").amount == Money(-3_600_000)


def test_am_03_the_brewerys_rates_are_compared_on_two_pages_of_paper_and_it_goes_to_the_better_one(be):
    joel, dana = be("joel"), be("dana")
    joel.opens("Kelp & Kettle Brewing", "Rates").reads("Each figure is that of twelve bills computed one by one.")
    joel.reads("GS-3 would have cost").turns_to("Print")
    assert joel.sheets() == 2
    dana.looks_at(f"/desk/accounts/{account_of('Kelp & Kettle Brewing')}/rates/").reads("GS-3 would have cost")
    dana.does("change", shown="on").reads("GS-3 Large general service, time of use On it now")


def test_am_04_the_hospital_confirms_the_work_on_its_feeder_and_the_shipyards_issue_is_closed(be):
    joel = be("joel")
    deeds.announces_work(joel, be("renee"))
    joel.opens("Lantern Dock Shipworks").turns_to(
        f"Issue {Issue.objects.get(organisation__slug='lantern-dock').number}"
    )
    joel.does("promise", promised_on="2026-12-01", why="The transformer comes on Monday.").reads("Tue, Dec 1, 2026")
    joel.does("tell", found="The crane and the welders hung on one transformer.")
    joel.does("close", outcome="solved", words="The crane hangs on a transformer of its own.")
    joel.reads("The crane hangs on a transformer of its own.")


def test_am_06_slackwater_gets_slides_of_its_own_year(joel):
    joel.opens("Slackwater Data", "Papers").does("deck")
    joel.reads("PowerPoint: ")
    made = joel.window.client.get(f"{joel.here}papers/{Paper.objects.get(kind='deck').pk}/")
    assert len(Presentation(BytesIO(b"".join(made.streaming_content))).slides) == 6


def test_am_06_businesses_on_one_rate_are_invited_to_the_fair_and_the_brewery_comes(joel):
    deeds.invites_to_the_fair(joel)


def test_am_07_lofts_on_rope_walk_go_from_their_request_to_power(priya):
    deeds.brings_lofts_to_power(priya)


def test_am_07_foundry_rows_easement_is_met(priya):
    priya.looks_at("/key/pipeline/").turns_to("Foundry Row")
    priya.turns_to("Easement: Easement along the rail spur").answers(met_on="2026-11-19", reference="Ordinance 3311")
    priya.reads("Ordinance 3311")


def test_am_08_sales_and_revenue_of_the_year_ahead_stand_by_class_and_beside_another_year(joel):
    agreed = worked_out(Forecast.objects.get())
    joel.looks_at("/key/forecast/").does("begin", name="All of the pipeline", counts="whole")
    whole = worked_out(Forecast.objects.latest("pk"))
    joel.looks_at(f"/key/forecast/{whole.pk}/").reads("Industrial", "Government", "which is to hold eight of ten")
    joel.turns_to(agreed.name).reads(f"This one beside “{agreed.name}”")


def worked_out(made):
    """What a worker does as soon as a forecast is asked for."""
    run = Run.objects.get(pk=made.run_id)
    jobs.forecast(run=run.pk, by=str(run.started_by), forecast=made.pk)
    return made


def test_am_09_what_explains_the_brewerys_ratchet_is_found_and_read_again(joel):
    joel.looks_at("/desk/knowledge/", q="ratchet").turns_to("Explaining a ratchet")
    joel.does("review", words="Held it to the brewery's bill of August.")
    joel.reads("Held it to the brewery's bill of August.")


def test_am_10_the_cold_store_has_a_goal_that_measures_itself_and_a_plan_of_four_pages(joel):
    drawn, _, days, _ = joel.kw("northquay")
    peak = drawn[days >= TODAY - timedelta(days=90)].max()
    joel.opens("Northquay Cold Storage", "Plan").reads("Behind, 0.130 to go")
    joel.does("goal", title="Peak below 950 kW", measure="peak-kw", baseline="1019", target="950",
              due_on="2027-06-01")  # fmt: skip
    deeds.plans_a_lower_peak(joel.reads("Peak below 950 kW", f"{peak - 950:,.0f} kW to go"))


def test_am_11_what_the_fourteen_are_paid_counts_for_the_plans_of_the_city_and_of_its_harbor(be):
    renee = be("renee").looks_at("/desk/rebates/goals/")
    renee.reads("Climate Action Plan of Marisol Bay", "Business electrification", "On the way")
    deeds.serves_a_mandate(renee, be("joel"))


def test_am_12_a_representative_hands_saint_orla_over_and_its_manager_takes_it(be):
    dana, priya = be("dana"), be("priya")
    account = account_of("Saint Orla Senior Homes")
    dana.looks_at(f"/desk/accounts/{account}/do/hand-over/").answers(about="outage", promised_on="2026-11-25",
        words="Who calls them before planned work?")  # fmt: skip
    answer = "Brigid Malone is called two days before any work."
    deeds.takes_over(priya, Issue.objects.latest("pk").number, answer).reads("Owner: Priya Raman", answer)
    dana.looks_at(f"/desk/accounts/{account}/").reads(answer)


def test_am_13_the_laboratorys_complaint_is_looked_into_put_right_and_told(be):
    joel = be("joel").opens("Mudflat Biosciences")
    joel.does("issue", about="complaint", words="Nobody called us.", promised_on="2026-11-27")
    deeds.settles_a_complaint(joel, be("priya"))


def test_kam_01_the_hospital_has_a_cover_from_today_on(joel):
    joel.opens("Three Herons Medical Center").does("assign", user="priya", part="cover", on=TODAY.isoformat())
    joel.reads("Cover: Priya Raman")


def test_kam_02_a_requirement_comes_from_the_shipyards_complaint(be):
    joel, renee = be("joel"), be("renee")
    joel.looks_at("/desk/requirements/").does(
        "raise", kind="change", system="meters", title="Voltage every five minutes", owner="joel",
        reason="Lantern Dock complains of sags that hourly readings do not show.", benefit="Fewer visits",
        cost="18,000", saving="6,000", wanted_on="2027-02-01",
    )  # fmt: skip
    joel.reads("3.0 years")
    asked = Requirement.objects.latest("pk")
    renee.looks_at(f"/desk/requirements/{asked.pk}/")
    renee.does("approved", words="In the budget.")
    renee.reads("In the budget.")
    joel.looks_at(f"/desk/requirements/{asked.pk}/").does("built", words="Ordered.")
    joel.does("tested", words="On ten meters.").does("live", words="On all of Dock 102.")
    joel.reads("Ordered.", "On ten meters.", "On all of Dock 102.")


def test_kam_02_a_policy_that_a_manager_wrote_is_in_force_and_found_by_a_representative(be):
    deeds.writes_a_procedure(be("joel"), be("renee"), be("dana"))


def test_kam_03_what_the_laboratory_lost_is_set_against_what_would_hold_it_up(joel):
    joel.opens("Mudflat Biosciences", "Power").reads("131 minutes", "UPS for what must not stop")
    deeds.offers_backup(joel, Issue.objects.get(organisation__slug="mudflat").number)


def test_kam_04_and_05_the_city_has_a_person_for_outages_and_the_chamber_meets_at_the_hotel(be):
    priya = be("priya").opens("City of Marisol Bay", "People")
    priya.does("person", given="Ada", family="Voss", part="outage", title="Fire dispatch", mobile="(510) 555-0188")
    priya.reads("Ada Voss").looks_at("/key/events/")
    priya.does("plan", name="Chamber lunch", day="2026-12-02", place="The Tern Hotel", user="priya",
               host="marisol-bay-chamber-of-commerce")  # fmt: skip
    priya.does("met", organisation="tern-hotel", words="They want a date for the boilers.", step="Send a date",
               step_due="2026-12-03")  # fmt: skip
    priya.reads("They want a date for the boilers.", "Send a date")


def test_kam_06_slackwaters_renewal_goes_from_the_table_over_the_board_to_a_signature(be):
    joel, omar = be("joel"), be("omar")
    joel.looks_at("/key/contracts/").turns_to("SC-02").reads("With renewable power", "Slackwater's wish")
    joel.does("ask", board="Resolution 2026-31", board_on="2026-11-17", remark="As they wish it.")
    omar.looks_at("/lead/approvals/")
    omar.turns_to(next(row for row in omar.names() if "SC-02" in row)).reads("Resolution 2026-31").decides("yes")
    joel.looks_at("/key/contracts/").turns_to("SC-02").does("sign", signed_on="2026-11-19")
    joel.looks_at("/key/contracts/SC-02/").reads("Resolution 2026-31")


def test_csr_02_the_bakery_asks_at_the_desk_for_what_there_is_and_its_manager_takes_up_what_waits(be):
    dana, account = be("dana"), account_of("Golden Sampan Bakery")
    dana.looks_at(f"/desk/accounts/{account}/rebates/").reads("Electric kitchens and ovens", "Waits for money")
    dana.does("high-bay-lamps/do/apply", quantity="20", cost="2400").reads("High-bay LED lamps", "Reserved")
    dana.looks_at(f"/desk/accounts/{account}/do/hand-over/").answers(about="project", promised_on="2026-11-25",
        words="Asks when there is money for her ovens.")  # fmt: skip
    answer = "The ovens stand first when electrification has money again."
    deeds.takes_over(be("joel"), Issue.objects.latest("pk").number, answer).reads("Asks when there is money", answer)
    dana.looks_at(f"/desk/accounts/{account}/").reads(answer)


def test_sup_14_the_supervisor_sees_what_the_manager_sees_and_changes_nothing(be):
    renee = be("renee").opens("Northquay Cold Storage", "Plan").reads("Power factor of 0.95")
    assert "/do/" not in " ".join(renee.names())
    for act in ("do/log/", "plan/do/goal/", "do/assign/"):
        assert renee.window.get(renee.here + act).status_code == 403
    assert be("dana").window.get(renee.here).status_code == 403
