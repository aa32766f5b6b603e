"""A letter's envelope bears the post's barcode: the bars of its digits, in their real size, beside no other's."""

from __future__ import annotations

import re

import pytest

from lamplighter.formats.intelligentmail import encode, tracking
from lamplighter.notices.models import Notice
from lamplighter.web.desk.letters.barcode import SPANS, barcode, tracking_of

from .conftest import words


@pytest.fixture
def mailer(settings):
    settings.MAILER, settings.MAIL_SERVICE = "901005550", "300"


def drawn(svg: str) -> str:
    """The letters of the bars, read back from where each begins and how high it is."""
    shapes = {span: letter for letter, span in SPANS.items()}
    return "".join(shapes[int(top), int(high)] for top, high in re.findall(r'y="(\d+)" width="20" height="(\d+)"', svg))


def test_the_bars_are_those_of_the_letters_digits_and_its_zip(mailer):
    digits = tracking_of(251)
    assert digits == "00300901005550999749"
    svg = barcode(251, ("Thi Hoa Nguyen", "1418 Pacific Ave Apt B", "Marisol Bay CA 90555-1234"))
    assert drawn(svg) == encode(digits, "905551234")
    assert len(drawn(svg)) == 65
    assert 'width="2.9in"' in svg
    assert drawn(barcode(251, ("Someone", "Rue de Rivoli 4, Paris"))) == encode(digits, "")


def test_letters_and_bills_on_paper_have_different_digits(mailer):
    bills = {tracking(service="300", mailer="901005550", serial=pk) for pk in range(1, 2000)}
    letters = {tracking_of(pk) for pk in range(1, 2000)}
    assert len(bills | letters) == 2 * 1999


def test_the_paper_and_the_page_of_a_letter_show_it_and_without_a_mailer_there_is_none(dana, hoa, mailer, settings):
    letter = Notice.objects.filter(channel="letter").latest("pk")
    paper, page = f"/desk/letters/{letter.pk}/paper/", f"/desk/letters/{letter.pk}/"
    assert drawn(dana.get(paper).content.decode()) == encode(tracking_of(letter.pk), "90555")
    assert tracking_of(letter.pk) in words(dana.get(page))
    settings.MAILER = ""
    assert "<svg" not in dana.get(paper).content.decode()
    assert "Barcode" not in words(dana.get(page))
