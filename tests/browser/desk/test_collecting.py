"""Collection in a real Chromium, by keys: CSR-D2, CSR-A1, CSR-D1 and CSR-A2 for one household."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from lamplighter.credit.models import Arrangement, Process
from lamplighter.credit.models.plans import Outcome
from lamplighter.credit.operations.arranging import arrange, end_arrangement
from lamplighter.credit.queries.standing import draft_plan
from lamplighter.journeys.reviewing import pass_a_day
from lamplighter.notices.models import Notice
from lamplighter.notices.operations.deliveries import Step, record_deliveries
from lamplighter.notices.rules.steps import DeliveryStep
from lamplighter.platform.transactions import unit_of_work
from tests.browser.looking import assert_accessible, press, tab_to
from tests.browser.views import ALL_VIEWS
from tests.town import NIGHTLY
from tests.web.desk.town import DANA, NOW, TODAY

HOA = "Thi Hoa Nguyen"


@pytest.fixture
def noticed(people):
    """The notice of this morning is in the mail."""
    account = people.homes[HOA].account
    if not Process.objects.filter(account=account).exists():
        pass_a_day(on=TODAY, by=NIGHTLY, at=NOW)
        notice = Process.objects.get(account=account).steps.get(key="past-due").notice
        with unit_of_work(DANA):
            handed = Step(notice.pk, DeliveryStep.HANDED_OVER, NOW, "tray 7")
            record_deliveries(steps=[handed], by=DANA, at=NOW)
    return account


def test_csr_d2_the_first_day_without_power_is_told_and_stands_on_the_calendar(dana, noticed):
    """Fri Nov 20, five days for the mail, ten more: Sat Dec 5, so Mon Dec 7 is the last day; then Tue Dec 8."""
    dana.goto(f"/desk/accounts/{noticed.number}/shutoff/")
    expect(dana.locator("main")).to_contain_text("Earliest turn-off is Tue, Dec 8.")
    press(dana, "c")
    expect(dana.locator("h1")).to_contain_text("Collection calendar")
    marked = dana.locator(".cal td", has=dana.locator("strong", has_text="E"))
    expect(marked).to_contain_text("8")
    expect(dana.locator("main")).to_contain_text("Public Utilities Code 10010.1(a)")
    assert_accessible(dana, ALL_VIEWS)
    dana.emulate_media(media="print")
    expect(dana.locator(".rail")).to_be_hidden()
    expect(dana.locator(".cal")).to_be_visible()


def test_csr_a1_a_plan_is_proposed_proves_its_total_and_stops_collection(dana, noticed):
    dana.goto(f"/desk/accounts/{noticed.number}/")
    press(dana, "a")
    panel = dana.locator("#panel")
    expect(panel).to_contain_text("$192.97 may be paid over time.")
    tab_to(dana, "#id_consent_0", most=40)
    dana.keyboard.press("Space")
    assert_accessible(dana)
    dana.locator("#panel button[type=submit]").first.click()
    expect(panel).to_contain_text("Sum of 4 payments")
    expect(panel).to_contain_text("$192.97")
    tab_to(dana, "#panel button[name=confirmed]")
    press(dana, "⏎")
    expect(panel).to_be_hidden()
    expect(dana.locator("main")).to_contain_text("On plan")
    plan = Arrangement.objects.get(account=noticed)
    assert sum(part.amount.cents for part in plan.instalments.all()) == plan.total.cents == 19297
    assert Process.objects.get(account=noticed).outcome == "arranged"
    letter = Notice.objects.get(template__code="plan-made")
    assert letter.language == "vi"
    assert [language for language, _ in letter.words.sheets] == ["vi", "en"]


def test_csr_d1_power_that_a_doctor_protects_can_not_be_turned_off(dana, number):
    here = f"/desk/accounts/{number(HOA)}/"
    dana.goto(f"{here}do/protect/")
    dana.get_by_label("Medical certificate").check()
    dana.fill("#id_until", "2027-03-03")
    dana.get_by_label("Reference").fill("MC-2026-114")
    dana.locator("main button[type=submit]").click()
    dana.goto(f"{here}shutoff/")
    main = dana.locator("main")
    expect(main).to_contain_text("Power can't be turned off.")
    expect(main).to_contain_text("Medical certificate until Mar 3, 2027.")
    expect(main).to_contain_text("Only a supervisor can review a protection.")


def breaks_a_plan(account) -> None:
    """The one that runs, or one that is made for it."""
    running = Arrangement.objects.filter(account=account, ended_on__isnull=True).first()
    if running is None:
        draft = draft_plan(account, down=None, months=3, on=TODAY)
        running = arrange(account=account, draft=draft, consent="signed", on=TODAY, by=DANA, at=NOW)
    end_arrangement(arrangement=running, outcome=Outcome.BROKEN, on=TODAY, by=DANA, at=NOW)


def test_csr_a2_after_two_broken_plans_the_words_to_say_stand_there(dana, people):
    account = people.homes[HOA].account
    for _ in range(2):
        with unit_of_work(DANA):
            breaks_a_plan(account)
    dana.goto(f"/desk/accounts/{account.number}/")
    press(dana, "a")
    panel = dana.locator("#panel")
    expect(panel).to_contain_text("2 plans were broken within a year.")
    expect(panel).to_contain_text("I can't set up another plan today. I can take a part payment")
    expect(panel.get_by_role("link", name="Take it")).to_be_visible()
    expect(panel.get_by_role("button", name="Make the plan")).to_have_count(0)
    assert_accessible(dana)
