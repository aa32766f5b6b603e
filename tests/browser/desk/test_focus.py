"""Who works without a mouse always sees where they are (ALL-E2): the focus shows, and never under the bar."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import press, sign_in
from tests.browser.views import NARROW, WIDE

HIDDEN = """() => {
  const one = document.activeElement, bar = document.querySelector(".topbar");
  if (one === document.body) return "";
  const style = getComputedStyle(one), box = one.getBoundingClientRect(), name = one.outerHTML.slice(0, 120);
  const drawn = [style, getComputedStyle(one.closest("label, tr, .row-choice") ?? one)];
  if (!drawn.some(each => each.outlineStyle !== "none" || each.boxShadow !== "none")) return `no ring: ${name}`;
  if (box.bottom <= 0 || box.top >= innerHeight) return `out of sight: ${name}`;
  const at = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(3, box.height / 2));
  const under = bar?.contains(at) && !bar.contains(one);
  return under ? `under the bar: ${name}` : "";
}"""
STEPS = 60


def walk(page: Page, key: str) -> list[str]:
    """What is wrong with where the focus stands, tab by tab."""
    wrong = []
    for _ in range(STEPS):
        page.keyboard.press(key)
        wrong.append(page.evaluate(HIDDEN))
    return [one for one in wrong if one]


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("path", ["", "money/", "ledger/", "do/pay/"])
def test_all_e2_the_focus_shows_on_every_stop_forth_and_back_and_never_under_the_bar(account, drawer, path, size):
    page = account("Thi Hoa Nguyen")
    page.set_viewport_size(size)
    page.goto(page.url + path)
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    assert walk(page, "Tab") == []
    assert walk(page, "Shift+Tab") == []


def test_all_e2_the_focus_shows_in_an_open_panel(account, drawer):
    page = account("Thi Hoa Nguyen")
    press(page, "p")
    expect(page.locator("#id_amount")).to_be_focused()
    assert walk(page, "Tab") == []


def test_all_e2_the_focus_shows_where_a_supervisor_decides(page, people):
    sign_in(page, username="renee")
    for path in ("/lead/", "/lead/cash/", "/lead/approvals/"):
        page.goto(path)
        assert walk(page, "Tab") == []
