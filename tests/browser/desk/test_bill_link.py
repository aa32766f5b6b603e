"""The page behind a bill's link on a telephone: the fact, the bill, and an answer that is wrong."""

from __future__ import annotations

import pytest
from django.test import override_settings
from playwright.sync_api import expect

from lamplighter.accounts.models import Account
from lamplighter.accounts.standing.operations import set_dispatch
from lamplighter.billing.models import Bill
from lamplighter.billing.queries.linking import token_of
from lamplighter.journeys.notifying import tell_bills_ready
from lamplighter.platform.transactions import unit_of_work
from tests.browser.looking import assert_accessible, assert_no_sideways_scroll
from tests.browser.views import NARROW
from tests.web.desk.town import DANA, NOW


@pytest.fixture
def link(people, server):
    return linked(people, server, "Jun Park")


def linked(people, server, name: str) -> tuple[str, str]:
    bill = people.homes[name].account.bills.order_by("-id").first()
    with override_settings(PUBLIC_URL=str(server)), unit_of_work(DANA):
        set_dispatch(account=bill.account, dispatch=Account.Dispatch.EMAIL, by=DANA, at=NOW)
        (notice,) = tell_bills_ready(bills=[Bill.objects.select_related("account").get(pk=bill.pk)], by=DANA, at=NOW)
    return f"/bill/{token_of(notice)}/", str(bill.due)


def test_a_bill_is_opened_on_a_phone(page, link):
    url, due = link
    page.set_viewport_size(NARROW)
    page.goto(url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your bill")
    assert due not in page.content()
    assert_accessible(page)
    page.set_viewport_size(NARROW)
    page.get_by_label("ZIP code").fill("90001")
    page.get_by_role("button", name="Show my bill").click()
    expect(page.get_by_text("Tries left: 4")).to_be_visible()
    assert_accessible(page)
    page.set_viewport_size(NARROW)
    page.get_by_label("ZIP code").fill("90555")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="How it adds up")).to_be_visible()
    expect(page.get_by_text(due).first).to_be_visible()
    assert_no_sideways_scroll(page)
    assert_accessible(page)
    page.set_viewport_size(NARROW)
    page.get_by_role("button", name="Send my bills on paper").click()
    expect(page.get_by_text("Your next bill comes on paper")).to_be_visible()


def test_who_reads_vietnamese_is_asked_told_and_refused_in_it(page, people, server):
    url, due = linked(people, server, "Thi Hoa Nguyen")
    page.set_viewport_size(NARROW)
    page.goto(url)
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hóa đơn của quý vị")
    assert_accessible(page)
    page.set_viewport_size(NARROW)
    page.get_by_label("Mã ZIP").fill("90001")
    page.get_by_role("button", name="Xem hóa đơn của tôi").click()
    expect(page.get_by_text("Số lần thử còn lại: 4")).to_be_visible()
    page.get_by_label("Mã ZIP").fill("90555")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Cách cộng lại")).to_be_visible()
    expect(page.get_by_text(due).first).to_be_visible()
    assert_no_sideways_scroll(page)
    assert_accessible(page)
    for english in ("How it adds up", "How to pay", "Payments", "Due ", "owe", "Energy", "Customer charge", "month"):
        assert english not in page.locator("main").inner_text()
