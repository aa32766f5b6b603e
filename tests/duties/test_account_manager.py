"""The account manager's duties, and the supervisor's part in them, played through the pages on a brewery."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from lamplighter.accounts.models import Agreement
from lamplighter.formats.dayweather import WeatherIn
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.models import Goal, Issue, Membership, Organisation, Scenario, Step, Touch
from lamplighter.ratestudies.operations.rules import set_rule
from lamplighter.ratestudies.rules import Limits
from lamplighter.tariffs.models import Schedule
from lamplighter.usage.operations.weather import record_day_weather
from lamplighter.worklist.models import Item
from tests.keyaccounts.conftest import BEGAN, JOEL, TODAY, brewery, warmth
from tests.keyaccounts.world import NOW, Clock, answers, behind, fill, world
from tests.town import ZONE

SOON = (TODAY + timedelta(days=5)).isoformat()


@pytest.fixture(scope="module")
def built(browser, django_db_setup, django_db_blocker, tmp_path_factory):
    with world(tmp_path_factory.mktemp("key"), django_db_blocker) as made:
        yield made


@pytest.fixture
def city(built, db, monkeypatch):
    monkeypatch.setattr("lamplighter.web.visits.timezone", Clock)
    return built


@pytest.fixture
def joel(city):
    return city.be("joel")


def url(name, *args):
    return reverse(f"key:{name}", args=args)


def test_am_01_a_manager_sees_who_is_due_logs_the_contact_and_the_next_one_moves_on(joel):
    assert "No contact was ever noted" in answers(joel.get(url("today")))
    fill(joel, url("do-log", "kelp-kettle-brewing"), kind="call", words="Ines asks about the summer bills.", who="",
         step="Show her the peaks", step_due=SOON)  # fmt: skip
    page = answers(joel.get(url("today")))
    assert "Show her the peaks" in page
    assert "No contact was ever noted" not in page
    overview = answers(joel.get(url("account", "kelp-kettle-brewing")))
    assert "Ines asks about the summer bills." in overview
    step = Step.objects.get()
    joel.post(url("step-done", step.pk))
    assert "Show her the peaks" not in answers(joel.get(url("today")))
    assert "Show her the peaks" in answers(joel.get(url("account", "kelp-kettle-brewing"))), "the history keeps it"


@pytest.mark.windowless
def test_am_01_the_day_names_yesterdays_peak_and_the_contract_that_ends_within_a_year(city, joel):
    """KAM-K1; the planned work on a feeder stands there in tests/duties/test_announcing.py."""
    yesterday = Period(TODAY - timedelta(days=1), TODAY)
    assert "the highest since the last bill" not in answers(joel.get(url("today"), {"panel": "peaks"}))
    wh = brewery(slot_calendar(yesterday, seconds=900, zone=ZONE))
    wh[41] = 84_000
    city.town.uses("Kelp", yesterday, wh)
    fill(joel, url("do-contract", "kelp-kettle-brewing"), code="SC-09", name="Firm power", minimum="",
         service=str(Agreement.objects.get().pk), start=BEGAN.isoformat(), approval="Resolution 2025-07",
         end=(TODAY + timedelta(days=360)).isoformat())  # fmt: skip
    peaks = answers(joel.get(url("today"), {"panel": "peaks"}))
    assert "Kelp & Kettle Brewing: 336 kW at 10:15 am, the highest since the last bill" in peaks
    assert "Before it 300 kW" in peaks
    assert "Firm power ends in 361 days" in answers(joel.get(url("today")))


def test_am_01_a_visit_that_the_phone_sends_twice_is_kept_once(joel):
    joel.get(url("visit", "kelp-kettle-brewing"))
    first = joel.post(url("visit-note", "kelp-kettle-brewing"), {"words": "Saw the kettle."})
    note, script = first.wsgi_request.POST.dict(), {"Accept": "application/json"}
    second = joel.sends(url("visit-note", "kelp-kettle-brewing"), note, headers=script)
    assert first.json() == second.json() == {
        "message": "The visit is noted.", "url": url("account", "kelp-kettle-brewing")
    }  # fmt: skip
    assert Touch.objects.get().kind == Touch.Kind.VISIT
    changed = joel.sends(url("visit-note", "kelp-kettle-brewing"), {**note, "words": "Else."}, headers=script)
    assert changed.status_code == 422


def test_kam_01_the_portfolio_names_the_team_the_tier_and_the_health_with_their_reasons(city, joel):
    fill(joel, url("do-assign", "kelp-kettle-brewing"), user="priya", part="cover", on=TODAY.isoformat())
    page = answers(joel.get(url("portfolio")))
    assert "Joel Castellanos" in page
    assert "Priya Raman" in page
    assert "No contact was ever noted" in page
    assert "How tiers are chosen" in page
    overview = answers(joel.get(url("account", "kelp-kettle-brewing")))
    assert "Highest demand 412 kW" in overview
    assert "Nobody is named for outages at night" in overview
    fill(joel, url("do-tie", "kelp-kettle-brewing"), given="Tobias", family="Renn", part="outage", title="Head brewer",
         mobile="(510) 555-0163", number="", email="")  # fmt: skip
    overview = answers(joel.get(url("account", "kelp-kettle-brewing")))
    assert "Tobias Renn" in overview
    assert "Nobody is named for outages at night" not in overview
    csv = joel.get(url("portfolio"), {"export": "csv"})
    assert b"Kelp & Kettle Brewing" in b"".join(csv.streaming_content)


@pytest.mark.windowless
def test_kam_01_an_issue_is_owned_and_promised_until_it_is_closed(joel):
    fill(joel, url("do-issue", "kelp-kettle-brewing"), about="quality", words="Lights dip at 10:15.", promised_on=SOON)
    issue = Issue.objects.get()
    assert "Lights dip at 10:15." in answers(joel.get(url("today")))
    fill(
        joel,
        url("do-promise", issue.number),
        promised_on=(TODAY + timedelta(days=9)).isoformat(),
        why="Parts are late.",
    )
    fill(joel, url("do-note", issue.number), kind="call", words="Told Tobias why.", step="", step_due="")
    fill(joel, url("do-close", issue.number), outcome="solved", words="The starter was replaced.")
    page = answers(joel.get(url("issue", issue.number)))
    assert "First promised for" in page
    assert "The starter was replaced." in page
    assert "Lights dip at 10:15." not in answers(joel.get(url("today")))
    again = joel.post(
        url("do-close", issue.number), {"request_key": str(uuid4()), "outcome": "solved", "words": "Twice."}
    )
    assert again.status_code == 422


def test_kam_04_organisations_beyond_customers_have_people_and_a_history(joel):
    fill(joel, url("do-add"), kind="agency", name="Bay Air Quality Agency", account="", segment="Grants", email="")
    slug = Organisation.objects.exclude(kind="customer").get().slug
    fill(joel, url("do-tie", slug), given="Imani", family="Brooks", part="member", title="", mobile="", number="",
         email="imani@example.net")  # fmt: skip
    fill(joel, url("do-log", slug), kind="meeting", words="Grants open in spring.", who="", step="", step_due="")
    assert "Bay Air Quality Agency" in answers(joel.get(url("organisations")))
    page = answers(joel.get(url("account", slug)))
    assert "Imani Brooks" in page
    assert "Grants open in spring." in page


def test_kam_05_a_membership_is_renewed_and_an_event_ends_in_follow_ups(joel):
    fill(joel, url("do-add"), kind="association", name="Chamber of Commerce", account="", segment="", email="")
    fill(joel, url("do-membership"), organisation="chamber-of-commerce", renew_on=SOON, purpose="Business", user="joel")
    assert "Chamber of Commerce" in answers(joel.get(url("today"))), "it is to be renewed within days"
    assert Membership.objects.get().user.username == "joel"
    fill(joel, url("do-event"), name="Chamber breakfast", day=TODAY.isoformat(), place="The Tern Hotel",
         host="chamber-of-commerce", user="joel")  # fmt: skip
    fill(joel, url("do-met", "chamber-breakfast-2026"), organisation="chamber-of-commerce",
         words="Delia wants a talk on rates.", step="Send her a date", step_due=SOON)  # fmt: skip
    page = answers(joel.get(url("event", "chamber-breakfast-2026")))
    assert "Delia wants a talk on rates." in page
    assert "Send her a date" in page
    assert "Send her a date" in answers(joel.get(url("today")))


def test_am_12_a_representative_hands_a_hard_case_over_with_the_whole_history(city, joel):
    number = city.town.homes["Kelp"].account.number
    dana = city.be("dana")
    fill(dana, reverse("desk:do-hand-over", args=[number]), about="complaint", words="Third call about the same bill.",
         promised_on=SOON)  # fmt: skip
    item = Item.objects.get(kind="keyaccounts.handed-over")
    assert item.waits
    issue = Issue.objects.get()
    assert issue.owner is None
    page = answers(joel.get(url("issue", issue.number)))
    assert "Handed over by" in page
    assert "Dana Reyes" in page
    assert "kWh, 30 days" in page, "bills of the account stand in the history"
    fill(joel, url("do-take", issue.number))
    item.refresh_from_db()
    assert not item.waits
    fill(joel, url("do-close", issue.number), outcome="answered", words="The kettle starts at 10:15; we showed it.")
    assert "The kettle starts at 10:15; we showed it." in answers(dana.get(reverse("desk:account", args=[number])))


def test_sup_14_the_supervisor_sees_what_the_manager_sees_and_changes_nothing(city):
    joel, renee = city.be("joel"), city.be("renee")
    fill(joel, reverse("key:do-issue", args=["kelp-kettle-brewing"]), about="billing", words="Why did August rise?",
         promised_on=(TODAY + timedelta(days=3)).isoformat())  # fmt: skip
    assert "Kelp & Kettle Brewing" in answers(renee.get(reverse("key:portfolio")))
    page = answers(renee.get(reverse("key:account", args=["kelp-kettle-brewing"])))
    assert "Why did August rise?" in page
    assert "Log a contact" not in page
    number = Issue.objects.get().number
    assert renee.get(reverse("key:issue", args=[number])).status_code == 200
    assert renee.get(reverse("key:do-close", args=[number])).status_code == 403
    assert city.be("dana").get(reverse("key:portfolio")).status_code == 403
    begin_plan(joel)
    shared = answers(renee.get(url("plan", "kelp-kettle-brewing")))
    assert "Peak below 300 kW" in shared
    assert "Ines talks to a battery seller." in shared
    assert "Review" not in shared


def begin_plan(joel):
    """A plan with a goal that the meter measures, an action and a risk."""
    slug = "kelp-kettle-brewing"
    fill(joel, url("do-plan", slug), start=TODAY.isoformat(), end=(TODAY + timedelta(days=300)).isoformat(),
         situation="The kettle sets the peak.", review_on=SOON)  # fmt: skip
    service = Agreement.objects.get(kind="energy")
    fill(joel, url("do-goal", slug), title="Peak below 300 kW", measure="peak-kw", service=service.pk, baseline="412",
         target="290", due_on=(TODAY + timedelta(days=200)).isoformat())  # fmt: skip
    goal = Goal.objects.get()
    fill(joel, url("do-action", slug), words="Try a later start", goal=goal.pk, due_on=SOON, owner="joel")
    fill(joel, url("do-risk", slug), words="Ines talks to a battery seller.", grave="no")
    return goal


def test_am_01_the_account_has_a_plan_that_is_reviewed_in_place(city, joel):
    begin_plan(joel)
    other = city.be("joel", 2)
    other.get(url("do-review", "kelp-kettle-brewing"))
    form = joel.get(url("do-review", "kelp-kettle-brewing")).context["form"]
    seen = form["seen"].value()
    said = {"situation": "The starter is ordered.", "review_on": (TODAY + timedelta(days=90)).isoformat(), "seen": seen}
    fill(joel, url("do-review", "kelp-kettle-brewing"), **said)
    page = answers(joel.get(url("plan", "kelp-kettle-brewing")))
    assert "The starter is ordered." in page
    late = other.post(url("do-review", "kelp-kettle-brewing"), {**said, "situation": "Old."})
    assert late.status_code == 409, "whoever opened it before the review is told"


def test_am_10_goals_measure_themselves_and_say_in_words_what_is_missed(joel):
    goal = begin_plan(joel)
    page = answers(joel.get(url("plan", "kelp-kettle-brewing")))
    assert "300 kW" in page, "75 kWh in the quarter hour of the kettle, by the meter"
    assert "On course, 10 kW to go" in page
    assert "Try a later start" in page
    fill(joel, url("do-step", "kelp-kettle-brewing"), words="Ask Ines about the seller", due_on=SOON, owner="joel")
    assert "Ask Ines about the seller" in answers(joel.get(url("plan", "kelp-kettle-brewing")))
    theirs = answers(joel.get(url("plan", "kelp-kettle-brewing"), {"view": "customer"}))
    assert "Try a later start" in theirs
    assert "Ask Ines about the seller" not in theirs
    assert "On course, 10 kW to go" in theirs
    assert "battery seller" not in theirs
    paper = answers(joel.get(url("plan", "kelp-kettle-brewing"), {"view": "customer", "print": "1"}))
    assert paper.count('class="page-break"') == 3, (
        "four pages; what fills them at most stands on them, in tests/browser"
    )
    told = (
        "Where it stands",
        "At the utility",
        "A year of power",
        "Peak below 300 kW",
        "What is being done",
        "We meet again",
    )
    assert [paper.index(one) for one in told] == sorted(paper.index(one) for one in told)
    assert "All peaks at 10:15 am together cost $" in paper
    assert "battery seller" not in paper
    assert "Ask Ines about the seller" not in paper
    assert "Where the figures come from" not in paper
    annex = answers(joel.get(url("plan", "kelp-kettle-brewing"), {"view": "customer", "print": "1", "annex": "1"}))
    assert "Where the figures come from" in annex
    assert "battery seller" not in annex
    joel.post(url("step-done", Step.objects.earliest("pk").pk))
    assert "Done" in answers(joel.get(url("plan", "kelp-kettle-brewing")))
    fill(joel, url("do-drop", "kelp-kettle-brewing", goal.pk), why="They moved the kettle.")
    assert "to go" not in answers(joel.get(url("plan", "kelp-kettle-brewing")))


@pytest.mark.windowless
def test_am_10_every_plan_stands_in_a_report_by_state_and_by_whoever_leads_it(city, joel, monkeypatch):
    """KAM-K7: the figures come from the meter; what is missed is said in words, by account, manager, tier, segment."""
    goal = begin_plan(joel)
    set_goal = {"title": "Heard from us", "measure": "touches", "baseline": "0", "target": "2",
                "due_on": TODAY.isoformat()}  # fmt: skip
    fill(joel, url("do-goal", "kelp-kettle-brewing"), **set_goal)
    Step.objects.update(due_on=TODAY - timedelta(days=1))
    report = answers(joel.get(url("plans")))
    assert "Kelp & Kettle Brewing" in report

    def row(**asked):
        sheet = joel.get(url("plans"), {"panel": "plans", "export": "csv", **asked})
        return b"".join(sheet.streaming_content).decode("utf-8-sig").splitlines()[1:]

    review = (TODAY + timedelta(days=5)).isoformat()
    assert row() == [f"Kelp & Kettle Brewing,1,2,0,2,0,0,0,1,{review}"], "a plan of today is on course"
    later = NOW + timedelta(days=1)
    monkeypatch.setattr(Clock, "now", staticmethod(lambda: later))
    assert row(by="manager") == [f"Joel Castellanos,1,2,0,1,0,1,0,1,{review}"]
    assert row(by="tier") == [f"Tier A,1,2,0,1,0,1,0,1,{review}"]
    assert row(by="segment") == [f"Food and drink,1,2,0,1,0,1,0,1,{review}"]
    assert "Missed by 2" in answers(joel.get(url("plan", "kelp-kettle-brewing")))
    assert "By manager" in answers(joel.get(url("plans"), {"by": "manager", "print": "1"}))
    assert behind(joel, goal)[0] == f"{first_start()},10:15 am,300.0 kW"
    assert city.be("dana").get(url("plans")).status_code == 403


def first_start():
    """The first Tuesday or Thursday of the ninety days: of equal peaks the earliest is told."""
    first = TODAY + timedelta(days=1 - 90)
    return next(day for day in (first + timedelta(days=n) for n in range(7)) if day.weekday() in {1, 3}).isoformat()


def test_am_03_peaks_are_explained_with_what_they_cost(joel):
    """KAM-K3; what the worst costs is worked by hand in tests/keyaccounts/test_peak_costs.py."""
    page = answers(joel.get(url("load", "kelp-kettle-brewing")))
    assert "10 of the 10 highest are at 10:15 am on Tuesdays and Thursdays." in page
    assert "data:image/png;base64," in page
    peaks = answers(joel.get(url("load", "kelp-kettle-brewing"), {"panel": "peaks"}))
    assert "Tue, Apr 14, 2026" in peaks
    assert "All peaks at 10:15 am together cost $" in peaks
    service = Agreement.objects.get(kind="energy")
    one = url("peak", "kelp-kettle-brewing", service.pk, "2026-04-14")
    assert "412 kW at 10:15 am" in answers(joel.get(one))
    data = joel.get(f"{one}data/").json()
    assert max(data["series"][0]["values"]) == 412
    assert len(data["x"]) == 7 * 96


@pytest.mark.windowless
def test_am_03_the_weather_is_told_apart_and_the_last_bill_explained(city, joel):
    page = answers(joel.get(url("load", "kelp-kettle-brewing")))
    assert "No station's temperatures are known for these days." in page
    days = [BEGAN + timedelta(days=n) for n in range((TODAY - BEGAN).days)]
    mean = [Decimal(round(warmth(day), 1)).quantize(Decimal("0.1")) for day in days]
    told = [WeatherIn(day, m - 6, m, m + 7) for day, m in zip(days, mean, strict=True)]
    record_day_weather(station="Bay", days=told, by=JOEL, at=city.town.at)
    page = answers(joel.get(url("load", "kelp-kettle-brewing")))
    assert "Heat and cold took" in page
    assert "Without the weather the use did not change over the year." in page
    beside = answers(joel.get(url("load", "kelp-kettle-brewing"), {"panel": "peers"}))
    assert "Fewer than five other customers of business code 312120 or near it are known" in beside
    assert "Fewer than five other customers are on this rate" in beside
    bill = joel.get(url("load", "kelp-kettle-brewing")).context["actions"][-1].url
    assert joel.get(bill).status_code == 200


@pytest.mark.windowless
def test_am_03_rates_are_compared_and_printed_on_two_pages(joel):
    """KAM-K4: each total is that of twelve bills, with what they stand on."""
    page = answers(joel.get(url("rates", "kelp-kettle-brewing")))
    assert "Each figure is that of twelve bills computed one by one." in page
    assert "GS-2 (now)" in page
    assert "It is for less than 50 kW; the highest of twelve months was 412.0 kW." in page
    paper = answers(joel.get(url("rates", "kelp-kettle-brewing"), {"print": "1"}))
    assert paper.count('class="page-break"') == 1


@pytest.mark.windowless
def test_am_03_the_desk_ranks_the_same_rates_that_the_manager_compares(city, joel):
    """GS-3 is by rule for 500 kW and more; its tariff opens it from 200 kW to whoever asks: both pages offer it."""
    at, trade = city.town.at, frozenset({"commercial"})
    rules = {"GS-1": Limits("", trade, usual=True), "GS-2": Limits("", trade, rank=2, kw=Decimal(50), months=4, stay=2),
             "GS-3": Limits("", trade, rank=3, kw=Decimal(500), months=3, stay=1)}  # fmt: skip
    for code, rule in rules.items():
        schedule = Schedule.objects.get(code=code)
        set_rule(schedule=schedule, limits=replace(rule, schedule=schedule.pk), citation="Rule 4", on=BEGAN, by=JOEL,
                 at=at)  # fmt: skip
    compared = answers(joel.get(url("rates", "kelp-kettle-brewing"), {"prices": "now"}))
    number = city.town.homes["Kelp"].account.number
    ranked = answers(city.be("dana").get(reverse("desk:account-rates", args=[number])))
    assert "GS-3" in compared
    assert "Large general service, time of use" in ranked
    assert "Small general service" not in ranked, "no rule lets them choose it, and the book closes it to 412 kW"


def test_am_03_what_if_is_answered_on_the_accounts_own_year_kept_and_printed(joel):
    """KAM-K5: sliders, three scenarios side by side, two pages."""
    here = url("advice", "kelp-kettle-brewing")
    assert "Choose a measure" in answers(joel.get(here))
    stagger = {"m": "stagger", "stagger.level_kw": "290"}
    page = answers(joel.get(here, stagger))
    assert "290 kW" in page
    assert "it was 412 kW on Tue, Apr 14, 2026 at 10:15 am" in page
    refused = answers(joel.get(here, {"m": "ev_fleet", "ev_fleet.chargers": "1", "panel": "answer"}))
    assert "the day's driving takes 136 kWh" in refused
    for name, level in (("Hold at 290", 290), ("Hold at 320", 320), ("Hold at 350", 350)):
        fill(joel, f"{url('do-keep-advice', 'kelp-kettle-brewing')}?m=stagger&stagger.level_kw={level}", name=name)
    kept = answers(joel.get(here, {"panel": "kept"}))
    assert [name in kept for name in ("Hold at 290", "Hold at 320", "Hold at 350")] == [True] * 3
    paper = answers(joel.get(here, {**stagger, "print": "1"}))
    assert "What was assumed" in paper
    assert "GS-3" in paper, "every rate that it may be on"
    fill(joel, url("do-drop-advice", "kelp-kettle-brewing", Scenario.objects.get(name="Hold at 350").pk))
    assert "Hold at 350" not in answers(joel.get(here, {"panel": "kept"}))


@pytest.mark.windowless
def test_am_03_who_only_looks_keeps_nothing(city):
    renee = city.be("renee")
    assert renee.get(url("do-keep-advice", "kelp-kettle-brewing")).status_code == 403
