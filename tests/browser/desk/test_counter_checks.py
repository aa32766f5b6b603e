"""Further lines of the checklist (CSR-B1, CSR-S1, SUP-U5, ALL-E7, ALL-E12) in a real Chromium, on the desk's town."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date
from io import BytesIO

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from lamplighter.billing.models import Bill
from lamplighter.intervals.gridding import grid, readings_of
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.actors import staff
from lamplighter.kernel.money import Money, total
from lamplighter.kernel.periods import Period
from lamplighter.ledger.models import Posting
from lamplighter.metering import operations as metering
from lamplighter.network.operations.heads import HeadEndIn, define_head_end
from lamplighter.network.types import Protocol
from lamplighter.notices.channels import Channel as Means
from lamplighter.notices.languages import Language
from lamplighter.notices.models import Notice
from lamplighter.notices.operations import compose
from lamplighter.notices.queries import Request, draft
from lamplighter.payments import operations as payments
from lamplighter.payments.models import TenderControl, TenderSource
from lamplighter.platform.transactions import unit_of_work
from lamplighter.usage.operations.publishing import publish
from lamplighter.web.ui.wording import credit
from tests.browser.desk.conftest import opened
from tests.browser.desk.test_checklist import POST, sends, types
from tests.browser.looking import assert_accessible, press, sign_in, tab_to
from tests.network.air import OURS, THEIRS
from tests.town import NIGHTLY, ZONE
from tests.web.desk.town import DANA, NOW, TODAY, hourly, household

HOA = "Thi Hoa Nguyen"
GLYPHS = {"es": "electricidad", "zh-hant": "電", "zh-hans": "电", "tl": "kuryente", "vi": "điện"}
"""A word of each language that its letter about a past-due bill must show."""


@pytest.fixture
def dark_flat(people):
    """A flat that nobody has and whose network meter is off."""
    with unit_of_work(DANA):
        head = HeadEndIn(
            key="ridgeline", name="Ridgeline", vendor="Ridgeline Networks", protocol=Protocol.MULTISPEAK_4,
            url="http://127.0.0.1:9/x", reply_url="http://127.0.0.1/network/", zone="America/Los_Angeles", ours=OURS,
            theirs=THEIRS,
        )  # fmt: skip
        define_head_end(head_end=head, by=DANA, at=NOW)
        point = people.point("12 Quay St")
        meter = people.sets_meter(point, hourly())[0].meter
        meter.switch = True
        meter.save(update_fields=["switch"])
        metering.switch(point=point, state="off", at=NOW, reason="vacant", by=DANA, recorded_at=NOW)
    return "12 Quay St"


def test_csr_s1_where_power_is_off_the_desk_says_by_when_the_network_turns_it_on(account, dark_flat):
    page = account("Jun Park")
    press(page, "s")
    expect(page.locator("#panel-title")).to_have_text("Service")
    press(page, "s")
    expect(page.locator("#panel-title")).to_have_text("Start service")
    types(page, "#id_place", dark_flat)
    types(page, "#id_on", "11282026")  # a Saturday
    press(page, "⏎")
    expect(page.locator("#panel")).to_contain_text(
        "turned on over the network on Sat, Nov 28, 2026 by 10:00 am, no visit"
    )


def test_csr_b1_what_runs_every_night_is_named_with_its_hours_and_the_sentence_to_say(account, people):
    """Dele's meter drew 0.9 kW more by night from September 14 on."""
    channel = people.homes["Dele Adeyemi"].channel
    calendar = slot_calendar(Period(date(2026, 7, 1), date(2026, 11, 4)), seconds=3600, zone=ZONE)
    hours = calendar.minutes // 60
    began = (date(2026, 9, 14) - date(2026, 7, 1)).days
    nights = (calendar.day_of >= began) & ((hours >= 22) | (hours < 6))
    counts = np.round(household(calendar, 380)).astype(np.int64) + 900 * nights
    readings = readings_of(
        channel.pk, starts=calendar.starts, counts=counts, seconds=np.diff(calendar.edges), quality=0
    )
    with unit_of_work(DANA):
        publish(batches=[grid(readings, seconds=3600, zone=ZONE).days], kind="import", by=NIGHTLY, at=NOW)
    page = account("Dele Adeyemi")
    press(page, "b")
    expect(page).to_have_url(re.compile("/bills/"))
    told = page.locator("#panel-when")
    expect(told).to_contain_text("0.9 kW, 10 pm to 6 am, every night")
    expect(told).to_contain_text("Something has run every night from 10 pm to 6 am since about September 1")


def closes(page: Page, who: str, twenties: str) -> None:
    """A cashier stops taking and counts blind."""
    sign_in(page, username=who)
    page.goto("/desk/counter/")
    press(page, "x")
    tab_to(page, POST)
    press(page, "⏎")
    expect(page).to_have_url("/desk/counter/do/count/")
    types(page, "#id_pieces_2000", twenties)
    sends(page)


def test_sup_u5_three_drawers_are_verified_and_never_by_who_counted_them(page, people):
    with unit_of_work(DANA):
        TenderSource.objects.filter(pk="drawer-5").exists() or payments.define_source(
            key="drawer-5", name="Drawer 5", kind="drawer", opening_float=Money(20000), gl_code="cash-drawers"
        )
    cashiers = {"dana": "drawer-1", "tuan": "drawer-3", "hannah": "drawer-5"}
    drawers = {who: opened(key, staff(who)) for who, key in cashiers.items()}
    for who, drawer in drawers.items():
        closes(page, who, "10")
        assert page.goto(f"/lead/cash/drawers/{drawer.pk}/do/verify/").status == 403
        expect(page.locator("main")).to_contain_text("Customer services supervisor")
    sign_in(page, username="renee")
    for left in (3, 2, 1):
        page.goto("/lead/cash/")
        waiting = page.get_by_role("link", name="Verify")
        expect(waiting).to_have_count(left)
        waiting.first.press("Enter")
        expect(page.locator("#panel-title")).to_be_visible()
        types(page, "#id_pieces_2000", "10")
        tab_to(page, POST, most=60)
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            press(page, "⏎")
        expect(page.locator("#panel")).to_be_hidden()
    states = TenderControl.objects.filter(pk__in=[one.pk for one in drawers.values()])
    assert {(one.state, str(one.verification.recorded_by)) for one in states} == {("balanced", "staff:renee")}


def printed(page: Page) -> str:
    """The text of the paper: what has no glyph comes without letters."""
    return "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages)


def chinese() -> bool:
    """Whether the machine has letters for it; a browser takes them from there, and none is shipped."""
    lists = shutil.which("fc-list")
    return lists is None or bool(subprocess.run([lists, ":lang=zh"], check=True, capture_output=True).stdout)


@pytest.mark.parametrize("language", list(GLYPHS))
def test_all_e7_a_notice_prints_in_each_language_with_its_letters(dana, people, language):
    if language.startswith("zh") and not chinese():
        pytest.skip("this machine has no font with Chinese letters: install one, such as fonts-droid-fallback")
    home = people.homes[HOA]
    values = {
        "customer": HOA, "premise": "1418 Pacific Ave Apt B", "account": home.account.number, "sent": TODAY,
        "amount": Money(18642), "pay_by": date(2026, 12, 3), "off_on": date(2026, 12, 7), "ask_by": date(2026, 12, 1),
    }  # fmt: skip
    address = (HOA, "1418 Pacific Ave Apt B", "Marisol Bay, CA 90555")
    with unit_of_work(DANA):
        request = Request(
            "past-due", Means.LETTER, Language(language), f"print:{language}", home.account.subject, "person:1",
            address, values, account=home.account.pk,
        )  # fmt: skip
        compose(drafts=[draft(request)], by=DANA, at=NOW)
    letter = Notice.objects.get(source=f"print:{language}")
    dana.goto(f"/desk/letters/{letter.pk}/paper/")
    shown = printed(dana)
    assert GLYPHS[language] in shown.lower()
    assert "$186.42" in shown
    assert "\ufffd" not in shown


def money_in(words: str) -> Money:
    """The first amount in them; the minus sign of the screen is a long one."""
    sign, digits = re.search(r"([-\u2212+]?)\$([\d,]+\.\d\d)", words).groups()
    return Money.exactly(("-" if sign in {"-", "\u2212"} else "") + digits.replace(",", ""))


def test_all_e12_the_figures_of_a_bill_lead_to_what_they_are_made_of_and_add_up(account, number):
    bill = Bill.objects.filter(account__number=number(HOA), origin="own").latest("id")
    page = account(HOA)
    page.goto(f"/desk/accounts/{number(HOA)}/bills/{bill.number}/")
    sums = page.locator("#panel-sum")
    parts = [money_in(one) for one in sums.locator("tbody td.num").all_inner_texts()]
    assert total(parts) == money_in(sums.locator("tfoot td.num").inner_text()) == bill.due
    links = sums.locator("tbody a").evaluate_all("nodes => nodes.map(node => node.href)")
    assert len(links) == len(parts)
    for link in links:
        assert page.goto(link) is None or "/desk/" in page.url
    lines = page.locator("[id^=panel-segment-] tbody td.num a").all_inner_texts()
    assert total(money_in(one) for one in lines) == total(one.total for one in bill.segments.all())


def test_all_e12_a_tape_leads_to_its_receipts_and_the_journal_to_its_postings(page, people):
    done = TenderControl.objects.filter(source__kind="drawer", state="balanced", tenders__isnull=False).first()
    sign_in(page, username="renee")
    page.goto(f"/lead/cash/drawers/{done.pk}/tape/")
    receipts = page.locator(".tape a")
    assert receipts.count() == done.tenders.count()
    assert_accessible(page)
    receipts.first.press("Enter")
    expect(page).to_have_url(re.compile("/desk/receipts/"))
    page.goto("/lead/cash/journal/?start=2026-10-01&end=2026-11-30")
    debits, credits_ = (money_in(one) for one in page.locator("tfoot td").all_inner_texts() if "$" in one)
    assert debits + credits_ == Money(0)
    page.locator("table tbody tr a").first.press("Enter")
    expect(page).to_have_url(re.compile("/lead/cash/journal/[a-z-]+/"))
    code = re.search("journal/([a-z-]+)/", page.url)[1]
    shown = page.locator("h1").inner_text()
    rows = Posting.objects.filter(code=code, entry__accounting_on__range=("2026-10-01", "2026-11-30")).exclude(payoff=0)
    assert shown.endswith(credit(total(one.payoff for one in rows)))
