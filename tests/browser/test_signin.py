"""Signing in by password and by a card of the demo, and the public pages around it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.looking import assert_accessible
from tests.web.conftest import PASSWORD


def test_a_password_signs_in(page):
    page.goto("/accounts/login/")
    assert_accessible(page)
    page.fill("#id_login", "dana")
    page.fill("#id_password", "guess")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".error-summary")).to_be_focused()
    assert_accessible(page)
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("summary", has_text="Dana R.")).to_be_visible()


def test_a_card_of_the_demo_signs_in_with_one_click(page):
    page.goto("/")
    expect(page).to_have_url("/demo/")
    expect(page.locator(".demo-card")).to_have_count(4)
    expect(page.get_by_role("button", name="Be Thi Hoa Nguyen")).to_have_count(0)  # no portal, nothing to see
    assert_accessible(page)
    page.get_by_role("button", name="Be Renee Abernathy").click()
    expect(page.locator("summary", has_text="Renee A.")).to_be_visible()


def test_the_pages_of_the_second_factor_are_accessible(page):
    page.goto("/accounts/login/?next=/accounts/2fa/")
    page.fill("#id_login", "dana")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Two-Factor Authentication")
    assert_accessible(page)
    page.goto("/accounts/2fa/totp/activate/")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("img.qr")).to_be_visible()
    assert_accessible(page)


def test_sign_in_works_without_scripts(browser, server):
    context = browser.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("#id_login", "renee")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "login" not in url)
    page.goto("/ui/do/note/")
    page.fill("#id_words", "Written without scripts")
    page.get_by_role("button", name="Save").click()
    assert "Note saved." in page.inner_text("#toasts")
    context.close()
