"""Open items in a real Chromium: the statement, a match undone, and what stands in place of a plan that is refused."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from lamplighter.credit.operations.matching import set_style
from lamplighter.credit.queries.openitems import style_of
from lamplighter.credit.rules.matching import Style
from lamplighter.platform.transactions import unit_of_work
from tests.browser.looking import assert_accessible
from tests.browser.views import ALL_VIEWS, NARROW
from tests.web.desk.town import DANA, NOW, TODAY

HOA = "Thi Hoa Nguyen"


@pytest.fixture
def opened(people):
    account = people.homes[HOA].account
    if style_of(account, on=TODAY) is Style.FORWARD:
        with unit_of_work(DANA):
            set_style(account=account, style=Style.OPEN, reason="By remittance", on=TODAY, by=DANA, at=NOW)
    return account


def test_open_items_are_seen_bill_by_bill_and_a_match_is_undone(dana, opened):
    dana.goto(f"/desk/accounts/{opened.number}/open-items/")
    expect(dana.locator("#panel-bills, main").first).to_contain_text("Days past due")
    assert_accessible(dana, ALL_VIEWS)
    dana.get_by_role("link", name="Undo").first.click()
    panel = dana.locator("#panel")
    panel.get_by_label("Why").fill("It was for another bill")
    assert_accessible(dana)
    panel.get_by_role("button", name="Undo it").click()
    expect(dana.get_by_role("link", name="Match", exact=True)).to_be_visible()
    assert_accessible(dana, ALL_VIEWS)


def test_who_may_have_no_plan_is_shown_what_else_there_is(dana, people):
    dana.goto(f"/desk/accounts/{people.homes['Tess Byrne'].account.number}/do/arrange/")
    expect(dana.locator("main")).to_contain_text("a plan is for $25.00 or more")
    expect(dana.locator("main")).to_contain_text("Who may override")
    expect(dana.get_by_role("button", name="Make the plan")).to_have_count(0)
    assert_accessible(dana, ALL_VIEWS)


BILLS = """() => {
  const box = document.createElement("div");
  box.className = "table-box";
  box.innerHTML = `<table class="table"><thead><tr><th>Bill</th><th>Due</th><th class="num">Days past due</th>
    <th class="num">Open</th></tr></thead>
    <tbody><tr><th class="num">48356-4</th><td class="day">Wed, Oct 28, 2026</td>
    <td class="num">8</td><td class="num">$132,278.30</td></tr></tbody></table>`;
  document.querySelector("main .card").append(box);
  const number = document.createRange();
  number.selectNodeContents(box.querySelector("tbody th"));
  return [box.scrollWidth <= box.clientWidth, number.getClientRects().length === 1];
}"""
"""A large account's open bills, as `ebill/items.html` lists them: whether they fit, and a number stays whole."""


def test_the_amounts_of_open_bills_stand_in_the_first_view_of_a_phone(dana, opened):
    dana.set_viewport_size(NARROW)
    dana.goto(f"/desk/accounts/{opened.number}/bills/{opened.bills.latest('pk').number}/")
    assert dana.evaluate(BILLS) == [True, True]
