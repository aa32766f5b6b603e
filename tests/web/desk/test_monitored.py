"""The bank, the card processor, the bureau and who sends payment files stand on the monitor with what failed."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from lamplighter.accounts.models import Account
from lamplighter.cases.kinds import UNSENT
from lamplighter.cases.models import Attachment, Message
from lamplighter.cases.operations.messages import record_step, write_message
from lamplighter.cases.words import Means
from lamplighter.credit.models import CreditReport
from lamplighter.incidents.models import Incident
from lamplighter.kernel.actors import staff
from lamplighter.kernel.money import Money
from lamplighter.payments.models import (
    BankLine,
    BankMatch,
    BankStatement,
    CardCharge,
    CardEvent,
    PayLink,
    PaymentEvent,
    TenderSource,
)
from lamplighter.payments.operations.layouts import add_source, set_layout
from lamplighter.platform.interfaces import interface_of
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.transactions import unit_of_work
from lamplighter.worklist.models import Item
from tests.formats.test_remittances import TEXTS
from tests.web.desk.conftest import words
from tests.web.desk.town import NOW
from tests.web.filling import fills

RENEE = staff("renee")


@pytest.fixture
def renee(at_desk, town, settings):
    settings.CARDS, settings.BUREAU_URL = "https://key@cards.test", "https://bureau.test"
    shops = add_source(name="QuickStop", kind=TenderSource.Kind.PAY_STATION, by=RENEE, at=NOW)
    set_layout(source=shops, text=TEXTS["quickstop"], citation="Guide 3.1", on=date(2026, 4, 1), by=RENEE, at=NOW)
    return at_desk("renee")


def test_every_way_of_money_stands_on_the_monitor(renee):
    page = words(renee.get("/desk/interfaces/"))
    for name in ("Bank statements", "ACH files", "Card payments", "Credit bureau", "QuickStop", "Email, the desk's"):
        assert name in page


def test_without_a_processor_or_bureau_there_is_none_to_watch(renee, settings):
    settings.CARDS = settings.BUREAU_URL = ""
    page = words(renee.get("/desk/interfaces/"))
    assert "Card payments" not in page
    assert "Credit bureau" not in page


def test_a_line_that_ties_to_nothing_goes_into_the_banks_ticket_without_its_text(renee):
    made = BankStatement.objects.create(on=NOW.date(), file=uuid4().hex, recorded_at=NOW, recorded_by=RENEE)
    line = BankLine.objects.create(
        statement=made, place=3, amount=-4200, code="566", text="RETURN PAT KOWALCZYK", bank_reference="BF-7"
    )
    page = words(renee.get("/desk/interfaces/bank-statements/"))
    assert "code 566: does not tie to our books" in page
    form = renee.get("/desk/interfaces/bank-statements/do/report/").context["form"]
    said = {"request_key": form["request_key"].value(), "words": "What is it?", "evidence": [line.subject]}
    told = renee.post("/desk/interfaces/bank-statements/do/report/", said, follow=True)
    assert told.status_code in {200, 204}, words(told)
    ticket = renee.get(f"/desk/incidents/{Incident.objects.get().pk}/ticket.eml").content.decode()
    assert "BF-7" in ticket
    assert "KOWALCZYK" not in ticket


def test_what_the_processor_told_and_fits_nothing_has_failed(renee):
    CardEvent.objects.create(
        id="ev_9", kind="payment.succeeded", charge="ch_9", outcome=CardEvent.Outcome.WAITS, recorded_at=NOW,
        words="$12.00 was paid for something that is not ours", happened_at=NOW,
    )  # fmt: skip
    page = words(renee.get("/desk/interfaces/card-processor/"))
    assert "$12.00 was paid for something that is not ours" in page


def test_a_payment_that_was_not_understood_and_was_found_since_is_no_failure(renee, number):
    account = Account.objects.get(number=number("Rosa Maldonado"))
    link = PayLink.objects.create(account=account, amount=1200, digest="d", until=NOW, made_at=NOW, made_by=RENEE)
    CardEvent.objects.create(
        id="ev_8", kind="payment.succeeded", charge="ch_8", outcome=CardEvent.Outcome.WAITS, recorded_at=NOW,
        words="The amount is no number", happened_at=NOW,
    )  # fmt: skip
    assert "The amount is no number" in words(renee.get("/desk/interfaces/card-processor/"))
    CardCharge.objects.create(id="ch_8", link=link, event=PaymentEvent.objects.first(), recorded_at=NOW)
    assert "The amount is no number" not in words(renee.get("/desk/interfaces/card-processor/"))


def test_a_question_that_the_bureau_did_not_answer_is_told_on_the_account_and_has_failed(renee, dana, number, settings):
    settings.BUREAU_URL = "http://127.0.0.1:9/"
    account = f"/desk/accounts/{number('Tess Byrne')}/"
    refused = fills(dana, f"{account}credit/do/bureau/", consent="recorded")
    assert refused.status_code == 422
    assert "The bureau does not answer" in words(refused)
    assert not CreditReport.objects.exists()
    assert "Asked without an answer" in words(renee.get("/desk/interfaces/credit-bureau/"))
    first = {name: refused.context["form"][name].value() for name in ("request_key", "consent")}
    dana.post(f"{account}credit/do/bureau/", first)
    assert len({one.key for one in interface_of("credit-bureau").standing(NOW).failed}) == 2, (
        "the same form again is another failure"
    )
    assert "The credit bureau was asked and gave no answer" in words(dana.get(account))


@pytest.fixture
def lost(number):
    """An email of the desk's that the mail server refused, in answer to nothing, with a paper."""
    account = Account.objects.get(number=number("Rosa Maldonado"))
    with unit_of_work(RENEE):
        made = write_message(
            means=Means.EMAIL, to="rosa@example.net", subject="Your deposit", body="It was given back.",
            account=account, person=None, by=RENEE, at=NOW,
        )  # fmt: skip
        paper, _ = store_file([b"%PDF-1.7"], name="d.pdf", media_type="application/pdf", by=RENEE, at=NOW)
        Attachment.objects.create(contact=made.contact, file=paper, name="d.pdf")
        record_step(message=made, step="failed", proof="550 relaying denied", by=RENEE, at=NOW)
    return made


def test_a_message_that_failed_goes_out_again_once_with_its_paper(renee, lost):
    url = "/desk/interfaces/desk-email/"
    assert f"Not delivered: {lost.contact.number}" in words(renee.get(url))
    told = renee.post(f"{url}do/retry/", {"message": f"message:{lost.pk}"}, follow=True)
    (again,) = Message.objects.filter(opens=lost)
    assert f"goes out again as {again.contact.number}" in words(told)
    assert (again.body, again.contact.party, again.steps.count()) == (lost.body, "rosa@example.net", 0)
    assert again.message_id != lost.message_id
    assert [one.name for one in again.contact.attachments.all()] == ["d.pdf"]
    assert not Item.objects.filter(subject=lost.contact.subject, kind=UNSENT.key, ended_at=None).exists()
    assert "Not delivered" not in words(renee.get(url)), "it is done with"
    told = renee.post(f"{url}do/retry/", {"message": f"message:{lost.pk}"}, follow=True)
    assert "went out again before" in words(told)
    assert Message.objects.filter(opens=lost).count() == 1


@pytest.mark.parametrize("key", ["message:0", "message:x", "notice:1", ""])
def test_what_is_no_failed_message_is_not_sent(renee, lost, key):
    told = renee.post("/desk/interfaces/desk-email/do/retry/", {"message": key}, follow=True)
    assert "There is no such message" in words(told)
    assert Message.objects.filter(opens=lost).count() == 0


@pytest.fixture
def untied(db):
    """Two lines that nothing fitted when they were read: collected ACH, which can be booked by now, and another."""
    made = BankStatement.objects.create(on=NOW.date(), file=uuid4().hex, recorded_at=NOW, recorded_by=RENEE)
    for place, code in ((1, "165"), (2, "699")):
        BankLine.objects.create(statement=made, place=place, amount=Money(5000), code=code, text="BAG 77-1")
    return made


def test_every_line_is_tied_again_and_what_came_of_it_is_counted(renee, untied):
    url = "/desk/interfaces/bank-statements/"
    assert "Try all again" in words(renee.get(url))
    fills(renee, f"{url}do/retry-all/")
    told = words(renee.get(url))
    assert "2 tried again: 1 went, 1 did not. $50.00, code 699: nothing of ours fits yet." in told
    assert BankMatch.objects.get().line.code == "165"
    fills(renee, f"{url}do/retry-all/")
    assert "1 tried again: 0 went, 1 did not." in words(renee.get(url))
    assert BankMatch.objects.count() == 1


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("credit-bureau", "needs the customer's word"), ("card-processor", "asked for every quarter of an hour"),
        ("bank-ach", "The bank sends no line twice"), ("meter-files", "not stored twice"),
        ("print-shop", "not printed twice"), ("notices-email", "tried again every minute"),
        ("notices-letter", "written anew"),
    ],
)  # fmt: skip
def test_where_nothing_is_tried_again_the_page_says_why(renee, key, why):
    url = f"/desk/interfaces/{key}/"
    assert why in words(renee.get(url))
    assert why in words(renee.post(f"{url}do/retry/", {"message": "x"}, follow=True))
    assert renee.get(f"{url}do/retry-all/").status_code == 404


def test_only_who_works_on_interfaces_tries_again(at_desk, renee, lost):
    audrey = at_desk("audrey")
    assert audrey.get("/desk/interfaces/desk-email/do/retry-all/").status_code == 403
    assert audrey.post("/desk/interfaces/desk-email/do/retry/", {"message": f"message:{lost.pk}"}).status_code == 403
