"""Panels, keys and drafts: the acts of a desk, with hands on the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from lamplighter.platform.models import Event, RequestKey, User
from tests.browser.looking import sign_in


@pytest.fixture(scope="module")
def urlconf() -> str:
    return "tests.web.ui.urls"


@pytest.fixture
def desk(page):
    sign_in(page, "csr")
    page.goto("/desk/today/")
    return page


def test_one_key_opens_a_panel_and_escape_closes_it_where_one_was(desk):
    pay = desk.locator(".acts a", has_text="Pay")
    pay.focus()
    desk.keyboard.press("p")
    expect(desk.locator("#panel-title")).to_be_focused()
    expect(desk.locator("h1")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.locator("#panel")).to_be_hidden()
    expect(pay).to_be_focused()


def test_a_draft_is_kept_when_the_panel_closes_but_never_an_identity_number(desk):
    desk.keyboard.press("p")
    desk.fill("#id_amount", "61.50")
    desk.fill("#id_identity", "123-45-6789")
    desk.keyboard.press("Escape")
    desk.reload()
    desk.keyboard.press("p")
    expect(desk.locator("#id_amount")).to_have_value("61.50")
    expect(desk.locator("#id_identity")).to_have_value("")
    assert "123-45" not in desk.evaluate("JSON.stringify(localStorage)")
    desk.get_by_role("button", name="Start again").click()
    expect(desk.locator("#id_amount")).to_have_value("")


def test_a_draft_is_gone_when_it_is_done_and_survives_signing_out_for_its_writer_alone(desk):
    """ALL-E13: whoever signs in on the same computer next sees nothing of it."""
    kept = "number => Object.keys(localStorage).filter(key => key.includes('draft')).length === number"
    desk.keyboard.press("n")
    desk.fill("#id_words", "Dog in the yard")
    desk.locator("#panel button[type=submit]").click()
    expect(desk.locator("#toasts")).to_contain_text("Note saved.")
    desk.wait_for_function(kept, arg=0)
    desk.keyboard.press("n")
    desk.fill("#id_words", "Gate code")
    desk.keyboard.press("Escape")
    desk.wait_for_function(kept, arg=1)
    desk.click("summary:has-text('Dana')")
    desk.get_by_role("button", name="Sign out").click()
    expect(desk).to_have_url("/demo/")
    desk.wait_for_function(kept, arg=1)
    for who, words in (("supervisor", ""), ("csr", "Gate code")):
        sign_in(desk, who)
        desk.goto("/desk/today/")
        desk.keyboard.press("n")
        expect(desk.locator("#id_words")).to_have_value(words)
        desk.keyboard.press("Escape")


def test_keys_typed_while_a_panel_loads_go_to_its_first_field(desk):
    desk.keyboard.press("l")
    desk.keyboard.type("84.66", delay=20)
    expect(desk.locator("#id_amount")).to_have_value("84.66")
    expect(desk.locator("#id_amount")).to_be_focused()


def test_two_quick_enters_post_one_payment(desk):
    desk.evaluate("htmx.ajax('GET', '/desk/do/pay/', {target: '#panel', swap: 'innerHTML'})")
    desk.fill("#id_amount", "60")
    desk.keyboard.press("Enter")
    desk.keyboard.press("Enter")
    expect(desk.locator("#toasts")).to_contain_text("$60.00 taken.")
    expect(desk.locator("#panel")).to_be_hidden()
    assert Event.objects.filter(name="payments.payment.taken").count() == 1
    assert RequestKey.objects.count() == 1


def test_a_slow_post_says_so_and_disables_its_button(desk):
    desk.route("**/ui/do/pay/", lambda route: desk.wait_for_timeout(700) or route.continue_())
    desk.goto("/ui/do/pay/")
    desk.fill("#id_amount", "60")
    desk.check("input[value=cash]")
    button = desk.locator("main button[type=submit]")
    desk.evaluate("document.querySelector('main form').addEventListener('submit', event => event.preventDefault())")
    button.click()
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(button).to_have_text("Posting…")


def test_a_result_shows_in_the_panel_and_says_it_aloud(desk):
    desk.keyboard.press("p")
    desk.fill("#id_amount", "60")
    desk.locator("#panel-title").focus()
    desk.keyboard.press("c")
    expect(desk.locator("input[value=cash]")).to_be_checked()
    desk.keyboard.press("2")
    expect(desk.locator("input[value=check]")).to_be_checked()
    desk.keyboard.press("Enter")
    expect(desk.locator("#panel .large")).to_have_text("$60.00")
    expect(desk.locator("#say")).to_have_text("$60.00 taken.")
    expect(desk.get_by_role("link", name="Next customer")).to_be_focused()


def test_a_refusal_is_read_on_top_of_the_form(desk):
    desk.keyboard.press("p")
    desk.fill("#id_amount", "60")
    desk.check("input[value=card]")
    desk.locator("#panel button[type=submit]").click()
    expect(desk.locator("#panel .error-summary")).to_contain_text("The card terminal is off.")
    expect(desk.locator("#panel .error-summary")).to_be_focused()


def test_an_error_leads_to_its_field(desk):
    desk.keyboard.press("p")
    desk.locator("#panel button[type=submit]").click()
    desk.locator(".error-summary a").first.click()
    expect(desk.locator("#id_amount")).to_be_focused()


def test_a_conflict_can_be_insisted_on(desk):
    desk.keyboard.press("c")
    desk.fill("#id_words", "(510) 555-0142")
    desk.locator("#panel button[type=submit]").click()
    expect(desk.locator("#panel .problem")).to_contain_text("Mei-Ling changed this")
    desk.get_by_role("button", name="Use yours").click()
    expect(desk.locator("#toasts")).to_contain_text("Note saved.")


def test_a_done_act_can_be_undone_for_ten_seconds(desk):
    desk.keyboard.press("n")
    desk.fill("#id_words", "Dog in the yard")
    desk.locator("#panel button[type=submit]").click()
    desk.get_by_role("button", name="Undo").click()
    expect(desk.locator("#toasts")).to_contain_text("Undone.")


def test_an_upload_shows_its_end(desk, tmp_path):
    photo = tmp_path / "income.pdf"
    photo.write_bytes(b"%PDF" + bytes(200_000))
    desk.keyboard.press("u")
    desk.set_input_files("#id_papers", photo)
    desk.locator("#panel button[type=submit]").click()
    expect(desk.locator("#toasts")).to_contain_text("income.pdf, 200,004 bytes, came in.")


def test_a_refused_panel_tells_the_page_who_can(desk):
    desk.goto("/ui/errors/")
    desk.get_by_text("403 in a panel").click()
    expect(desk.locator("#problem .problem")).to_be_focused()
    expect(desk.locator("#problem")).to_contain_text("Refunds over $100 need a supervisor.")
    expect(desk.locator("#panel")).to_be_hidden()


def test_shortcuts_can_be_switched_off_or_moved_behind_a_semicolon(desk):
    desk.goto("/preferences/")
    desk.check("input[value=off]")
    desk.get_by_role("button", name="Save").click()
    expect(desk.locator("body[data-keys=off]")).to_have_count(1)
    desk.goto("/desk/today/")
    desk.keyboard.type("p/")
    desk.wait_for_timeout(150)
    expect(desk.locator("#panel")).to_be_hidden()
    expect(desk.locator("#palette")).to_be_hidden()
    desk.goto("/preferences/")
    desk.check("input[value=prefix]")
    desk.get_by_role("button", name="Save").click()
    expect(desk.locator("body[data-keys=prefix]")).to_have_count(1)
    desk.goto("/desk/today/")
    desk.keyboard.press("p")
    desk.wait_for_timeout(100)
    expect(desk.locator("#panel")).to_be_hidden()
    desk.keyboard.type(";p")
    expect(desk.locator("#panel-title")).to_be_visible()
    User.objects.filter(username="dana").update(single_keys=True)


def test_g_and_a_letter_go_places(desk):
    desk.keyboard.type("gw")
    expect(desk).to_have_url("/desk/work/")


def test_the_palette_finds_and_opens_by_keyboard(desk):
    desk.keyboard.press("/")
    expect(desk.locator("#palette-input")).to_be_focused()
    desk.keyboard.type("nguyen")
    expect(desk.locator("#palette [role=option]")).to_have_count(2)
    expect(desk.locator("#say")).to_have_text("2 matches")
    desk.keyboard.press("ArrowDown")
    expect(desk.locator("#palette-input")).to_have_attribute("aria-activedescendant", "palette-2")
    desk.keyboard.press("Enter")
    expect(desk).to_have_url("/ui/?found=204777-1")


def test_a_late_answer_of_the_palette_leaves_the_line_that_an_arrow_chose(desk):
    late = []
    desk.route("**/*q=nguyen", lambda route: late.append(route))  # noqa: PLW0108 - Playwright marks functions
    desk.keyboard.press("/")
    desk.keyboard.type("nguye")
    expect(desk.locator("#say")).to_have_text("2 matches")
    desk.keyboard.type("n")
    desk.keyboard.press("ArrowDown")
    desk.locator("#palette-1").evaluate("line => { line.dataset.old = '' }")
    while not late:
        desk.wait_for_timeout(20)
    late.pop().continue_()
    expect(desk.locator("#palette-1[data-old]")).to_have_count(0)
    expect(desk.locator("#palette-2")).to_have_attribute("aria-selected", "true")
    desk.keyboard.press("Enter")
    expect(desk).to_have_url("/ui/?found=204777-1")


def test_the_palette_offers_the_acts_of_the_page(desk):
    desk.keyboard.press("Control+k")
    desk.keyboard.type("> not")
    expect(desk.locator("#palette [role=option]")).to_have_text(["NoteN"])
    desk.keyboard.press("Enter")
    expect(desk.locator("#panel-title")).to_have_text("Write a note")


def test_the_palette_finds_an_act_by_the_other_words_that_people_say_for_it(desk):
    desk.keyboard.press("/")
    desk.keyboard.type("Transf")
    expect(desk.locator("#palette [role=option]")).to_have_text(["MoveS"])
    expect(desk.locator("#say")).to_have_text("1 match")
    desk.keyboard.press("Enter")
    expect(desk.locator("#palette")).to_be_hidden()
    expect(desk.locator("#panel-title")).to_be_visible()


def test_a_lost_line_stops_payments_and_loses_nothing(desk):
    desk.keyboard.press("p")
    desk.fill("#id_amount", "60")
    desk.check("input[value=cash]")
    desk.context.set_offline(True)
    expect(desk.locator("#offline")).to_contain_text("Payments are paused.")
    desk.locator("#panel button[type=submit]").click()
    expect(desk.locator("#id_amount")).to_have_value("60")
    desk.context.set_offline(False)
    expect(desk.locator("#offline")).to_be_hidden()
    desk.locator("#panel button[type=submit]").click()
    expect(desk.locator("#panel .large")).to_have_text("$60.00")


def test_two_minutes_before_its_end_a_session_can_be_extended(own_page):
    """ALL-E13."""
    sign_in(own_page, "csr")
    own_page.clock.install()
    own_page.goto("/desk/today/")
    own_page.clock.run_for((8 * 3600 - 119) * 1000)
    expect(own_page.locator("#session")).to_be_visible()
    own_page.keyboard.press("Enter")
    expect(own_page.locator("#session")).to_be_hidden()
    own_page.clock.run_for(1000)
    expect(own_page.locator("#say")).to_have_text("You stay signed in.")
