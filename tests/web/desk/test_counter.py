"""Money at the counter: a drawer first, each payment once, change to the cent, and a way back that leaves a trace."""

from __future__ import annotations

import pytest

from lamplighter.billing.operations.depositing import charge_deposit
from lamplighter.kernel.money import Money
from lamplighter.payments.models import Payment, PaymentEvent, Reversal, TenderControl
from lamplighter.payments.queries import expected_in
from tests.web.desk.town import DANA, NOW, TODAY

from .conftest import account_of, words


@pytest.fixture
def pay(dana, number):
    """`pay("Rosa Maldonado", amount="60", handed_over="100")`: the form as opened, with these answers."""

    def send(who, client=dana, **answers):
        url = f"/desk/accounts/{number(who)}/do/pay/"
        form = client.get(url).context["form"]
        sent = {"request_key": form["request_key"].value(), "tender": "cash"}
        if form["amount"].value():
            sent["amount"] = str(form["amount"].value().dollars)
        return client.post(url, sent | answers, headers={"HX-Request": "true", "HX-Target": "panel"})

    return send


def cash(control: TenderControl) -> Money:
    return expected_in(control)["cash"]


def taken_today() -> int:
    return PaymentEvent.objects.filter(received_on="2026-11-20").count()


def test_without_a_drawer_nothing_is_taken_and_one_can_be_opened(dana, pay, number):
    opened = words(dana.get(f"/desk/accounts/{number('Rosa Maldonado')}/do/pay/"))
    assert "No drawer is open Open one to take payments. Open" in opened
    refused = pay("Rosa Maldonado")
    assert refused.status_code == 422
    assert "You have no drawer open. Open one to take payments." in words(refused)
    assert taken_today() == 0


def test_a_drawer_is_opened_by_one_person(dana, at_desk, drawer):
    assert drawer.source.name == "Drawer 1"
    assert "Drawer 1 open · $200.00" in words(dana.get("/desk/counter/"))
    free = at_desk("tuan").get("/desk/counter/do/open/").context["form"]
    assert [str(option) for _, option in free.fields["drawer"].choices] == ["Drawer 2", "Drawer 3"]


def test_opening_a_drawer_on_the_way_to_a_payment_leads_back_to_it(dana, number):
    url = f"/desk/counter/do/open/?account={number('Rosa Maldonado')}"
    form = dana.get(url).context["form"]
    sent = {"drawer": "drawer-1", "account": form["account"].value(), "request_key": form["request_key"].value()}
    assert dana.post("/desk/counter/do/open/", sent)["Location"] == f"/desk/accounts/{number('Rosa Maldonado')}/#key-p"


def test_the_total_due_is_filled_in(pay, drawer, number):
    response = pay("Rosa Maldonado")
    assert response.status_code == 200
    said = words(response)
    assert "No change" in said
    assert "Electric service $73.88 Cash $73.88" in said
    assert cash(drawer) == Money(20000 + 7388)


def test_change_is_told_large_and_the_drawer_holds_the_amount_only(pay, drawer):
    said = words(pay("Rosa Maldonado", amount="60", handed_over="100"))
    assert "Change to give $40.00" in said
    assert "Handed over $100.00 Change $40.00" in said
    assert "The drawer now holds $260.00 in cash." in said
    assert "Drawer 1 open · $260.00" in said, "the word in the top bar is swapped with it"
    assert cash(drawer) == Money(26000)


def test_the_same_form_twice_pays_once_and_answers_the_same(dana, number, drawer):
    url = f"/desk/accounts/{number('Rosa Maldonado')}/do/pay/"
    key = dana.get(url).context["form"]["request_key"].value()
    sent = {"amount": "60", "tender": "cash", "handed_over": "100", "request_key": key}
    first, second = (words(dana.post(url, sent, headers={"HX-Request": "true"})) for _ in range(2))
    assert first == second
    assert taken_today() == 1
    assert cash(drawer) == Money(26000)


def test_less_cash_than_the_amount_may_be_a_part_payment(pay, drawer):
    refused = pay("Rosa Maldonado", amount="60", handed_over="50")
    assert refused.status_code == 422
    assert "$50.00 does not cover $60.00." in words(refused)
    assert "Take $50.00 as a part payment" in words(refused)
    assert taken_today() == 0
    assert "Cash $50.00" in words(pay("Rosa Maldonado", amount="60", handed_over="50", part="1"))


def test_more_than_is_owed_is_asked_about(pay, drawer):
    refused = pay("Rosa Maldonado", amount="113.88", tender="check", reference="1182")
    assert refused.status_code == 422
    assert "This is $40.00 more than the account owes. It will show as credit." in words(refused)
    taken = pay("Rosa Maldonado", amount="113.88", tender="check", reference="1182", anyway="1")
    assert "Electric service $73.88 Credit on account $40.00 Check 1182 $113.88" in words(taken)


def test_the_same_check_again_is_asked_about(pay, drawer):
    pay("Rosa Maldonado", amount="20", tender="check", reference="1182")
    again = pay("Rosa Maldonado", amount="20", tender="check", reference="1182")
    assert "A payment of $20.00 check 1182 was taken today at 9:02 am (R-" in words(again)
    assert taken_today() == 1
    pay("Rosa Maldonado", amount="20", tender="check", reference="1183")
    assert taken_today() == 2, "another check is another payment"


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"amount": ""}, "Enter the amount the customer is paying."),
        ({"amount": "ten"}, "Enter dollars and cents, like 84.66."),
        ({"amount": "0"}, "Enter $0.01 or more."),
        ({"tender": ""}, "Choose “Paid with”."),
        ({"number_1": "204999-9", "amount_1": "5"}, "There is no account 204999-9."),
        ({"number_1": "204999-9"}, "Fill in both the account and its amount."),
        ({"tender": "card"}, "Enter the approval code that the card terminal printed."),
        ({"tender": "card", "reference": "4111 1111 1111 1111"}, "That looks like a card number."),
        ({"more_kind_1": "check"}, "Fill in both how and how much."),
        ({"amount": "40", "more_kind_1": "check", "more_amount_1": "40"}, "The other tenders pay all of it."),
    ],
)
def test_mistakes_are_said_where_they_are(pay, drawer, answers, said):
    refused = pay("Rosa Maldonado", **answers)
    assert refused.status_code == 422
    assert words(refused).count(said) >= 2, "in the summary and at the field"


def test_one_check_pays_two_accounts(pay, dana, drawer, number):
    taken = pay(
        "Rosa Maldonado", amount="40", tender="check", reference="77", number_1=number("Hannah Brandt"), amount_1="25"
    )
    assert taken.status_code == 200
    event = PaymentEvent.objects.latest("id")
    assert {(p.account.number, p.amount) for p in event.payments.all()} == {
        (number("Rosa Maldonado"), Money(4000)), (number("Hannah Brandt"), Money(2500)),
    }  # fmt: skip
    assert [(t.kind, t.amount) for t in event.tenders.all()] == [("check", Money(6500))]
    for who in ("Rosa Maldonado", "Hannah Brandt"):
        assert f"check · receipt R-{event.receipt} · you" in words(dana.get(f"/desk/accounts/{number(who)}/"))


def test_ones_own_account_cannot_be_paid_beside_another(pay, at_desk, number, drawer):
    hannah = at_desk("hannah")
    refused = pay("Rosa Maldonado", client=hannah, amount="40", number_1=number("Hannah Brandt"), amount_1="25")
    assert "This is your own account, or you stand on it. Ask a colleague." in words(refused)


@pytest.fixture
def receipt(pay, drawer):
    pay("Rosa Maldonado", amount="60", handed_over="100")
    return PaymentEvent.objects.latest("id").receipt


def test_a_receipt_says_everything_and_prints_on_two_papers(dana, receipt):
    page = dana.get(f"/desk/receipts/{receipt}/")
    said = words(page)
    for fact in (
        "Marisol Bay Power 800 Foundry St",
        "Rosa Maldonado",
        "Cash $60.00",
        "Change $40.00",
        "Taken by Dana Reyes",
    ):
        assert fact in said
    assert "paper80.css" not in page.content.decode()
    assert "paper80.css" in dana.get(f"/desk/receipts/{receipt}/?paper=80").content.decode()
    assert dana.get("/desk/receipts/1-1/").status_code == 404


@pytest.fixture
def take_back(dana):
    def send(receipt, client=dana, **answers):
        url = f"/desk/receipts/{receipt}/do/take-back/"
        opened = client.get(url)
        if opened.status_code != 200:
            return opened
        return client.post(url, {"request_key": opened.context["form"]["request_key"].value()} | answers)

    return send


def test_a_payment_of_today_is_voided_and_both_stay_on_record(dana, receipt, take_back, drawer, number):
    assert take_back(receipt, reason="void", remark="Wrong customer").status_code == 303
    assert cash(drawer) == Money(20000)
    said = words(dana.get(f"/desk/accounts/{number('Rosa Maldonado')}/"))
    assert "Balance $73.88" in said
    assert said.index("$60.00 voided") < said.index("$60.00 cash")
    gone = words(dana.get(f"/desk/receipts/{receipt}/"))
    assert "Voided on Fri, Nov 20, 2026. This payment no longer counts." in gone
    assert "Voided" in words(dana.get("/desk/counter/"))


def test_a_payment_is_taken_back_once(receipt, take_back, drawer):
    take_back(receipt, reason="void")
    again = take_back(receipt, reason="entry-error")
    assert again.status_code == 422
    assert f"R-{receipt} was reversed already." in words(again)
    assert Reversal.objects.filter(event__receipt=receipt).count() == 1


def test_money_that_was_counted_is_not_voided_and_cash_does_not_come_back(take_back, number, drawer):
    old = Payment.objects.filter(account__number=number("Rosa Maldonado")).latest("id").event.receipt
    refused = take_back(old, reason="void")
    assert "Only today's payments in an open drawer can be voided." in words(refused)
    assert "Its drawer is counted with this money in it." in words(take_back(old, reason="entry-error"))
    assert "Cash does not come back from the bank." in words(take_back(old, reason="returned"))


def test_who_may_not_reverse_is_told_who_can(at_desk, take_back, receipt):
    refused = take_back(receipt, client=at_desk("tuan"))
    assert refused.status_code == 403
    assert "Senior customer service representative" in words(refused)


def test_the_counter_exports_what_was_taken(dana, receipt, number):
    sent = dana.get("/desk/counter/?panel=taken&export=csv")
    lines = b"".join(sent.streaming_content).decode().splitlines()
    assert lines[0].removeprefix("\ufeff") == "Receipt,Account,Customer,Received,Amount,Paid with,State"
    assert lines[1] == f'R-{receipt},{number("Rosa Maldonado")},"Maldonado, Rosa",2026-11-20,60.00,Cash,Taken'


def test_a_debt_can_be_paid_before_the_others(pay, drawer, number, town):
    account = account_of(number("Rosa Maldonado"))
    by = {"on": TODAY, "by": DANA, "at": NOW}
    charge_deposit(account=account, amount=Money(15000), source="test", **by)
    energy = town.homes["Rosa Maldonado"].agreement.pk
    taken = words(pay("Rosa Maldonado", amount="60", **{f"direct_{energy}": "50"}))
    assert "Deposit $10.00 Electric service $50.00" in taken or "Electric service $50.00 Deposit $10.00" in taken
    refused = pay("Rosa Maldonado", amount="60", **{f"direct_{energy}": "500"})
    assert "Enter $23.88 or less." in words(refused)


def test_moving_asks_for_the_right_account_and_shows_both(dana, receipt, number):
    url = f"/desk/receipts/{receipt}/do/move/"
    form = dana.get(url).context["form"]
    sent = {"payment": form["payment"].field.choices[0][0], "amount": "60", "remark": "Wrong stub",
            "request_key": form["request_key"].value()}  # fmt: skip
    assert "There is no account 204999-9." in words(dana.post(url, sent | {"to": "204999-9"}))
    shown = words(dana.post(url, sent | {"to": number("Gwen Pruitt")}))
    assert f"Maldonado, Rosa, {number('Rosa Maldonado')} owes $13.88 Then $73.88" in shown
    over = dana.post(url, sent | {"to": number("Gwen Pruitt"), "amount": "60.01", "confirmed": "1"})
    assert "Of this payment $60.00 can be moved." in words(over)
    assert dana.post(url, sent | {"to": number("Gwen Pruitt"), "confirmed": "1"}).status_code == 303


def test_a_receipt_without_an_address_asks_for_one(dana, receipt):
    url = f"/desk/receipts/{receipt}/do/send/"
    key = dana.get(url).context["form"]["request_key"].value()
    refused = dana.post(url, {"way": "email", "request_key": key})
    assert "The account has no email address. Enter one." in words(refused)
    assert "That is no email address." in words(dana.post(url, {"way": "email", "address": "x", "request_key": key}))
