"""A bill's email leads to the bill: a fact first, few guesses, an end; the desk sees it, revokes and sends again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from lamplighter.accounts.models import Account
from lamplighter.accounts.standing.operations import set_dispatch
from lamplighter.billing.models import Bill, BillingPolicy, BillLink, PrintJob
from lamplighter.billing.operations.policies import CannotSet, set_policy
from lamplighter.billing.queries.dispatch import told_on
from lamplighter.billing.queries.linking import token_of
from lamplighter.billing.rules import Fact, LinkPolicy, Policy
from lamplighter.credit.models import AgeingStyle
from lamplighter.credit.rules.matching import Style
from lamplighter.journeys.carding import secret_of
from lamplighter.journeys.notifying import tell_bills_ready
from lamplighter.journeys.protecting import protect
from lamplighter.kernel.periods import Period
from lamplighter.notices.models import Notice
from lamplighter.notices.operations import Step, record_deliveries
from lamplighter.notices.rules.steps import DeliveryStep
from lamplighter.payments.models import PayLink
from lamplighter.platform.models import Event
from lamplighter.platform.operations.files import store_file
from tests.web.filling import fills

from .conftest import words
from .town import DANA, NOW, TODAY

JUN, ZIP = "Jun Park", "90555"
MADE = {200, 204, 303}


@pytest.fixture(autouse=True)
def fresh(settings):
    cache.clear()
    settings.PUBLIC_URL = "https://my.example.org"
    settings.CARDS = "https://key@cards.example.org"


@pytest.fixture
def bill(town) -> Bill:
    found = town.homes[JUN].account.bills.order_by("-id").first()
    set_dispatch(account=found.account, dispatch=Account.Dispatch.EMAIL, by=DANA, at=NOW)
    return Bill.objects.select_related("account").get(pk=found.pk)


@pytest.fixture
def email(bill) -> Notice:
    (notice,) = tell_bills_ready(bills=[bill], by=DANA, at=NOW)
    return notice


@pytest.fixture
def phone() -> Client:
    """Somebody's telephone, with the email on it."""
    return Client()


def page_of(notice: Notice) -> str:
    return f"/bill/{token_of(notice)}/"


def later(monkeypatch, **more) -> None:
    class Clock:
        @staticmethod
        def now():
            return NOW + timedelta(**more)

        @staticmethod
        def localdate(at):
            return at.date()

    monkeypatch.setattr("lamplighter.web.visits.timezone", Clock)


def test_the_email_leads_to_the_bill_and_its_secret_is_kept_nowhere(email, bill):
    token = token_of(email)
    kept = str(email.words.sheets)
    assert "https://my.example.org/bill/*****/" in kept
    assert token not in kept
    assert secret_of(email) == token
    link = BillLink.objects.get(bill=bill)
    assert token not in {link.digest, str(link.pk)}
    assert bill.account.number not in token
    assert link.until == bill.issued_on + timedelta(LinkPolicy().days)


def test_nothing_personal_shows_before_the_fact_and_the_bill_after(phone, email, bill, dana):
    asked = phone.get(page_of(email))
    shown = words(asked)
    assert "ZIP code of the service address" in shown
    for secret in ("Jun", "Walnut", bill.number, str(bill.due), bill.account.number):
        assert secret not in asked.content.decode(), secret
    assert not Event.objects.filter(name="billing.link.opened").exists(), "mail programs open links"
    assert phone.get(f"{page_of(email)}pdf/").status_code == 303
    assert phone.post(f"{page_of(email)}paper/").status_code == 303
    assert Account.objects.get(pk=bill.account_id).dispatch == Account.Dispatch.EMAIL
    assert phone.post(page_of(email), {"said": "90555-1234"}).status_code == 303
    found = phone.get(page_of(email))
    shown = words(found)
    assert all(one in shown for one in (bill.number, str(bill.due), "How it adds up", "Send my bills on paper"))
    assert "Walnut" not in shown, "the address stands on its paper alone"
    paper = phone.get(f"{page_of(email)}pdf/")
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")
    assert b"".join(paper.streaming_content).startswith(b"%PDF")
    for one in (asked, found, paper):
        assert "no-store" in one["Cache-Control"]
        assert one["Referrer-Policy"] == "same-origin"
        assert "noindex" in one["X-Robots-Tag"]
        assert "default-src 'self'" in one["Content-Security-Policy"]
    assert Client().get(page_of(email)).status_code == 200, "another browser is asked"
    assert "How it adds up" not in words(Client().get(page_of(email)))
    assert Event.objects.filter(name="billing.link.opened", account=bill.account_id).count() == 1
    way = words(dana.get(f"/desk/accounts/{bill.account.number}/bills/{bill.number}/?panel=way"))
    assert "Opened" in way or "Opened" in words(dana.get(f"/desk/accounts/{bill.account.number}/online/"))


def test_opening_is_no_proof_of_mailing(phone, email, bill, town):
    phone.post(page_of(email), {"said": ZIP})
    assert not told_on([bill.number]).get(bill.number)


def test_five_wrong_facts_lock_it_for_an_hour_and_three_locks_end_it(phone, email, bill, monkeypatch):
    for left in ("Tries left: 4", "Tries left: 3", "Tries left: 2", "Tries left: 1"):
        answer = phone.post(page_of(email), {"said": "90001"})
        assert answer.status_code == 422
        assert left in words(answer)
    shut = phone.post(page_of(email), {"said": "90001"})
    assert shut.status_code == 429
    assert int(shut["Retry-After"]) == 3601
    assert "opens again at 10:02 am" in words(shut)
    assert "(510) 555-0100" in words(shut), "how to go on"
    assert phone.post(page_of(email), {"said": ZIP}).status_code == 429, "the right one too"
    assert Client().get(page_of(email)).status_code == 429
    (locked,) = Event.objects.filter(name="billing.link.locked")
    assert locked.data == {}, "nothing tells who guessed or what"
    for hours in (2, 4):
        later(monkeypatch, hours=hours)
        for _ in range(5):
            shut = phone.post(page_of(email), {"said": "90001"})
    assert shut.status_code == 410
    later(monkeypatch, hours=9)
    assert phone.post(page_of(email), {"said": ZIP}).status_code == 410
    assert Event.objects.filter(name="billing.link.over").count() == 1


def test_a_right_fact_forgets_the_wrong_ones(phone, email, bill):
    for said in ("90001", "90002", "90003", "90004", ZIP, "90001"):
        answer = Client().post(page_of(email), {"said": said})
    assert answer.status_code == 422
    assert "Tries left: 4" in words(answer)


def test_it_runs_out_and_its_cookie_with_it(phone, email, bill, monkeypatch):
    phone.post(page_of(email), {"said": ZIP})
    later(monkeypatch, days=60)
    answer = phone.get(page_of(email))
    assert answer.status_code == 410
    assert "was good until" in words(answer)
    assert bill.number not in words(answer)


def test_what_is_no_token_is_not_known_and_asking_on_and_on_is_refused(phone, email, monkeypatch):
    token = token_of(email)
    for made_up in (token[:-1] + ("0" if token[-1] != "0" else "1"), "1", str(email.pk), token.upper()):
        assert phone.get(f"/bill/{made_up}/").status_code == 404
    monkeypatch.setattr("lamplighter.web.ebill.guarding.PerAddress.parse_rate", lambda *_: (5, 60))
    assert phone.get(page_of(email)).status_code == 200
    refused = phone.get(page_of(email))
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0


def test_the_desk_revokes_and_sends_again(phone, email, bill, dana, at_desk):
    here = f"/desk/accounts/{bill.account.number}/bills/{bill.number}/"
    phone.post(page_of(email), {"said": ZIP})
    assert fills(dana, f"{here}do/revoke-link/").status_code in MADE
    for path in ("", "pdf/"):
        assert phone.get(f"{page_of(email)}{path}").status_code == 410, "the cookie opens nothing any more"
    assert phone.post(page_of(email), {"said": ZIP}).status_code == 410
    assert fills(dana, f"{here}do/send-link/").status_code in MADE
    new = BillLink.objects.get(bill=bill, revoked_at=None).notice
    assert page_of(new) != page_of(email)
    assert Client().post(page_of(new), {"said": ZIP}).status_code == 303
    assert phone.get(page_of(email)).status_code == 410
    assert "Link to the bill revoked" in words(dana.get(f"/desk/accounts/{bill.account.number}/"))
    assert at_desk("audrey").get(f"{here}do/send-link/").status_code == 403


def test_the_day_of_the_first_email_stays_when_it_is_sent_again(email, bill, dana, settings, tmp_path):
    settings.STATE = tmp_path
    file, _ = store_file([b"x"], name="x", media_type="text/plain", by=DANA, at=NOW)
    PrintJob.objects.create(
        since=bill.issued_on, pieces=0, pages=0, amount=bill.due, file=file, made_at=NOW, made_by=DANA
    )
    record_deliveries(steps=[Step(email.pk, DeliveryStep.HANDED_OVER, NOW, "smtp 1")], by=DANA, at=NOW)
    assert told_on([bill.number])[bill.number] == TODAY
    fills(dana, f"/desk/accounts/{bill.account.number}/bills/{bill.number}/do/send-link/")
    new = BillLink.objects.get(bill=bill, revoked_at=None).notice
    then = NOW + timedelta(days=3)
    record_deliveries(steps=[Step(new.pk, DeliveryStep.HANDED_OVER, then, "smtp 2")], by=DANA, at=then)
    assert told_on([bill.number])[bill.number] == TODAY


def test_it_leads_to_a_link_to_pay_once(phone, town):
    bill = town.homes["Thi Hoa Nguyen"].account.bills.order_by("-id").first()
    set_dispatch(account=bill.account, dispatch=Account.Dispatch.BOTH, by=DANA, at=NOW)
    (email,) = tell_bills_ready(bills=[Bill.objects.select_related("account").get(pk=bill.pk)], by=DANA, at=NOW)
    phone.post(page_of(email), {"said": ZIP})
    first = phone.post(f"{page_of(email)}pay/")
    assert first.status_code == 303
    assert first["Location"].startswith("/pay/")
    assert phone.post(f"{page_of(email)}pay/")["Location"] == first["Location"]
    assert PayLink.objects.filter(account=bill.account).count() == 1
    assert "Đến trang nhập thẻ" in words(phone.get(first["Location"]))


def test_paper_comes_again_when_they_ask(phone, email, bill):
    phone.post(page_of(email), {"said": ZIP})
    assert phone.post(f"{page_of(email)}paper/").status_code == 303
    assert Account.objects.get(pk=bill.account_id).dispatch == Account.Dispatch.PAPER
    assert "Your next bill comes on paper" in words(phone.get(page_of(email)))


def test_a_confidential_address_ends_its_links_and_is_asked_about_by_no_zip(phone, email, bill, town):
    protect(account=bill.account, program="court-order", evidence="Case 7", substitute="PO Box 1\nSacramento CA 95814",
            until=None, on=TODAY, by=DANA, at=NOW)  # fmt: skip
    assert phone.get(page_of(email)).status_code == 410
    assert BillLink.objects.get().revoked_by == DANA


def test_where_the_account_number_is_asked_for_the_email_does_not_tell_it(phone, bill, settings):
    BillingPolicy.objects.create(
        period=Period(bill.issued_on - timedelta(days=1)), due_days=21, late_percent=1, late_least=100, late_grace=5,
        late_minimum_debt=500, undercharge_months=3, refund_months=36, threshold=100, budget_step=100, budget_off_by=20,
        budget_settle_days=360, link_fact=Fact.ACCOUNT, citation="Resolution 7", set_by=DANA,
    )  # fmt: skip
    (email,) = tell_bills_ready(bills=[bill], by=DANA, at=NOW)
    last_four = bill.account.number.replace("-", "")[-4:]
    assert last_four not in str(email.words.sheets).replace("-", "")
    assert "Last four digits of the account number" in words(phone.get(page_of(email)))
    assert phone.post(page_of(email), {"said": ZIP}).status_code == 422
    assert phone.post(page_of(email), {"said": last_four}).status_code == 303
    assert f"account ending in {last_four}." in words(phone.get(page_of(email)))


def test_without_an_address_of_ours_the_email_leads_to_the_website(bill, settings):
    settings.PUBLIC_URL = ""
    (email,) = tell_bills_ready(bills=[bill], by=DANA, at=NOW)
    assert "marisolbaypower.example" in str(email.words.sheets)
    assert not BillLink.objects.exists()
    assert secret_of(email) == ""


def test_a_rule_that_lets_guess_for_ever_is_refused(town):
    with pytest.raises(CannotSet, match="wrong answers"):
        set_policy(policy=Policy(link=LinkPolicy(tries=100)), citation="R 1", on=TODAY + timedelta(9), by=DANA, at=NOW)


def test_the_desk_sees_the_page_as_the_customer_does(dana, email, bill):
    page = words(dana.get(f"/desk/accounts/{bill.account.number}/online/"))
    assert f"Bill {bill.number} Not opened" in page
    seen = words(dana.get(f"/desk/accounts/{bill.account.number}/online/pages/bill/{email.pk}/"))
    assert "You see what the customer sees" in seen
    assert str(bill.due) in seen


def test_a_bill_of_an_account_aged_by_open_items_lists_them(email, bill, phone, town):
    AgeingStyle.objects.create(
        account=bill.account, period=Period(bill.issued_on), style=Style.OPEN, set_at=bill.issued_at, set_by=DANA
    )
    fills(phone, page_of(email), said=ZIP)
    shown = words(phone.get(page_of(email)))
    assert "Open bills" in shown
    assert "Days past due" in shown


def test_the_desk_reads_the_same_open_items_on_the_bill(dana, bill):
    AgeingStyle.objects.create(
        account=bill.account, period=Period(bill.issued_on), style=Style.OPEN, set_at=bill.issued_at, set_by=DANA
    )
    shown = words(dana.get(f"/desk/accounts/{bill.account.number}/bills/{bill.number}/"))
    assert f"Open bills on {bill.issued_on:%b %-d, %Y}" in shown
    assert bill.number in shown.split("Days past due")[1]
