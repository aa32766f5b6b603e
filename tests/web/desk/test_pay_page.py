"""The page of a link to pay is in the customer's language, whole, and tells the last four digits of the account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from lamplighter.kernel.money import Money
from lamplighter.payments.operations.charging import make_link, token_of
from lamplighter.platform.transactions import unit_of_work

from .conftest import account_of, words
from .town import DANA, NOW, TODAY


@pytest.fixture
def linked(number, settings):
    settings.CARDS = "http://key@127.0.0.1:1"

    def link(name, days=14):
        with unit_of_work(DANA):
            made = make_link(
                account=account_of(number(name)),
                amount=Money(8466),
                until=TODAY + timedelta(days=days),
                by=DANA,
                at=NOW,
            )
        return f"/pay/{token_of(made)}/"

    return link


def test_who_reads_vietnamese_pays_in_it_and_no_english_is_left(linked, number):
    page = Client().get(linked("Thi Hoa Nguyen"))
    assert b'<html lang="vi"' in page.content
    text = words(page)
    assert "Trả bằng thẻ" in text
    assert "$84.66" in text
    assert "Chuyển đến nội dung" in text
    for english in ("Skip to content", "Go to the card page", "Good until", "account ending"):
        assert english not in text


def test_four_digits_of_the_account_are_told_and_no_hyphen(linked, number):
    digits = number("Gwen Pruitt").replace("-", "")[-4:]
    assert f"account ending in {digits}" in words(Client().get(linked("Gwen Pruitt")))


def test_a_processor_that_is_gone_is_told_in_the_customers_words(linked):
    url = linked("Thi Hoa Nguyen")
    answer = Client().post(f"{url}card/")
    assert answer.status_code == 409
    assert "Công ty xử lý thẻ hiện không trả lời" in words(answer)
    assert "Trả bằng thẻ" in words(Client().get(linked("Thi Hoa Nguyen", days=-1)))
