"""The bank, the card processor, the bureau and who sends payment files stand on the monitor with what failed."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from lamplighter.credit.models import CreditReport
from lamplighter.incidents.models import Incident
from lamplighter.kernel.actors import staff
from lamplighter.payments.models import BankLine, BankStatement, CardEvent, TenderSource
from lamplighter.payments.operations.layouts import add_source, set_layout
from lamplighter.platform.interfaces import interface_of
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
