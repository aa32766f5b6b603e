"""Dana's morning with her hands on the keyboard, in a real Chromium."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from lamplighter.billing import scanline
from lamplighter.billing.models import Bill
from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.operations.holding import begin_hold
from lamplighter.kernel.periods import Period
from lamplighter.payments.models import PaymentEvent
from lamplighter.payments.queries import expected_in
from lamplighter.platform.models import Approval
from lamplighter.platform.transactions import unit_of_work
from lamplighter.usage.models import ImportedFile, IntervalException
from lamplighter.worklist.models import Item
from tests.browser.looking import assert_accessible, assert_no_sideways_scroll, press, sign_in
from tests.browser.views import NARROW, WIDE
from tests.web.desk.town import DANA, NOW, SCHOOL, TODAY

PAIRS = ((WIDE, "light"), (NARROW, "dark")), ((WIDE, "dark"), (NARROW, "light"))
"""Each page wide and narrow, light and dark; pages take turns, since axe takes its time."""
ZOOMED = {"width": 342, "height": 700}  # 400 %


def test_csr_f1_a_caller_is_found_and_opened_by_typing(dana, number):
    dana.goto("/desk/counter/")
    dana.keyboard.press("/")
    dana.keyboard.type("hoa pac")
    first = dana.locator("#palette [role=option]").first
    expect(first).to_contain_text("Nguyen, Thi Hoa")
    expect(first).to_contain_text("name")
    dana.keyboard.press("Enter")
    expect(dana).to_have_url(f"/desk/accounts/{number('Thi Hoa Nguyen')}/")


def test_csr_f1_enter_opens_what_was_typed_also_before_its_list_is_there(dana, number):
    dana.goto("/desk/counter/")
    dana.keyboard.press("/")
    dana.keyboard.type("hoa pac")
    expect(dana.locator("#palette [role=option]").first).to_contain_text("Nguyen, Thi Hoa")
    dana.keyboard.press("Control+a")
    dana.keyboard.type("rosa mal")
    dana.keyboard.press("Enter")
    expect(dana).to_have_url(f"/desk/accounts/{number('Rosa Maldonado')}/")


def test_csr_f3_the_account_fits_above_the_fold(account, people):
    hers = people.homes["Thi Hoa Nguyen"].account
    with unit_of_work(DANA):
        begin_hold(account=hers, kind=HoldKind.MEDICAL, period=Period(TODAY), evidence="C-1", by=DANA, at=NOW)
    page = account("Thi Hoa Nguyen")
    expect(page.locator("#panel-why")).to_contain_text("Change")
    for words in ("Nguyen, Thi Hoa", "1418 Pacific Ave Apt B", "Vietnamese · interpreter"):
        assert page.locator(".idh").get_by_text(words).first.bounding_box()["y"] < 200
    assert page.locator(".al > div").count() == 3
    bottoms = (
        "nodes => nodes.map(node => node.getBoundingClientRect().bottom).filter(bottom => bottom <= innerHeight).length"
    )
    assert page.locator(".tile").evaluate_all(bottoms) == 5
    assert page.locator(".tl li").evaluate_all(bottoms) >= 6
    assert page.locator("#panel-why tfoot").evaluate_all(bottoms) == 1, "why it changed is read without scrolling"


def test_csr_p1_a_part_of_a_stub_takes_nine_keys_and_shows_the_change_large(dana, number, drawer):
    page, bill = dana, Bill.objects.filter(account__number=number("Rosa Maldonado"), origin="own").latest("id")
    before, held = PaymentEvent.objects.count(), expected_in(drawer)["cash"]
    page.goto("/desk/counter/")
    page.keyboard.press("/")
    page.keyboard.type(scanline.make(scanline.ScanLine(bill.account.number, bill.due, bill.due_on)))
    keys = press(page, "⏎")
    expect(page.locator("#id_amount")).to_be_focused()
    keys += press(page, "60c")
    expect(page.locator("#id_handed_over")).to_be_focused()
    keys += press(page, "100⏎")
    change = page.locator("#panel .large")
    expect(change).to_have_text("$40.00")
    assert change.evaluate("node => parseFloat(getComputedStyle(node).fontSize)") >= 42
    expect(page.locator("#say")).to_contain_text("Change $40.00.")
    expect(page.locator(".topbar-end .badge")).to_have_text(f"Drawer 1 open · {expected_in(drawer)['cash']}")
    assert (expected_in(drawer)["cash"] - held).cents == 6000
    expect(page.locator("#panel-timeline .tl li").first).to_contain_text("$60.00 cash")
    expect(page.locator("#panel-facts")).to_contain_text("$13.88")
    expect(page.get_by_role("link", name="Next customer")).to_be_focused()
    keys += press(page, "⏎")
    expect(page.locator("#palette-input")).to_be_focused()
    assert keys == 9
    assert PaymentEvent.objects.count() == before + 1


def test_csr_p2_two_quick_enters_post_one_payment(account, drawer):
    page = account("Dele Adeyemi")
    before = PaymentEvent.objects.count()
    press(page, "p")
    page.fill("#id_amount", "10")
    press(page, "c⏎⏎")
    expect(page.locator("#panel .large")).to_have_text("No change")
    assert PaymentEvent.objects.count() == before + 1


def test_csr_p4_a_lost_line_stops_a_payment_and_loses_nothing(account, drawer):
    page = account("Dele Adeyemi")
    before = PaymentEvent.objects.count()
    press(page, "p")
    page.fill("#id_amount", "12")
    page.context.set_offline(True)
    expect(page.locator("#offline")).to_contain_text("Payments are paused.")
    press(page, "c⏎")
    expect(page.locator("#id_amount")).to_have_value("12")
    assert PaymentEvent.objects.count() == before
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()
    page.locator("#panel button[type=submit]").press("Enter")
    expect(page.locator("#panel .large")).to_have_text("No change")
    assert PaymentEvent.objects.count() == before + 1


def test_keys_typed_before_the_panel_is_there_are_kept(account, drawer):
    page = account("Dele Adeyemi")
    page.keyboard.type("p25c40", delay=15)
    expect(page.locator("#id_amount")).to_have_value("25")
    expect(page.locator("input[value=cash]")).to_be_checked()


def test_a_check_asks_for_its_number_and_a_doubt_can_be_meant(account, drawer):
    page = account("Hannah Brandt")
    press(page, "p")
    page.fill("#id_amount", "999")
    press(page, "k")
    expect(page.locator("#id_reference")).to_be_focused()
    expect(page.locator("#id_handed_over")).to_be_hidden()
    press(page, "1182⏎")
    expect(page.locator("#panel .error-summary")).to_be_focused()
    expect(page.locator("#panel .error-summary")).to_contain_text("more than the account owes")
    page.get_by_role("button", name="Take it anyway").press("Enter")
    expect(page.locator("#panel .slip")).to_contain_text("Check 1182")


def test_a_payment_with_a_scanned_stub_takes_four_keys(dana, number, drawer):
    bill = Bill.objects.filter(account__number=number("Thi Hoa Nguyen"), origin="own").latest("id")
    before = PaymentEvent.objects.count()
    dana.goto("/desk/counter/")
    dana.keyboard.press("/")
    dana.keyboard.type(scanline.make(scanline.ScanLine(bill.account.number, bill.due, bill.due_on)))
    expect(dana.locator("#palette [role=option]")).to_have_count(1)
    keys = press(dana, "⏎")
    expect(dana.locator("#id_amount")).to_be_focused()
    assert "#" not in dana.url
    keys += press(dana, "c⏎")
    expect(dana.locator("#panel .large")).to_have_text("No change")
    keys += press(dana, "⏎")
    assert keys == 4
    assert PaymentEvent.objects.count() == before + 1


def test_escape_returns_to_where_one_was_and_a_note_shows_at_once(account):
    page = account("Jun Park")
    page.locator(".acts a", has_text="Note").focus()
    press(page, "n")
    expect(page.locator("#panel-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".acts a", has_text="Note")).to_be_focused()
    press(page, "n")
    page.locator("#id_words").fill("Prefers email.")
    page.locator("#panel button[type=submit]").click()
    expect(page.locator("#panel-timeline .tl li").first).to_contain_text("Prefers email.")


def test_a_chip_filters_and_keeps_the_focus(account):
    page = account("Thi Hoa Nguyen")
    page.get_by_role("link", name="Notices", exact=True).press("Enter")
    expect(page.locator("#panel-timeline .tl li")).to_have_count(1)
    expect(page.locator(".chips [aria-current]")).to_be_focused()
    page.get_by_role("link", name="All", exact=True).click()
    expect(page.locator("#panel-timeline .tl li").nth(5)).to_be_visible()


def test_from_the_list_of_bills_down_to_an_interval_by_keyboard(dana, number):
    dana.goto(f"/desk/accounts/{number('Thi Hoa Nguyen')}/money/")
    press(dana, "j⏎")
    expect(dana.locator(".due-amount")).to_contain_text("$303.53 due Wed, Nov 25")
    dana.get_by_role("link", name="Why is Energy, baseline $60.66?").press("Enter")
    expect(dana.locator("#panel-title")).to_have_text("Why is this line $60.66?")
    dana.locator("#panel").get_by_role("link", name="Sat, Oct 3, 2026").press("Enter")
    expect(dana.locator("#readings-0")).to_contain_text("12:00 am")
    dana.keyboard.press("Escape")
    dana.keyboard.press("j")
    expect(dana.locator(".due-amount")).not_to_contain_text("$303.53")


def test_readings_are_decided_and_the_list_is_empty(page):
    sign_in(page, username="iris")
    waiting = IntervalException.objects.get(state="open")
    page.goto(f"/desk/readings/{waiting.pk}/")
    expect(page.locator(".plot canvas")).to_be_visible()
    page.get_by_text("Show as table").click()
    expect(page.locator("figure details")).to_contain_text("31000")
    press(page, "e")
    page.locator("#id_remark").fill("Called: nothing was running.")
    page.locator("#panel button[type=submit]").click()
    expect(page.get_by_text("No reading waits for a decision.")).to_be_visible()


def pages(number, people):
    """Every page of the desk by who opens it, and the key that opens a panel on it."""
    hoa, pat = (f"/desk/accounts/{number(name)}/" for name in ("Thi Hoa Nguyen", "Pat Kowalczyk"))
    bill = Bill.objects.filter(account__number=number("Thi Hoa Nguyen"), origin="own").latest("id")
    old = Bill.objects.filter(account__number=number("Pat Kowalczyk"), kind="cycle").latest("id")
    receipt = PaymentEvent.objects.order_by("id").first().receipt
    place = people.homes["Luis Ortega"].agreement.premise.number
    return {
        "dana": [
            (hoa, "p"), (f"/desk/accounts/{number(SCHOOL)}/", "n"), (f"{hoa}money/", ""), (f"{hoa}ledger/", ""),
            (f"/desk/accounts/{number('Jun Park')}/", "e"),
            (f"{hoa}usage/", ""), (f"{hoa}usage/?grain=interval", ""), (f"{pat}usage/", ""), (f"{hoa}service/", ""),
            (f"{hoa}bills/{bill.number}/", ""),
            (f"{pat}bills/{old.number}/", ""), (f"{hoa}bills/{bill.number}/lines/{bill.segments.first().pk}/1/", ""),
            ("/desk/accounts/?q=555", ""), ("/desk/counter/", ""), (f"/desk/receipts/{receipt}/", "v"),
            ("/desk/work/", ""), (f"/desk/premises/{place}/", ""), ("/desk/meters/E-77120010/", ""),
        ],
        "iris": [
            ("/desk/work/", ""), (f"/desk/work/{Item.objects.first().pk}/", "e"), ("/desk/billing/", ""),
            ("/desk/billing/parked/", ""), ("/desk/billing/again/", ""), ("/desk/readings/", ""),
            (f"/desk/meters/{people.homes['Pat Kowalczyk'].channel.meter.badge}/", "r"),
            (f"/desk/readings/{IntervalException.objects.first().pk}/", ""), ("/admin-desk/imports/", "i"),
            (f"/desk/readings/imports/{ImportedFile.objects.first().pk}/", ""), ("/admin-desk/rates/", ""),
            ("/admin-desk/rates/schedules/marisol-bay-power/r-1/", ""),
        ],
        "omar": [
            ("/lead/approvals/", ""),
            (f"/lead/approvals/{Approval.objects.get(kind='tariffs.adoption', state='waiting').pk}/", ""),
        ],
        "audrey": [(f"{hoa}history/", "")],
    }  # fmt: skip


@pytest.mark.parametrize("who", ["dana", "iris", "omar", "audrey"])
def test_all_e1_every_page_is_clean_for_axe_and_never_scrolls_sideways(page, number, people, drawer, who):
    sign_in(page, username=who)
    for turn, (path, key) in enumerate(pages(number, people)[who]):
        page.goto(path)
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        if key:
            page.keyboard.press(key)
            expect(page.locator("#panel-title")).to_be_visible()
        assert_accessible(page, PAIRS[turn % 2])
        page.set_viewport_size(ZOOMED)
        assert_no_sideways_scroll(page)
        page.set_viewport_size(WIDE)


def test_all_e7_paper_is_light_and_has_no_shell(account):
    page = account("Thi Hoa Nguyen")
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    page.emulate_media(media="print")
    for gone in (".topbar", ".rail", ".acts", ".chips"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator(".tile").first).to_be_visible()
    black = page.locator(".tl li div").first.evaluate("node => getComputedStyle(node).color")
    assert re.findall(r"\d+", black)[:3] == ["0", "0", "0"]


@pytest.mark.parametrize(("query", "width"), [("", 612), ("?paper=80", 227)])
def test_all_e7_a_receipt_prints_on_letter_and_on_eighty_millimetres(dana, query, width):
    receipt = PaymentEvent.objects.order_by("id").first().receipt
    dana.goto(f"/desk/receipts/{receipt}/{query}")
    sheet = dana.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+)", sheet)
    assert [round(float(box)) for box in boxes] == [width], "one sheet"
