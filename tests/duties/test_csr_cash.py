"""A representative and money: taken in any tender, split, shared, moved, voided, receipted."""

from __future__ import annotations

from lamplighter.kernel.money import Money
from lamplighter.notices.models import Notice, NoticeWords
from lamplighter.payments.models import PaymentEvent
from lamplighter.payments.queries import expected_in
from tests.duties.playing import fills
from tests.web.desk.conftest import words

ROSA, HANNAH = "Rosa Maldonado", "Hannah Brandt"


def pay(client, number, who, **answers):
    return fills(client, f"/desk/accounts/{number(who)}/do/pay/", **answers)


def newest() -> str:
    return PaymentEvent.objects.latest("id").receipt


def test_csr_03a_payments_come_in_any_tender_split_shared_moved_and_receipted(dana, number, drawer):
    """Rosa pays with a check and a card, for herself and Hannah; the wrong part is moved; one is voided; she gets a
    receipt on paper, by text and from the printer."""
    taken = pay(
        dana, number, ROSA, amount="60", tender="check", reference="1182", number_1=number(HANNAH), amount_1="25",
        more_kind_1="card", more_amount_1="45", more_reference_1="A81C22",
    )  # fmt: skip
    assert "Check 1182 $40.00 Card A81C22 $45.00" in words(taken)
    assert {kind: held.cents for kind, held in expected_in(drawer).items()} == {
        "cash": 20000, "check": 4000, "card": 4500,
    }  # fmt: skip

    receipt = newest()
    right = number("Gwen Pruitt")
    wrong = PaymentEvent.objects.get(receipt=receipt).payments.get(account__number=number(HANNAH))
    moved = fills(dana, f"/desk/receipts/{receipt}/do/move/", payment=wrong.pk, to=right, amount="25", remark="Stub")
    assert moved.status_code == 200, words(moved)
    assert f"Moved to {right}" in words(dana.get(f"/desk/receipts/{receipt}/"))
    assert f"$25.00 moved from account {number(HANNAH)}" in words(dana.get(f"/desk/accounts/{right}/"))

    sent = fills(dana, f"/desk/receipts/{receipt}/do/send/", way="text", address="(510) 555-0117")
    assert sent.status_code == 200, words(sent)
    notice = Notice.objects.get(template__code="payment-receipt")
    assert (notice.channel, notice.language) == ("text", "es")
    assert "$60.00" in str(NoticeWords.objects.get(notice=notice).sheets)
    slip = dana.get(f"/desk/receipts/{receipt}/slip.escpos").content
    assert b"R-" + receipt.encode() in slip
    assert b"Check 1182" in slip

    assert pay(dana, number, ROSA, amount="10").status_code == 200
    assert fills(dana, f"/desk/receipts/{newest()}/do/take-back/", reason="void").status_code == 200
    assert expected_in(drawer)["cash"] == Money(20000)
    assert PaymentEvent.objects.filter(received_on="2026-11-20").count() == 2, "both stay on record"
