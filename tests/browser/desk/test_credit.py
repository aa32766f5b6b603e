"""Credit in a real Chromium: the panel of an account, its acts, and the supervisor's page of conditions."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from lamplighter.credit.models import Hold
from tests.browser.looking import assert_accessible, sign_in
from tests.browser.views import ALL_VIEWS

HOA = "Thi Hoa Nguyen"


@pytest.fixture
def panel(page, number):
    sign_in(page, username="dana")
    page.goto(f"/desk/accounts/{number(HOA)}/")
    shown = page.locator("#panel-credit")
    expect(shown).to_contain_text("Calls, visits")
    return shown


def sheet(page: Page):
    return page.locator("#panel")


def test_the_panel_is_readable_wide_and_narrow(page, panel):
    assert_accessible(page, ALL_VIEWS)


def test_an_account_is_protected_from_its_panel_and_freed_from_its_alert(page, panel, number):
    panel.get_by_role("link", name="Protect").click()
    expect(sheet(page)).to_contain_text("Protect the account")
    sheet(page).get_by_label("Disputed bill under investigation").check()
    sheet(page).get_by_label("Reference").fill("C-9")
    assert_accessible(page)
    sheet(page).get_by_role("button", name=re.compile("^Protect")).click()
    alert = page.locator(".al-stop", has_text="Do not disconnect: disputed bill")
    expect(alert).to_be_visible()
    expect(sheet(page)).to_be_hidden()
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)
    expect(panel).to_contain_text("Calls, visits")
    assert_accessible(page)
    alert.get_by_role("link", name="End").click()
    expect(sheet(page)).to_contain_text("End: disputed bill under investigation")
    sheet(page).get_by_label("First day without it").fill("2026-11-21")
    sheet(page).get_by_label("Why it ends").fill("The meter was right")
    assert_accessible(page)
    sheet(page).get_by_role("button", name=re.compile("^End the protection")).click()
    expect(sheet(page)).to_be_hidden()
    assert Hold.objects.get().ended_at is not None


@pytest.mark.parametrize("act", ["More time|Give", "Calls, visits|Write down"])
def test_the_other_acts_open_beside_the_page(page, panel, act):
    fact, link = act.split("|")
    expect(panel).to_contain_text(fact)
    panel.get_by_role("link", name=link).click()
    expect(sheet(page).locator("form")).to_be_visible()
    assert_accessible(page)


def test_the_shut_off_check_is_readable(page, panel):
    panel.get_by_role("link", name="Check").click()
    expect(page.locator("main")).to_contain_text("Power can't be turned off.")
    assert_accessible(page)


def test_a_supervisor_enters_the_weather_and_a_crew(page, people):
    sign_in(page, username="renee")
    page.goto("/lead/conditions/")
    assert_accessible(page)
    page.get_by_role("link", name=re.compile("^Enter the weather")).first.click()
    sheet(page).get_by_label("City of Marisol Bay").check()
    sheet(page).get_by_label("No alert").check()
    sheet(page).get_by_label("Source").fill("NWS")
    assert_accessible(page)
    sheet(page).get_by_role("button", name=re.compile("^Enter it")).click()
    expect(page.locator("#panel-weather")).to_contain_text("NWS, asked just now")
    page.get_by_role("link", name=re.compile("^Enter a crew")).first.click()
    sheet(page).get_by_role("textbox", name="Crew").fill("North")
    assert_accessible(page)
    sheet(page).get_by_role("button", name=re.compile("^Enter it")).click()
    expect(page.locator("#panel-cover")).to_contain_text("There now")
    assert_accessible(page, ALL_VIEWS)
