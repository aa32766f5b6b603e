"""A day at the desk with the mouse put away (ALL-E2): who calls, what they want, the drawer, and a colleague beside."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from lamplighter.accounts.models import Agreement
from lamplighter.fieldwork.models import Order
from lamplighter.kernel.money import Money, total
from lamplighter.payments.models import PaymentEvent
from lamplighter.payments.queries import expected_in
from lamplighter.platform.models import Approval
from tests.browser.looking import press, sign_in, tab_to
from tests.browser.views import WIDE

POST = "#panel button[type=submit]"


@pytest.fixture
def beside(browser, server):
    """A second browser, at which Tuan sits."""
    context = browser.new_context(base_url=server, viewport=WIDE, reduced_motion="reduce")
    page = context.new_page()
    sign_in(page, username="tuan")
    yield page
    context.close()


def types(page: Page, field: str, words: str) -> None:
    tab_to(page, field)
    page.keyboard.type(words)


@pytest.mark.parametrize(("typed", "why"), [
    ("E-77120001", "meter"), ("5550142", "telephone"), ("nguyan", "name"), ("$110.56", "bill"),
    ("@1418 pac", "address"),
])  # fmt: skip
def test_csr_f2_a_caller_is_found_by_whatever_they_say(dana, typed, why):
    dana.goto("/desk/counter/")
    press(dana, "/")
    dana.keyboard.type(typed)
    first = dana.locator("#palette [role=option]").first
    expect(first).to_contain_text("Nguyen, Thi Hoa")
    expect(first).to_contain_text(why)


def test_csr_f2_a_caller_is_found_by_the_number_of_the_old_system(dana):
    dana.goto("/desk/counter/")
    press(dana, "/")
    dana.keyboard.type("10-44821")
    expect(dana.locator("#palette [role=option]").first).to_contain_text("Ortega, Luis")


def test_csr_v1_a_caller_is_verified_in_four_keys_for_this_call_alone_and_wrapped_up_in_two(account):
    page = account("Thi Hoa Nguyen")
    expect(page.locator(".idh")).to_contain_text("Caller not verified")
    keys = press(page, "v")
    expect(page.locator("#panel-title")).to_have_text("Who is on the line?")
    assert keys + press(page, "12⏎") == 4
    expect(page.locator(".idh")).to_contain_text("Verified 9:02")
    keys = press(page, "w")
    guessed = page.locator("#panel input[name=reason]:checked")
    expect(guessed).to_have_count(1)
    reason = guessed.evaluate("node => node.closest('label').innerText")
    assert keys + press(page, "⏎") == 2
    expect(page.locator("#panel-timeline .tl li").first).to_contain_text(reason, ignore_case=True)
    page.reload()
    expect(page.locator(".idh")).to_contain_text("Caller not verified")


def test_csr_b1_why_a_bill_changed_is_one_key_away_and_its_causes_sum_to_the_change(account):
    page = account("Dele Adeyemi")
    expect(page.locator("#panel-why")).to_contain_text("Change")
    press(page, "b")
    expect(page).to_have_url(re.compile("/bills/"))
    sums = page.locator("table.sums", has_text="Change").first
    cents = [cents_of(one) for one in sums.locator("tbody td.num").all_inner_texts()]
    assert len(cents) > 1
    assert sum(cents) == cents_of(sums.locator("tfoot td.num").inner_text())


def cents_of(shown: str) -> int:
    return int(re.sub(r"[$,.+]", "", shown).replace("−", "-"))


def test_csr_p3_one_check_pays_two_accounts_and_is_voided_the_same_day(account, number, drawer):
    held = expected_in(drawer).get("check", Money(0))
    page = account("Gwen Pruitt")
    press(page, "p")
    expect(page.locator("#id_amount")).to_be_focused()
    page.keyboard.type("20k")
    page.keyboard.type("4711")
    tab_to(page, "#panel summary:has-text('Pay other accounts')")
    press(page, "⏎")
    types(page, "#id_number_1", number("Ines Carvalho"))
    types(page, "#id_amount_1", "15")
    tab_to(page, f"{POST} >> nth=0")
    press(page, "⏎")
    expect(page.locator("#panel .slip")).to_contain_text("Check 4711")
    event = PaymentEvent.objects.latest("id")
    assert expected_in(drawer)["check"] - held == total(one.amount for one in event.payments.all()) == Money(3500)
    page.goto(f"/desk/receipts/{event.receipt}/")
    press(page, "v")
    expect(page.locator("#panel-title")).to_be_visible()
    press(page, "v")
    tab_to(page, POST)
    press(page, "⏎")
    expect(page.locator("main")).to_contain_text("Voided")
    assert expected_in(drawer).get("check", Money(0)) == held
    for name in ("Gwen Pruitt", "Ines Carvalho"):
        timeline = account(name).locator("#panel-timeline")
        expect(timeline).to_contain_text("voided")
        expect(timeline).to_contain_text(f"check · receipt R-{event.receipt}")


def test_csr_s1_service_starts_where_somebody_lives_and_both_ends_are_told(account):
    page = account("Tess Byrne")
    press(page, "s")
    expect(page.locator("#panel-title")).to_have_text("Service")
    press(page, "s")
    expect(page.locator("#panel-title")).to_have_text("Start service")
    types(page, "#id_place", "5 Slough Rd")
    types(page, "#id_on", "11242026")
    press(page, "⏎")
    expect(page.locator("#panel .error-summary")).to_contain_text("Kip Larsen has service here now")
    types(page, "#id_evidence", "Lease of Nov 24")
    press(page, "⏎")
    expect(page.locator("#panel")).to_contain_text("Stops the same day")
    expect(page.locator("#panel")).to_contain_text("stays on. It is theirs from Tue, Nov 24, 2026, 12:00 am")
    tab_to(page, "#panel button[name=confirmed]")
    press(page, "⏎")
    expect(page.locator("#panel")).to_be_hidden()
    kip = Agreement.objects.get(account__roles__person__name="Kip Larsen", kind="energy")
    assert f"{kip.period.end}" == "2026-11-24"


def test_an_order_takes_eight_keys_and_its_dog_is_known_the_next_time(account):
    page = account("Jun Park")
    keys = press(page, "o")
    expect(page.locator("#panel-title")).to_have_text("Raise an order")
    keys += tab_to(page, "#id_kind_0") + press(page, "7")
    types(page, "#id_safety", "Dog in the yard")
    keys += press(page, "⏎")
    assert keys <= 8
    expect(page.locator("#panel")).to_be_hidden()
    made = Order.objects.latest("id")
    page.goto(f"/desk/orders/{made.number}/")
    expect(page.locator("main")).to_contain_text("Dog in the yard")
    press(account("Jun Park"), "o")
    expect(page.locator("#panel")).to_contain_text("Dog in the yard")


def test_csr_r1_a_refund_waits_for_a_second_person_who_decides_it_by_two_keys(account, page):
    desk = account("Jun Park")
    press(desk, ".")
    expect(desk.locator("#panel-title")).to_have_text("More")
    press(desk, "k")
    expect(desk.locator("#panel-title")).to_contain_text("Refund")
    types(desk, "#id_amount", "412")
    types(desk, "#id_remark", "Paid ten times")
    tab_to(desk, POST)
    press(desk, "⏎")
    expect(desk.locator("#panel")).to_contain_text("Check before you confirm")
    tab_to(desk, "#panel button[name=confirmed]")
    press(desk, "⏎")
    expect(desk.locator("#panel")).to_be_hidden()
    asked = Approval.objects.get(kind="payments.refund", state="waiting")
    desk.reload()
    expect(desk.locator("main")).to_contain_text("Waits for a second person")
    sign_in(page, username="renee")
    page.goto("/lead/approvals/")
    page.get_by_role("link", name=re.compile("Refund .412")).press("Enter")
    expect(page.locator("main")).to_contain_text("Balance after")
    press(page, "y")
    expect(page.locator("input[value=yes]")).to_be_checked()
    press(page, "⏎")
    expect(page).not_to_have_url(re.compile(f"/lead/approvals/{asked.pk}/"))
    asked.refresh_from_db()
    assert asked.state == "approved"


def test_csr_l1_and_all_e11_a_colleague_on_the_same_account_is_seen_and_never_overwritten(account, beside, number):
    page = account("Rosa Maldonado")
    beside.goto(f"/desk/accounts/{number('Rosa Maldonado')}/")
    expect(beside.locator("#watch")).to_contain_text("Dana Reyes has this open too.")
    for desk in (page, beside):
        press(desk, "e")
        tab_to(desk, "#id_mobile")
        desk.keyboard.press("Control+a")
    beside.keyboard.type("(510) 555-0177")
    press(beside, "⏎")
    expect(beside.locator("#panel")).to_be_hidden()
    page.keyboard.type("(510) 555-0199")
    press(page, "⏎")
    conflict = page.locator("#panel .problem")
    expect(conflict).to_be_focused()
    expect(conflict).to_contain_text("Tuan Pham changed this")
    expect(conflict.locator("tbody tr")).to_contain_text(["(510) 555-0177"])
    expect(conflict.locator("tbody tr")).to_contain_text(["(510) 555-0199"])
    tab_to(page, "#panel .problem [data-discard]")
    press(page, "⏎")
    expect(page.locator("#panel")).to_be_hidden()
    page.reload()
    expect(page.locator(".idh")).to_contain_text("(510) 555-0177")


def test_csr_x1_a_drawer_is_closed_blind_and_its_difference_explained(page, drawer_of_tuan):
    sign_in(page, username="tuan")
    page.goto("/desk/counter/")
    press(page, "x")
    tab_to(page, POST)
    press(page, "⏎")
    expect(page).to_have_url("/desk/counter/do/count/")
    expect(page.locator("main")).not_to_contain_text("$200")
    types(page, "#id_pieces_2000", "10")
    types(page, "#id_pieces_500", "1")
    tab_to(page, "main button[type=submit]")
    press(page, "⏎")
    expect(page.locator("main")).to_contain_text("$5.00 over")
    tab_to(page, "main a:has-text('Say why')")
    press(page, "⏎")
    types(page, "#id_reason", "Found under the tray")
    tab_to(page, POST)
    press(page, "⏎")
    expect(page.locator("#panel")).to_be_hidden()
    page.goto(f"/desk/counter/tapes/{drawer_of_tuan.pk}/")
    expect(page.locator("main")).to_contain_text("Found under the tray")
    sheet = page.pdf(prefer_css_page_size=True)
    assert {round(float(box)) for box in re.findall(rb"/MediaBox \[0 0 ([\d.]+)", sheet)} == {612}
