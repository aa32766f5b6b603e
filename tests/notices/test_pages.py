"""Words of public pages: in the reader's language once the utility has adopted them, and never two languages mixed."""

from __future__ import annotations

from datetime import date

import pytest

from lamplighter.kernel.money import Money
from lamplighter.notices.channels import WAYS, BadAddress, Channel, checked_address
from lamplighter.notices.languages import Language
from lamplighter.notices.operations import load_starter_templates, set_sender
from lamplighter.notices.queries.pages import page_words
from lamplighter.notices.rules.starter import starter_content
from lamplighter.notices.rules.wording import Translation, check_content

from .conftest import AT, TOWN

BILL = starter_content("bill", Channel.PAGE)


@pytest.fixture
def utility(db):
    set_sender(utility="Marisol Bay Power", phone="(510) 555-0100", website="", office="", email="",
                by=TOWN, at=AT)  # fmt: skip


def test_the_words_of_a_bill_are_whole_in_every_language_and_drafts_but_english():
    assert check_content(BILL) == ()
    for language in Language:
        found = BILL.complete(language)
        assert found is not None, language
        assert (found.translation is Translation.ORIGINAL) == (language is Language.ENGLISH)


def test_drafts_are_shown_to_nobody_before_the_utility_adopts_them(utility):
    assert page_words("bill", "vi").language is Language.ENGLISH
    load_starter_templates(by=TOWN, at=AT, demo_town=True)
    words = page_words("bill", "vi")
    assert words.language is Language.VIETNAMESE
    assert words.say()["show"] == "Xem hóa đơn của tôi"


def test_what_is_not_given_is_not_said(utility):
    say = page_words("bill", "en").say({"owed": Money(8466), "until": date(2027, 1, 19)})
    assert say["pay"] == "Pay $84.66 by card"
    assert say["old"] == "This link was good until Jan 19, 2027."
    assert "check" not in say, "the office is not set"
    assert "wrong" not in say


def test_a_page_is_sent_to_nobody():
    assert Channel.PAGE not in WAYS
    with pytest.raises(BadAddress, match="sent to nobody"):
        checked_address(Channel.PAGE, ("Thi Hoa Nguyen",))
