"""What goes wrong at the desk (ALL-E13, bad input of the counter), in a real Chromium: clear words, nothing done."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from lamplighter.payments.models import PaymentEvent
from tests.browser.looking import press, sign_in
from tests.browser.views import WIDE

POST = "#panel button[type=submit]"
HOA, JUN = "Thi Hoa Nguyen", "Jun Park"


@pytest.fixture
def payment(account, drawer):
    """Jun's payment of $3.21 in cash, typed and not sent."""
    page = account(JUN)
    press(page, "p")
    page.fill("#id_amount", "3.21")
    press(page, "c")
    return page


def test_all_e13_a_draft_comes_back_at_its_own_account_alone(account):
    page = account(HOA)
    press(page, "n")
    page.fill("#id_words", "Her dog bites")
    page.keyboard.press("Escape")
    page = account(JUN)
    press(page, "n")
    expect(page.locator("#id_words")).to_have_value("")
    page = account(HOA)
    press(page, "n")
    expect(page.locator("#id_words")).to_have_value("Her dog bites")
    expect(page.locator("#panel .draft-note")).to_be_visible()
    page.get_by_role("button", name="Start again").click()


def test_a_payment_after_the_session_ended_is_not_taken_and_says_so(payment, number):
    before = PaymentEvent.objects.count()
    payment.context.clear_cookies(name="sessionid")
    press(payment, "⏎")
    expect(payment.get_by_role("alert")).to_contain_text("Nothing was done.")
    assert PaymentEvent.objects.count() == before
    payment.fill("#id_login", "dana")


def test_the_same_payment_at_two_windows_is_taken_once_and_asked_about(account, drawer, browser, server, number):
    """Two clerks' habits: a second window on the same account, and the same button pressed in both."""
    windows = []
    for _ in range(2):
        page = browser.new_context(base_url=server, viewport=WIDE, reduced_motion="reduce").new_page()
        sign_in(page, username="dana")
        page.goto(f"/desk/accounts/{number(HOA)}/")
        press(page, "p")
        page.fill("#id_amount", "7.11")
        press(page, "c")
        windows.append(page)
    before = PaymentEvent.objects.count()
    for page, words in zip(windows, ("No change", "was taken today"), strict=True):
        page.locator(POST).first.press("Enter")
        expect(page.locator("#panel")).to_contain_text(words)
    assert PaymentEvent.objects.count() == before + 1
    for page in windows:
        page.context.close()


def test_a_drawer_that_was_closed_at_another_window_takes_nothing_more(payment, browser, server, people, drawer):
    before = PaymentEvent.objects.count()
    context = browser.new_context(base_url=server, viewport=WIDE, reduced_motion="reduce")
    beside = context.new_page()
    sign_in(beside, username="dana")
    beside.goto("/desk/counter/")
    press(beside, "x")
    beside.locator(POST).press("Enter")
    expect(beside).to_have_url("/desk/counter/do/count/")
    press(payment, "⏎")
    expect(payment.locator("#panel .error-summary")).to_contain_text("You have no drawer open.")
    assert PaymentEvent.objects.count() == before
    context.close()
