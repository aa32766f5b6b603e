"""Finance names the utility's own bank account on a page; a wrong number is refused; until then nothing goes out."""

from __future__ import annotations

import pytest

from lamplighter.payments.models import BankAccount
from lamplighter.platform.models import PastRow

from .conftest import words

HERE = "/desk/refunds/do/bank/"
OURS = {"bank": "Bay Federal", "routing": "121000358", "number": "4410027", "holder": "Marisol Bay Power",
        "company": "1941234567"}  # fmt: skip


@pytest.fixture
def omar(at_desk):
    return at_desk("omar")


def names(client, **changed):
    key = client.get(HERE).context["form"]["request_key"].value()
    return client.post(HERE, {"request_key": key, **OURS, **changed}, headers={"HX-Request": "true"})


def test_it_is_named_and_named_anew_with_its_history(omar):
    BankAccount.objects.all().delete()
    assert "None is named" in words(omar.get(HERE))
    names(omar)
    names(omar, number="4410099")
    assert BankAccount.objects.get().number == "4410099"
    past = PastRow.objects.filter(table_name="payments_bankaccount").latest("id")
    assert past.was["number"] == "4410027"


def test_a_wrong_routing_number_is_refused(omar):
    refused = names(omar, routing="121000359")
    assert refused.status_code == 422
    assert "That routing number is wrong" in words(refused)


def test_without_it_the_positive_pay_file_says_who_names_it(omar):
    BankAccount.objects.all().delete()
    back = omar.get("/desk/refunds/positive-pay.csv", follow=True)
    assert "Finance names it under Refunds." in words(back)


def test_a_representative_does_not_name_it(dana):
    assert dana.get(HERE).status_code == 403
