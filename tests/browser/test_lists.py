"""The one table in a browser: sorted, filtered, walked and exported without losing one's place."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.looking import sign_in
from tests.web.conftest import make_person


@pytest.fixture(scope="module")
def urlconf() -> str:
    return "tests.web.ui.urls"


@pytest.fixture(scope="module")
def people(clone) -> None:
    make_person("dana", "Dana Reyes", "csr")
    for i in range(24):
        make_person(f"p{i:02}", f"Person {i:02}")


@pytest.fixture
def table(page):
    sign_in(page, "csr")
    page.goto("/people/")
    return page


def test_a_column_sorts_in_place_and_keeps_focus(table):
    table.evaluate("window.same = true")
    table.locator("th a", has_text="Login").focus()
    table.keyboard.press("Enter")
    expect(table).to_have_url("/people/?sort=-username")
    expect(table.locator("tbody .row-link").first).to_have_text("p23")
    expect(table.locator("th[aria-sort=descending] a")).to_be_focused()
    table.keyboard.press("Enter")
    expect(table.locator("th[aria-sort=ascending] a")).to_be_focused()
    expect(table.locator("#say")).to_contain_text("25 rows, page 1 of 3")
    assert table.evaluate("window.same")


def test_the_filter_works_while_typing_and_comes_back_with_the_address(table):
    table.locator("#id_name").press_sequentially("person 07")
    expect(table.locator("tbody tr")).to_have_count(1)
    expect(table.locator("#id_name")).to_be_focused()
    table.reload()
    expect(table.locator("#id_name")).to_have_value("person 07")
    table.get_by_role("link", name="Clear").click()
    expect(table.locator("tbody tr")).to_have_count(10)


def test_rows_are_walked_with_j_and_k_and_opened_with_enter(table):
    table.keyboard.type("jjk")
    expect(table.locator("tbody .row-link").first).to_be_focused()
    table.keyboard.press("j")
    table.keyboard.press("Enter")
    expect(table).to_have_url("/people/p00/")


def test_pages_turn_in_place(table):
    table.get_by_role("link", name="Next").click()
    expect(table.locator(".pager")).to_contain_text("11–20 of 25")


def test_the_whole_filtered_set_is_exported(table):
    table.goto("/people/?name=person&page=2")
    with table.expect_download() as waiting:
        table.get_by_role("link", name="CSV").click()
    lines = waiting.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 25
    assert waiting.value.suggested_filename == "People.csv"
