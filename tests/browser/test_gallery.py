"""Every part of the interface, as people with and without sight, a mouse or a large screen meet it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.looking import assert_accessible, assert_no_sideways_scroll, sign_in, sizes
from tests.browser.views import ALL_VIEWS, VIEWS

FIRST_LOAD = 140 * 1024  # bytes: ux.md 3.9
PAGE_HTML = 60 * 1024


@pytest.fixture(scope="module")
def urlconf() -> str:
    return "tests.web.ui.urls"


@pytest.fixture
def desk(page):
    sign_in(page, "csr")
    page.goto("/ui/")
    return page


@pytest.fixture
def plain_desk(page):
    sign_in(page, "csr")
    page.goto("/desk/today/")
    return page


@pytest.mark.parametrize("path", ["/ui/", "/ui/colleagues/", "/ui/errors/404/", "/preferences/"])
def test_a_page_is_accessible_and_fits(page, path):
    sign_in(page, "csr")
    page.goto(path)
    if path == "/ui/":
        expect(page.locator("[data-plot] canvas")).to_be_visible()
    assert_accessible(page, ALL_VIEWS if path == "/ui/" else VIEWS)


@pytest.mark.parametrize("kind", ["pay", "move"])
def test_a_panel_is_accessible_also_with_mistakes(plain_desk, kind):
    plain_desk.click(f"a[data-panel][href='/ui/do/{kind}/']")
    plain_desk.locator("#panel button[type=submit]").click()
    expect(plain_desk.locator("#panel .error-summary")).to_be_focused()
    assert_accessible(plain_desk)


def test_the_palette_and_the_menu_are_accessible(plain_desk):
    plain_desk.click("summary:has-text('Dana')")
    assert_accessible(plain_desk, VIEWS[:1])
    plain_desk.keyboard.press("Control+k")
    plain_desk.locator("#palette-input").press_sequentially("nguyen")
    expect(plain_desk.locator("#palette [role=option]")).to_have_count(2)
    assert_accessible(plain_desk)


@pytest.mark.parametrize("width", [683, 342])
def test_nothing_scrolls_sideways_when_enlarged(desk, width):
    desk.set_viewport_size({"width": width, "height": 500})
    assert_no_sideways_scroll(desk)
    desk.goto("/ui/do/pay/")
    assert_no_sideways_scroll(desk)


def test_a_desk_loads_within_its_budget(own_page):
    sign_in(own_page, "csr")
    with sizes(own_page) as sent:
        own_page.goto("/desk/today/")
        own_page.wait_for_load_state("networkidle")
    assert sum(sent.values()) <= FIRST_LOAD, sorted(sent.items(), key=lambda pair: -pair[1])
    assert all(address.startswith("http://127.0.0.1:") for address in sent), "no request leaves the server's own host"


def test_the_account_page_is_small(desk):
    assert len(desk.request.get("/ui/").body()) <= PAGE_HTML


def test_the_page_prints_without_its_shell(desk):
    desk.emulate_media(media="print")
    expect(desk.locator(".rail")).to_be_hidden()
    expect(desk.locator("h1")).to_be_visible()


def test_arrow_keys_read_the_points_of_a_plot(desk):
    expect(desk.locator("[data-plot] canvas")).to_be_visible()
    desk.locator(".plot").focus()
    desk.keyboard.press("ArrowLeft")
    expect(desk.locator(".plot-point")).to_contain_text("Load")
    expect(desk.locator(".plot-point")).to_contain_text("kW")


def test_a_chart_is_also_a_table(desk):
    figure = desk.locator("#panel-use figure")
    figure.get_by_text("Show as table").click()
    expect(figure.locator("tbody tr")).to_have_count(12)


def test_a_system_theme_follows_the_computer(page):
    sign_in(page, "csr")
    page.emulate_media(color_scheme="dark")
    page.goto("/ui/")
    expect(page.locator("html[data-bs-theme=dark]")).to_have_count(1)
    page.emulate_media(color_scheme="light")
    expect(page.locator("html[data-bs-theme=light]")).to_have_count(1)
