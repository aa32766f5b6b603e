"""A representative and money: taken in any tender, split, shared, moved, voided, receipted."""

from __future__ import annotations

from lamplighter.accounts.queries import profile
from lamplighter.billing.queries.deposits import deposit_of
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger.queries import balances
from lamplighter.notices.models import Notice, NoticeWords
from lamplighter.payments.models import CashOnly, PaymentEvent, Refund
from lamplighter.payments.operations.banks import set_bank_account
from lamplighter.payments.queries import expected_in
from lamplighter.payments.refunds.queries import standing_of
from lamplighter.platform.models import Approval
from tests.duties.playing import DONE, fills
from tests.web.desk.conftest import account_of, words
from tests.web.desk.town import DANA, NOW

ROSA, HANNAH = "Rosa Maldonado", "Hannah Brandt"


def pay(client, number, who, **answers):
    return fills(client, f"/desk/accounts/{number(who)}/do/pay/", **answers)


def checks(window, url, **answers):
    """The form as it asks to confirm, and is not confirmed."""
    window.get(url)
    return window.post(url, {"remark": "Asked", **answers})


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


def decides(client, approval, decision="yes", **answers):
    return fills(client, f"/lead/approvals/{approval.pk}/", decision=decision, **answers)


def test_csr_03b_charges_are_adjusted_items_come_back_and_credits_are_refunded(dana, at_desk, number, drawer):
    """Dana charges within her limit; Gwen's second check comes back; Jun's $412.00 is refunded by a second person's
    word, on paper and by the bank; a deposit is asked for, paid, earns, and goes back."""
    account, renee, omar = f"/desk/accounts/{number(ROSA)}/", at_desk("renee"), at_desk("omar")
    page = checks(dana, f"{account}do/credit/", reason="visit-fee", amount="40")
    assert "Owed now $73.88 Owed after $113.88 Decides you" in words(page)
    assert fills(dana, f"{account}do/credit/", reason="visit-fee", amount="40", remark="Gate").status_code in DONE
    assert "$40.00 · Field visit fee" in words(dana.get(account))

    gwen = "Gwen Pruitt"
    assert pay(dana, number, gwen, amount="20", tender="check", reference="101", anyway="1").status_code == 200
    returned = fills(dana, f"/desk/receipts/{newest()}/do/take-back/", reason="returned", remark="No funds")
    assert returned.status_code == 200, words(returned)
    said = words(dana.get(f"/desk/accounts/{number(gwen)}/"))
    assert "Returned item fee" in said
    assert CashOnly.objects.filter(account__number=number(gwen)).exists()
    refused = pay(dana, number, gwen, amount="20", tender="check", reference="1003", anyway="1")
    assert refused.status_code == 422
    assert "came back within a year. Take cash or a card." in words(refused)

    jun = number("Jun Park")
    known = profile(account_of(jun), on=NOW.date())
    credit = -sum((one.current for one in balances(known.subledgers).values()), ZERO)
    form = f"/desk/accounts/{jun}/do/refund/"
    assert f"{credit} can be refunded" in words(dana.get(form))
    assert fills(dana, form, amount="412", remark="Paid ten times").status_code in DONE
    asked = Approval.objects.get(kind="payments.refund")
    assert "Waits for a second person" in words(dana.get(f"/desk/accounts/{jun}/"))
    assert dana.get(f"/lead/approvals/{asked.pk}/").status_code == 403
    assert f"Balance now {-credit} Balance after {Money(41200) - credit}" in words(
        renee.get(f"/lead/approvals/{asked.pk}/")
    )
    assert decides(renee, asked).status_code in {200, 303}
    refund = Refund.objects.get(account__number=jun)
    set_bank_account(bank="First Bay Bank", routing="121000358", number="000123456789", holder="Marisol Bay Power",
                     company="1946001234", by=DANA, at=NOW)  # fmt: skip
    assert fills(omar, "/desk/refunds/do/write/").status_code in {200, 303}
    assert standing_of(refund) == "written"
    assert "Four hundred twelve and 00/100 dollars" in words(omar.get(f"/desk/refunds/{refund.number}/check/"))
    assert b",412.00," in omar.get("/desk/refunds/positive-pay.csv").content
    assert fills(omar, f"/desk/refunds/{refund.number}/do/void/", remark="Lost", then="back").status_code in {200, 204}
    back = fills(dana, form, amount="90", means="ach", routing="121000358", number="445566", remark="Now")
    assert back.status_code in DONE
    sent = fills(omar, "/desk/refunds/do/send/")
    assert sent.status_code in {200, 204, 303}
    file = Refund.objects.latest("id").steps.get().file
    assert omar.get(f"/desk/refunds/files/{file}.ach").content.startswith(b"101 121000358")

    deposit = f"{account}do/deposit/"
    assert fills(dana, deposit, act="ask", amount="150", remark="New service").status_code in DONE
    assert pay(dana, number, ROSA, amount="150").status_code == 200
    assert fills(dana, deposit, act="interest", amount="3", remark="A year").status_code in DONE
    assert "Held $153.00 now, $143.00 after" in words(checks(dana, deposit, act="apply", amount="10"))
    assert fills(dana, deposit, act="apply", amount="10", remark="Last bill").status_code in DONE
    assert fills(dana, deposit, act="release", amount="143", remark="Paid well").status_code in DONE
    assert decides(renee, Approval.objects.get(kind="billing.deposit")).status_code in {200, 303}
    assert deposit_of(account_of(number(ROSA))).held == ZERO
