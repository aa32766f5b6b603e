"""What the checklist of the desk asks (CSR-S2, CSR-W1, SUP-U6, ALL-E3, E5, E7, E12), in a real Chromium."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from playwright.sync_api import Page, expect

from lamplighter.accounts.models import Agreement
from lamplighter.kernel.money import Money
from lamplighter.payments.models import BankDeposit
from lamplighter.payments.operations.banks import set_bank_account
from lamplighter.platform.models import User
from lamplighter.platform.transactions import unit_of_work
from lamplighter.worklist.models import Item
from tests.browser.looking import assert_no_sideways_scroll, press, sign_in, tab_to
from tests.browser.views import WIDE
from tests.payments.papers import bai2
from tests.web.desk.town import DANA, NOW

POST = "#panel button[type=submit]"
ZOOMED = ({"width": 683, "height": 384}, {"width": 342, "height": 300})  # 200 and 400 % of 1366 by 768
HOA, ROSA = "Thi Hoa Nguyen", "Rosa Maldonado"


def types(page: Page, field: str, words: str) -> None:
    tab_to(page, field, most=40)
    page.keyboard.type(words)


def sends(page: Page) -> None:
    """Tab to the button of a page's form and press Enter, until the answer is there."""
    tab_to(page, "main button[type=submit]", most=60)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press("Enter")
    page.wait_for_load_state()


def money_in(words: str) -> Money:
    """The first amount in them; the minus sign of the screen is a long one."""
    sign, digits = re.search(r"([-\u2212+]?)\$([\d,]+\.\d\d)", words).groups()
    return Money.exactly(("-" if sign in {"-", "\u2212"} else "") + digits.replace(",", ""))


def test_csr_s2_a_move_on_a_saturday_is_refused_with_the_next_day_and_both_ends_are_confirmed_at_once(account):
    page = account("Pat Kowalczyk")
    press(page, "s")
    expect(page.locator("#panel-title")).to_have_text("Service")
    press(page, "m")
    expect(page.locator("#panel-title")).to_have_text("Move")
    types(page, "#id_place", "600 Willow St Apt 2")
    types(page, "#id_starts", "11282026")
    types(page, "#id_stops", "11282026")
    types(page, "#id_evidence", "Lease")
    press(page, "⏎")
    refused = page.locator("#panel .error-summary")
    expect(refused).to_contain_text("No field visit on Sat, Nov 28, 2026, a Saturday")
    expect(refused).to_contain_text("Next: Mon, Nov 30, 2026")
    for field in ("#id_starts", "#id_stops"):
        page.fill(field, "2026-11-30")
    page.locator("#id_evidence").press("Enter")
    expect(page.locator("#panel")).to_contain_text("Old place")
    expect(page.locator("#panel")).to_contain_text("New place")
    tab_to(page, "#panel button[name=confirmed]")
    press(page, "⏎")
    expect(page.locator("#panel")).to_be_hidden()
    of_pat = Agreement.objects.filter(account__roles__person__name="Pat Kowalczyk", kind="energy").order_by("id")
    old, new = of_pat.first(), of_pat.last()
    assert (old.period.end, new.period.start) == (date(2026, 11, 30), date(2026, 11, 30))


def test_csr_w1_the_reason_of_a_call_is_guessed_right_in_four_of_five(dana, number, drawer):
    """What was done, or how the account stands, tells why they called."""
    asked = {
        ROSA: ("p", "Payment"), "Gwen Pruitt": ("o", "Appointment or field order"),
        "Jun Park": ("e", "Change of name or contact"),
        HOA: ("", "Payment plan or more time"), "Dele Adeyemi": ("", "High bill"),
    }  # fmt: skip
    right = 0
    for who, (key, reason) in asked.items():
        dana.goto(f"/desk/accounts/{number(who)}/")
        if key == "p":
            press(dana, "p")
            dana.fill("#id_amount", "5")
            press(dana, "c⏎")
            expect(dana.locator("#panel .large")).to_have_text("No change")
        elif key == "o":
            press(dana, "o")
            tab_to(dana, "#id_kind_0")
            press(dana, "7⏎")
            expect(dana.locator("#panel")).to_be_hidden()
        elif key == "e":
            press(dana, "e")
            dana.fill("#id_phone", "(510) 555-0199")
            dana.locator(POST).click()
            expect(dana.locator("#panel")).to_be_hidden()
        dana.goto(f"/desk/accounts/{number(who)}/")
        press(dana, "w")
        guessed = dana.locator("#panel input[name=reason]:checked")
        expect(guessed).to_have_count(1)
        right += reason in guessed.evaluate("node => node.closest('label').innerText")
        press(dana, "⏎")
        expect(dana.locator("#panel")).to_be_hidden()
    assert right >= 4


def test_all_e3_nothing_scrolls_sideways_at_200_and_400_percent(page, number, people, drawer):
    for who, paths in {
        "dana": ["/desk/", f"/desk/accounts/{number(HOA)}/", f"/desk/accounts/{number(HOA)}/ledger/",
                 f"/desk/accounts/{number(HOA)}/online/", f"/desk/accounts/{number(HOA)}/do/pay/", "/desk/counter/",
                 "/desk/orders/", "/desk/team/", "/desk/start/"],
        "renee": ["/lead/", "/lead/cash/", "/lead/approvals/", "/desk/confidential/",
                  f"/desk/accounts/{number(HOA)}/do/protect-address/"],
    }.items():  # fmt: skip
        sign_in(page, username=who)
        for path in paths:
            page.set_viewport_size(WIDE)
            assert page.goto(path).status == 200, path
            for size in ZOOMED:
                page.set_viewport_size(size)
                assert_no_sideways_scroll(page)


def test_all_e5_with_single_keys_off_no_letter_does_anything_on_an_account(account):
    User.objects.filter(username="dana").update(single_keys=False)
    try:
        page = account(HOA)
        before = page.url
        page.keyboard.type("pasombfnvw./?gt")
        page.wait_for_timeout(150)
        expect(page.locator("#panel")).to_be_hidden()
        expect(page.locator("#palette")).to_be_hidden()
        assert page.url == before
        page.keyboard.press("Control+k")
        expect(page.locator("#palette")).to_be_visible()
    finally:
        User.objects.filter(username="dana").update(single_keys=True)


def test_all_e7_an_account_prints_on_letter_with_its_figures_and_without_its_shell(account):
    page = account(HOA)
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    page.emulate_media(media="print")
    expect(page.locator(".rail")).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    widths = {
        round(float(box)) for box in re.findall(rb"/MediaBox \[0 0 ([\d.]+)", page.pdf(prefer_css_page_size=True))
    }
    assert widths == {612}
    assert page.locator(".tile").evaluate_all(
        "nodes => nodes.every(node => node.getBoundingClientRect().right <= innerWidth)"
    )


def test_all_e12_the_figures_of_an_account_lead_to_lines_that_add_up_to_them(account):
    page = account(HOA)
    tile = page.locator(".tile", has_text="Balance").first
    balance = money_in(tile.inner_text())
    tile.locator("a").press("Enter")
    expect(page).to_have_url(re.compile("/ledger/"))
    heads = [one.strip() for one in page.locator("table thead th").all_inner_texts()]
    cells = page.locator("table tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.children].map(cell => cell.innerText))"
    )
    lines = [(money_in(row[heads.index("Amount")]), money_in(row[heads.index("Balance after")])) for row in cells]
    assert lines[0][1] == balance
    for (amount, after), (_, before) in pairwise(lines):
        assert before + amount == after
    page.locator("table tbody tr a").first.press("Enter")
    expect(page).not_to_have_url(re.compile("/ledger/"))


def test_sup_u6_a_drawers_bag_is_matched_with_the_bank_and_a_missing_check_becomes_work(page, people, drawer_of_tuan):
    with unit_of_work(DANA):
        set_bank_account(bank="First Bay Bank", routing="121000358", number="000123456789", holder="Marisol Bay Power",
                         company="1946001234", by=DANA, at=NOW)  # fmt: skip
    sign_in(page, username="tuan")
    page.goto(f"/desk/accounts/{people.homes[ROSA].account.number}/")
    press(page, "p")
    page.fill("#id_amount", "20")
    press(page, "k")
    types(page, "#id_reference", "1182")
    press(page, "⏎")
    expect(page.locator("#panel .large")).to_have_text("No change")
    page.goto(page.url)
    press(page, "p")
    page.fill("#id_amount", "40")
    press(page, "c⏎")
    expect(page.locator("#panel .large")).to_have_text("No change")
    page.goto("/desk/counter/")
    press(page, "x")
    tab_to(page, POST)
    press(page, "⏎")
    expect(page).to_have_url("/desk/counter/do/count/")
    types(page, "#id_pieces_2000", "12")
    types(page, "#id_other_check", "20")
    sends(page)
    refused = page.goto(f"/lead/cash/drawers/{drawer_of_tuan.pk}/do/verify/")
    assert refused.status == 403
    expect(page.locator("main")).to_contain_text("Customer services supervisor")

    sign_in(page, username="renee")
    page.goto(f"/lead/cash/drawers/{drawer_of_tuan.pk}/do/verify/")
    types(page, "#id_pieces_2000", "12")
    types(page, "#id_other_check", "20")
    sends(page)
    page.goto(f"/lead/cash/drawers/{drawer_of_tuan.pk}/tape/")
    expect(page.locator("main")).to_contain_text("Verified by Renee Abernathy")

    page.goto("/lead/cash/do/deposit/")
    for box in page.locator("input[name=drawers]").all():
        box.set_checked(box.get_attribute("value") == str(drawer_of_tuan.pk))
    types(page, "#id_bag", "B-77")
    sends(page)
    expect(page.locator("main")).to_contain_text("Check 1182")
    deposit = BankDeposit.objects.get()
    page.goto(f"/lead/cash/deposits/{deposit.number}/")
    page.emulate_media(media="print")
    expect(page.locator("main")).to_contain_text("Check 1182")
    expect(page.locator("main")).to_contain_text("12 × $20.00$240.00")
    expect(page.locator(".rail")).to_be_hidden()
    assert {
        round(float(box)) for box in re.findall(rb"/MediaBox \[0 0 ([\d.]+)", page.pdf(prefer_css_page_size=True))
    } == {612}
    page.emulate_media(media="screen")

    page.goto("/lead/cash/do/statement/")
    lines = bai2("000123456789", date(2026, 11, 20), [("175", 4000, "BAG B-77")])
    page.set_input_files("#id_file", {"name": "bank.bai", "mimeType": "text/plain", "buffer": lines})
    sends(page)
    assert "$20.00 missing at the bank" in Item.objects.get(kind="payments.bank-difference").summary
