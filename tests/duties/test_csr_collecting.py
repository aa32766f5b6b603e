"""Duties of collecting, played through the pages: what is past due, what is closed, agencies."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lamplighter.credit.models import Certificate, DepositDecision, Process, Security
from lamplighter.credit.queries.debts import dated
from lamplighter.fieldwork.models import Half, Order
from lamplighter.fieldwork.operations import crews
from lamplighter.journeys.moving import stop_service
from lamplighter.journeys.reviewing import pass_a_day
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.notices.models import Notice
from lamplighter.notices.operations.deliveries import Step, record_deliveries
from lamplighter.notices.rules.steps import DeliveryStep
from lamplighter.platform.models import Approval
from lamplighter.platform.operations.limits import set_limit
from lamplighter.worklist.models import Item
from tests.browser.window import Window
from tests.town import NIGHTLY, ZONE
from tests.web.conftest import make_person
from tests.web.desk.conftest import Clock, account_of, words
from tests.web.desk.town import DANA, NOW, TODAY

ROSA = "Rosa Maldonado"


def sends(window: Window, url: str, **answers):
    """A form as opened, filled in, and confirmed where it asks."""
    assert window.get(url).status_code == 200, url
    return window.post(url, answers, follow=True)


@pytest.fixture
def renee(at_desk):
    set_limit(role="supervisor", permission="credit.decide", amount=Money(100_000), on=TODAY, by=DANA, at=NOW)
    return at_desk("renee")


def test_csr_09_a_closed_account_is_written_off_placed_paid_to_the_agency_and_recalled(dana, renee, number):
    account = account_of(number(ROSA))
    stop_service(agreement=account.agreements.get(kind="energy"), on=TODAY, by=DANA, at=NOW)
    here = f"/desk/accounts/{account.number}/"
    assert "Maldonado, Rosa" in words(dana.get("/desk/closed/"))
    form = words(dana.get(f"{here}do/write-off/"))
    owed = re.search(r"\$([\d.,]+) would be written off", form)[1]
    assert "By code: revenue-residential" in form
    assert "proposed. A supervisor decides" in words(
        sends(dana, f"{here}do/write-off/", reason="uncollectible", remark="Moved away, three letters came back.")
    )
    assert "Proposed" in words(dana.get("/desk/closed/"))
    assert f"Write off ${owed} of account {account.number}" in words(renee.get("/lead/approvals/"))
    decide = f"/lead/approvals/{Approval.objects.get(kind='credit.write-off').pk}/"
    assert "Could not be collected" in words(renee.get(decide))
    sends(renee, decide, decision="yes")
    assert f"Written off ${owed} Nov 20, ${owed} still owed" in words(dana.get(f"{here}?panel=credit"))
    sends(renee, "/desk/agencies/do/add/", key="bayside", name="Bayside Recovery", fee_percent="25")
    assert "goes to Bayside Recovery with its next file" in words(sends(dana, f"{here}do/refer/"))
    assert "1 lines. Download it below." in words(sends(dana, "/desk/agencies/bayside/do/file/"))
    page = dana.get("/desk/agencies/bayside/").content.decode()
    file = re.search(r"/desk/agencies/bayside/files/\d+/", page)[0]
    sent = b"".join(dana.get(file).streaming_content).decode()
    assert f"D,placed,{account.number},Rosa Maldonado" in sent
    lines = ["H,LAMPLIGHTER-RECOVERY-1,bayside,2026-11-20",
             f"D,payment,R1,{account.number},2026-11-19,20.00,5.00", "D,payment,R2,0-0,2026-11-19,1.00,0.25",
             "T,2,21.00,5.25"]  # fmt: skip
    upload = SimpleUploadedFile("bayside.csv", "\n".join(lines).encode(), content_type="text/csv")
    taken = words(sends(dana, "/desk/agencies/bayside/do/payments/", file=upload))
    assert "1 payments of $20.00, fees $5.00. 1 lines wait in the work list." in taken
    assert Item.objects.get(kind="credit.recovery").summary.startswith("bayside.csv, line 3")
    timeline = words(dana.get(here))
    assert "$20.00 of a written-off debt recovered" in timeline
    assert "Bayside Recovery is told with its next file" in words(sends(dana, f"{here}do/recall/"))
    assert "1 to tell" in words(dana.get("/desk/agencies/bayside/"))


HOA = "Thi Hoa Nguyen"


@pytest.fixture
def day(monkeypatch):
    """`day("2026-12-04 09:30")` is the instant of every page from then on."""

    def is_now(text: str) -> datetime:
        now = datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)
        clock = type("Clock", (Clock,), {"now": staticmethod(lambda: now)})
        monkeypatch.setattr("lamplighter.web.visits.timezone", clock)
        return now

    return is_now


@pytest.fixture
def sam(at_desk):
    """A crew with places on Tuesday, December 8."""
    area = crews.define_area(key="harbor", name="Harbor", postcodes=["90555"], by=DANA, at=NOW)
    crew = crews.define_crew(key="truck-1", name="Truck 1", area=area, by=DANA, at=NOW)
    crews.join_crew(crew=crew, user=make_person("sam", "Sam Whitlock", "field-crew"), on=TODAY, by=DANA, at=NOW)
    for half in Half:
        crews.set_places(crew=crew, day=date(2026, 12, 8), half=half, places=2, by=DANA, at=NOW)
    return at_desk("sam")


def test_csr_06_notices_a_call_the_shut_off_and_power_back_with_the_payment(dana, renee, sam, number, day):
    account, at = account_of(number(HOA)), day("2026-11-20 09:02")
    here = f"/desk/accounts/{account.number}/"
    pass_a_day(on=TODAY, by=NIGHTLY, at=at)  # the morning's job writes the notice, and the mail room sends it
    notice = Process.objects.get(account=account).steps.get(key="past-due").notice
    record_deliveries(steps=[Step(notice.pk, DeliveryStep.HANDED_OVER, at, "tray 7")], by=DANA, at=at)
    assert "Next step Call or visit the customer, from Fri, Dec 4" in words(dana.get(f"{here}?panel=credit"))
    service = dana.get(f"{here}do/turn-off/").context["form"]["agreement"].field.choices[0][0]
    off = {"agreement": service, "reason": "non-payment"}
    assert "Earliest turn-off is Tue, Dec 8." in words(sends(dana, f"{here}do/turn-off/", **off))
    at = day("2026-12-04 10:00")
    pass_a_day(on=date(2026, 12, 4), by=NIGHTLY, at=at)
    assert "Customers to reach before power may go off" in words(dana.get("/desk/work/"))
    sends(dana, f"{here}do/call/", how="phone", reached="on", remark="Will pay on Monday")
    at = day("2026-12-08 09:00")
    pass_a_day(on=date(2026, 12, 8), by=NIGHTLY, at=at)
    assert "Debts whose notices have run out" in words(dana.get("/desk/work/"))
    assert "Nothing is known of the weather." in words(sends(dana, f"{here}do/turn-off/", **off))
    sends(renee, "/lead/conditions/do/weather/", place="marisol-bay", alert="none", source="NWS, Renee")
    sends(renee, "/lead/conditions/do/cover/", crew="North", on="2026-12-08", start="08:00", end="17:00")
    assert "carries certificate C-" in words(sends(dana, f"{here}do/turn-off/", **off, confirmed="1"))
    order = Order.objects.get(reason="non-payment")
    assert not Item.objects.waiting().filter(kind="credit.review").exists()
    sends(dana, f"/desk/orders/{order.number}/do/book/", slot="2026-12-08.am", promised="")
    day("2026-12-08 10:15")
    sam.get(f"/field/orders/{order.number}/")
    assert "Started." in words(sam.post(f"/field/orders/{order.number}/start/", follow=True))
    done = {"outcome": "done", "draft": str(uuid4()), "switch": "off"}
    assert "is done" in words(sam.post(f"/field/orders/{order.number}/report/", done, follow=True))
    at = day("2026-12-08 11:00")
    said = words(dana.get(f"{here}?panel=credit"))
    owed = re.search(r"Off since Dec 8 \$([\d.]+) restores power. \$25.00 comes with the next bill.", said)[1]
    sends(dana, "/desk/counter/do/open/", drawer="drawer-1")
    sends(dana, f"{here}do/pay/", amount=owed, tender="cash")
    back = Order.objects.get(kind="reconnect")
    assert (back.state, back.priority, back.raised_at) == ("waiting", "urgent", at)
    assert f"Order SO-{back.number} restores it." in words(dana.get(f"{here}?panel=credit"))
    assert "Power is coming back" in words(dana.get(here))
    assert sum(one.allowed for one in Certificate.objects.all()) == 3, "asked, sent, and begun"
    days = "first=2026-11-01&last=2026-12-31"
    collected = renee.get(f"/lead/collections/?{days}")
    for figure in (
        "Calls and visits 1 ",
        "Customers reached 1 ",
        "Shut-offs sent with a certificate 1 ",
        "Collections ended: paid 1 ",
    ):
        assert figure in words(collected)
    refused = Certificate.objects.filter(allowed=False, reason="non-payment").count()
    assert f"Shut-offs refused by a certificate {refused} " in words(collected)
    (sent,) = re.findall(r'href="([^"]*counted/sent/[^"]*)"', html.unescape(collected.content.decode()))
    assert sent == f"/lead/collections/counted/sent/?{days}"
    assert account.number in words(renee.get(sent))


def test_sup_01_the_supervisor_reads_what_collection_came_to_and_opens_each_figure(dana, renee, number, day):
    account, at = account_of(number(HOA)), day("2026-11-20 09:02")
    pass_a_day(on=TODAY, by=NIGHTLY, at=at)
    here = f"/desk/accounts/{account.number}/"
    form = dana.get(f"{here}do/more-time/").context["form"]
    sends(dana, f"{here}do/more-time/", until=str(date(2026, 12, 4)))
    assert form is not None
    page = "/lead/collections/?first=2026-11-01&last=2026-11-20"
    assert "More time given 1 " in words(renee.get(page))
    promises = words(renee.get(f"{page}&panel=promises"))
    assert f"{account.number} More time" in promises
    assert "Fri, Dec 4" in promises
    aged = renee.get(f"{page}&panel=ageing")
    assert "Residential" in words(aged)
    (homes,) = re.findall(r'href="([^"]*ageing/residential/[^"]*)"', html.unescape(aged.content.decode()))
    accounts = renee.get(homes)
    assert account.number in words(accounts)
    by_class, by_account = ageing_of(aged), ageing_of(accounts)
    assert by_class == by_account, "the class is the sum of its accounts"
    before = words(renee.get("/lead/collections/?first=2020-01-01&last=2020-01-31&panel=ageing"))
    assert "Nobody owed anything." in before
    assert dana.get(page).status_code == 403
    assert renee.get("/lead/collections/counted/nothing/").status_code == 404


def ageing_of(response):
    """The money of the residential line, or of the foot of the list of accounts."""
    text = words(response)
    line = re.search(r"Residential \d+ (.*?) (?:Commercial|Government|Industrial|Together)", text)
    found = line[1] if line else re.search(r"Together (.*)", text)[1]
    return re.findall(r"-?\$[\d.,]+", found)[:6]


def test_csr_09_a_customer_who_left_is_looked_for_and_the_letter_goes_again(dana, number, day):
    account, at = account_of(number(HOA)), day("2026-11-20 09:02")
    here = f"/desk/accounts/{account.number}/"
    stop_service(agreement=account.agreements.get(kind="energy"), on=TODAY, by=DANA, at=NOW)
    pass_a_day(on=TODAY, by=NIGHTLY, at=at)
    letter = Notice.objects.get(template__code="courtesy-reminder", account=account.pk)
    record_deliveries(steps=[Step(letter.pk, DeliveryStep.HANDED_OVER, at, "tray 7")], by=DANA, at=at)
    day("2026-11-24 10:00")
    sends(dana, f"/desk/letters/{letter.pk}/do/returned/", why="Moved, left no address")
    assert "Customers who left and whose mail comes back" in words(dana.get("/desk/work/"))
    assert "Nov 24; looked in 0 places Look" in words(dana.get(f"{here}?panel=credit"))
    form = words(dana.get(f"{here}do/look-for/"))
    assert "Ask only where they are Never say that they owe." in form
    assert "Noted. The search goes on." in words(
        sends(dana, f"{here}do/look-for/", where="post", words="No forwarding order.", address="")
    )
    assert "1 of 2 places were looked in." in words(sends(dana, f"{here}do/end-search/"))
    found = sends(dana, f"{here}do/look-for/", where="named", words="Her sister Mai, on the account.",
                  address="77 Cedar Ave\nReno, NV 89501")  # fmt: skip
    assert "Found. The letter goes to the new address." in words(found)
    assert Notice.objects.latest("pk").words.address[1:] == ["77 Cedar Ave", "Reno, NV 89501"]
    assert "Mail came back" not in words(dana.get(f"{here}?panel=credit"))
    assert "Search for the customer: found" in words(dana.get(here))
    assert not Item.objects.waiting().filter(kind="credit.search").exists()


def test_csr_09_who_vouched_is_written_to_and_the_amount_moves_with_a_second_persons_word(dana, renee, number, day):
    account, guarantor, at = account_of(number(ROSA)), account_of(number(HOA)), day("2026-11-20 09:02")
    here, there = (f"/desk/accounts/{one.number}/" for one in (account, guarantor))
    decision = DepositDecision.objects.create(
        account=account, occasion="start", recommended=Money(3000), amount=Money(3000), form="guarantor", reasons=[],
        decided_on=date(2026, 1, 2), decided_at=at, decided_by=DANA,
    )  # fmt: skip
    security = Security.objects.create(
        account=account, decision=decision, form="guarantor", guarantor=guarantor, amount=Money(3000),
        period=Period(date(2026, 1, 2)),
    )  # fmt: skip
    tell = f"{here}do/guarantor/{security.pk}/"
    assert "Service runs on this account." in words(dana.get(tell))
    stop_service(agreement=account.agreements.get(kind="energy"), on=TODAY, by=DANA, at=NOW)
    day("2026-12-18 09:00")
    assert f"Vouched for $30.00, account {guarantor.number} Write to them" in words(dana.get(f"{here}?panel=credit"))
    assert f"$30.00 of the $30.00 that account {guarantor.number} vouched for" in words(dana.get(tell))
    cents = dana.get(tell).context["form"]["cents"].value()
    assert "$30.00 is asked of account" in words(sends(dana, tell, cents=cents))
    assert "Guarantor written to: $30.00 by Jan 17, 2027" in words(dana.get(there))
    move = f"{here}do/move-claim/"
    assert "They have until Sun, Jan 17 to answer." in words(sends(dana, move, remark="No answer"))
    at = day("2027-01-19 09:00")
    pass_a_day(on=date(2027, 1, 19), by=NIGHTLY, at=at)
    assert "Guarantors whose days to answer are over" in words(dana.get("/desk/work/"))
    assert "$30.00 proposed. A supervisor decides" in words(sends(dana, move, remark="No answer"))
    sends(renee, f"/lead/approvals/{Approval.objects.get(kind='credit.guarantee').pk}/", decision="yes")
    assert "Guarantor $30.00, asked for on their account Jan 19" in words(dana.get(f"{here}?panel=credit"))
    assert "Guarantor, $30.00: moved" in words(dana.get(there))
    (debt,) = [one for one in dated([guarantor.pk], on=TODAY)[guarantor.pk] if one.kind == "invoice"]
    assert debt.amount == Money(3000)
