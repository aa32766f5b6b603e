"""One box finds everybody, by whatever they say, and a scanned stub leads to its payment."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lamplighter.accounts.models import AccountRole
from lamplighter.billing import scanline
from lamplighter.billing.models import Bill
from lamplighter.customers import operations as customers
from lamplighter.fieldwork.models import Order
from lamplighter.kernel.actors import staff
from lamplighter.payments.models import PaymentEvent
from lamplighter.platform.models import User
from lamplighter.platform.operations import approvals
from lamplighter.policies.operations.adopting import propose
from lamplighter.policies.operations.writing import begin_text
from tests.web.filling import fills

from .conftest import account_of, words
from .town import DANA, NOW, TODAY


def found(client, text):
    """Links of the palette in order."""
    response = client.get("/desk/find/", {"q": text}, headers={"HX-Request": "true"})
    assert len(response.content) < 8_000
    return re.findall(r'href="([^"]+)"', response.content.decode()), words(response)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("hoa pac", "name"), ("1418 pacific ave apt b", "address"), ("nguyan pacifc", "name"),
        ("hoa 5550142", "name"), ("5550142", "telephone"), ("E-77120001", "meter"), ("77120001", "meter"),
        ("nguyan", "name"), ("$110.56", "bill"), ("@1418 pac", "address"), ("m 7712000", "meter"),
        ("thihoa@example", "email"),
    ],
)  # fmt: skip
def test_a_customer_is_found_by_what_they_say(dana, number, typed, why):
    links, said = found(dana, typed)
    assert links[0] == f"/desk/accounts/{number('Thi Hoa Nguyen')}/"
    assert why in said


def test_an_old_account_number_still_finds(dana, number):
    links, said = found(dana, "10-44821")
    assert links == [f"/desk/accounts/{number('Luis Ortega')}/"]
    assert "old account" in said


def test_a_question_mark_finds_how_it_is_done_here(dana):
    """Of articles and policies in force, by their words; what is only drafted binds nobody yet."""
    iris = User.objects.get(username="iris")
    for title, says in (("Counting coins", "Rolls are weighed, not counted."), ("Weighing letters", "A scale helps.")):
        drafted = begin_text(kind="article", title=title, about="cash", owner=iris, words=says, by=DANA, at=NOW)
        if title == "Counting coins":
            later = TODAY + timedelta(days=365)
            asked = propose(version=drafted, since=TODAY, review_on=later, on=TODAY, by=DANA, at=NOW)
            approvals.approve(approval=asked, by=staff("renee"), at=NOW)
    links, said = found(dana, "? rolls of coins weighed")
    assert links == ["/desk/texts/counting-coins/"]
    assert "Counting coins Article" in said
    assert found(dana, "?")[0] == links
    assert found(dana, "? weighing letters")[0] == []


def test_of_many_ways_the_database_chooses_the_eight_that_are_shown(dana):
    iris, later = User.objects.get(username="iris"), TODAY + timedelta(days=365)
    for n in range(12):
        says = "Safes are oiled. " * (1 + n)
        drafted = begin_text(kind="article", title=f"Way {n:02}", about="cash", owner=iris, words=says, by=DANA, at=NOW)
        asked = propose(version=drafted, since=TODAY, review_on=later, on=TODAY, by=DANA, at=NOW)
        approvals.approve(approval=asked, by=staff("renee"), at=NOW)
    assert found(dana, "?")[0] == [f"/desk/texts/way-{n:02}/" for n in range(8)]
    with CaptureQueriesContext(connection) as asked:
        links, _ = found(dana, "? oiled safes")
    assert len(links) == 8
    ranked = [one["sql"] for one in asked if "ts_rank" in one["sql"]]
    assert len(ranked) == 1
    assert ranked[0].endswith("LIMIT 8")


def test_seven_digits_are_a_local_number_first(dana, number):
    """CSR-F2: others far away have the same seven digits; whoever has them here comes first."""
    for area, name in (("415", "Dele Adeyemi"), ("707", "Ines Carvalho")):
        customers.add_contact_point(
            person=account_of(number(name)).roles.get(role="main").person, kind="mobile", value=f"({area}) 555-0142",
            on=TODAY, by=DANA, at=NOW,
        )  # fmt: skip
    links, _ = found(dana, "5550142")
    assert links[0] == f"/desk/accounts/{number('Thi Hoa Nguyen')}/"
    assert len(links) == 3


def test_a_scanned_stub_leads_to_the_payment(dana, at_desk, number):
    bill = Bill.objects.filter(account__number=number("Rosa Maldonado"), origin="own").latest("id")
    line = scanline.make(scanline.ScanLine(bill.account.number, bill.due, bill.due_on))
    links, said = found(dana, line)
    assert links == [f"/desk/accounts/{bill.account.number}/#key-p"]
    assert f"stub: {bill.due} due Nov 25" in said
    links, _ = found(at_desk("iris"), line)
    assert links == [f"/desk/accounts/{bill.account.number}/"], "who takes no payments comes to the account"


def test_an_empty_box_offers_the_accounts_opened_last(dana, number):
    hoa, rosa = number("Thi Hoa Nguyen"), number("Rosa Maldonado")
    for one in (hoa, rosa, hoa):
        dana.get(f"/desk/accounts/{one}/")
    links, said = found(dana, "")
    assert links == [f"/desk/accounts/{hoa}/", f"/desk/accounts/{rosa}/"]
    assert "Opened last" in said


def test_nobody_is_found_by_nonsense(dana):
    assert found(dana, "zzzzzz")[0] == []
    assert "Nobody matches “zzzzzz”. Try part of the name" in words(dana.get("/desk/accounts/?q=zzzzzz"))


def test_the_page_of_the_box_lists_every_match_and_why(dana, number):
    said = words(dana.get("/desk/accounts/?q=otis"))
    assert "1 match" in said
    assert f"Maldonado, Rosa {number('Rosa Maldonado')} 27 Otis Dr Open address" in said


def test_one_match_opens_at_once_for_a_screen_pop(dana, number):
    response = dana.get("/desk/accounts/?q=5550142&open=1")
    assert response["Location"] == f"/desk/accounts/{number('Thi Hoa Nguyen')}/"


def test_finding_asks_the_same_few_questions_whatever_is_found(dana):
    def asked(text):
        with CaptureQueriesContext(connection) as queries:
            found(dana, text)
        return len(queries)

    asked("hoa")
    assert max(asked("555"), asked("hoa"), asked("nguyan")) <= 12


def test_an_order_and_a_receipt_are_found_by_their_numbers(dana, number):
    fills(dana, f"/desk/accounts/{number('Jun Park')}/do/order/", kind="read", slot="")
    order = Order.objects.latest("id")
    serial = order.number.partition("-")[0]
    receipt = PaymentEvent.objects.order_by("id").first()
    theirs = receipt.payments.get().account.number
    for typed in (f"so {serial}", f"SO-{order.number}", order.number.replace("-", "")):
        links, said = found(dana, typed)
        assert links[0] == f"/desk/accounts/{number('Jun Park')}/", typed
        assert "order" in said
    links, said = found(dana, f"R-{receipt.receipt}")
    assert f"/desk/accounts/{theirs}/" in links
    assert "receipt" in said
    somebody = AccountRole.objects.get(account__number=theirs, role="main").person.name
    links, said = found(dana, f"{somebody.split()[-1]} {receipt.receipt}")
    assert links == [f"/desk/accounts/{theirs}/"]
    assert "receipt" in said


@pytest.mark.parametrize("url", ["/desk/accounts/?q=a%00b", "/desk/accounts/%00/", "/desk/logs/cash/?q=%00"])
def test_an_address_with_a_character_that_is_none_is_no_fault_of_the_program(dana, url):
    assert dana.get(url).status_code == 400


def test_the_palette_knows_acts_by_what_people_say_for_them(dana, number):
    url = f"/desk/accounts/{number('Thi Hoa Nguyen')}/"
    page = dana.get(url).content.decode()
    page += dana.get(f"{url}?panel=credit", headers={"HX-Request": "true"}).content.decode()
    for said in ("extension", "CARE", "EAP", "low income", "NSF", "bounced", "DNP", "shut off", "cut"):
        assert any(said in words.split('"')[0] for words in page.split('data-also="')[1:]), said
