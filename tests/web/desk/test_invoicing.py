"""Something that is not service is billed by an invoice: within one's limit at once, above it by a second person."""

from __future__ import annotations

import pytest

from lamplighter.billing.models import Bill
from lamplighter.billing.queries.reading import addresses, view
from lamplighter.journeys.control import controls
from lamplighter.kernel.money import Money
from lamplighter.ledger.models import Posting
from lamplighter.platform.models import Approval
from tests.web.filling import PANEL, fills

from .conftest import words
from .town import DANA

HOME = ("310 Santa Clara Ave", "Marisol Bay CA 90555")
SAID = {"what": "damage", "words": "meter seal, Nov 18", "remark": "Found by the crew."}


def checks(client, url, **said):
    """The form as it asks to confirm, and is not confirmed."""
    key = client.get(url).context["form"]["request_key"].value()
    return client.post(url, {**said, "request_key": key}, headers=PANEL)


@pytest.fixture
def url(number):
    return f"/desk/accounts/{number('Gwen Pruitt')}/"


def test_an_invoice_within_ones_limit_is_issued_and_stands_on_the_account(dana, url):
    assert f"{url}do/invoice/" in dana.get(f"{url}do/more/").content.decode()
    shown = words(checks(dana, f"{url}do/invoice/", **SAID, amount="40"))
    assert "Billed for Damage to our property: meter seal, Nov 18 Amount $40.00" in shown
    assert "power stays on" in shown
    assert "Decides you" in shown
    fills(dana, f"{url}do/invoice/", **SAID, amount="40")
    made = Bill.objects.get(kind="invoice")
    assert (made.charges, made.issued_by) == (Money(4000), DANA)
    posted = {row.code_id: row.payoff for row in Posting.objects.order_by("-pk")[:2]}
    assert posted == {"receivable-other": Money(4000), "revenue-fees": Money(-4000)}
    assert addresses([made])[made.pk] == ("Gwen Pruitt", *HOME), "it can be mailed, though no service is on it"
    assert view(made).mailing == HOME
    page = words(dana.get(f"{url}bills/{made.number}/"))
    assert "Damage to our property: meter seal, Nov 18" in page
    assert b"".join(dana.get(f"{url}bills/{made.number}/pdf/").streaming_content).startswith(b"%PDF")
    assert not [one for one in controls() if one.differences]


def test_above_the_limit_it_waits_for_somebody_else(dana, at_desk, url):
    assert "Decides a supervisor" in words(checks(dana, f"{url}do/invoice/", **SAID, amount="400"))
    fills(dana, f"{url}do/invoice/", **SAID, amount="400")
    assert not Bill.objects.filter(kind="invoice").exists()
    asked = Approval.objects.get(kind="billing.invoice")
    renee = at_desk("renee")
    shown = words(renee.get(f"/lead/approvals/{asked.pk}/"))
    assert "Bill $400.00 For Damage to our property: meter seal, Nov 18" in shown
    answer = fills(renee, f"/lead/approvals/{asked.pk}/", decision="yes", remark="")
    assert answer.status_code in {200, 204, 303}, words(answer)
    assert Bill.objects.get(kind="invoice").charges == Money(40_000)


def test_two_invoices_wait_side_by_side_and_the_same_one_sent_twice_asks_once(dana, at_desk, url):
    sealed = {**SAID, "amount": "400", "confirmed": "1"}
    key = dana.get(f"{url}do/invoice/").context["form"]["request_key"].value()
    for _ in range(2):  # a double click
        answer = dana.post(f"{url}do/invoice/", {**sealed, "request_key": key}, headers=PANEL)
        assert answer.status_code in {200, 204, 303}, words(answer)
    fills(dana, f"{url}do/invoice/", **{**SAID, "what": "work", "words": "pole moved"}, amount="700")
    fence, pole = Approval.objects.filter(kind="billing.invoice", state="waiting").order_by("amount")
    assert (fence.amount, pole.amount) == (Money(40_000), Money(70_000))
    renee = at_desk("renee")
    fills(renee, f"/lead/approvals/{pole.pk}/", decision="no", remark="The city moved it.")
    fills(renee, f"/lead/approvals/{fence.pk}/", decision="yes", remark="")
    assert [bill.charges for bill in Bill.objects.filter(kind="invoice")] == [Money(40_000)]
    pole.refresh_from_db()
    assert pole.state == "refused"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"amount": "0"}, "Enter $0.01 or more"),
        ({"amount": "-5"}, "Amount"),
        ({"words": " "}, "Fill in “In words”."),
        ({"what": "loan"}, "What is billed"),
    ],
)
def test_what_makes_no_invoice_is_refused_by_its_field(dana, url, said, told):
    answer = fills(dana, f"{url}do/invoice/", **{**SAID, "amount": "40", **said})
    assert answer.status_code == 422
    assert told in words(answer)
    assert not Bill.objects.filter(kind="invoice").exists()


def test_who_may_not_adjust_may_not_invoice(at_desk, url):
    assert at_desk("audrey").get(f"{url}do/invoice/").status_code == 403
