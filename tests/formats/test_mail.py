"""Internet mail: what people write arrives as they wrote it, and what is hostile is refused or made harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.formats.mail import MOST_BYTES, BadMail, read_mail
from tests.cases.outside import delivery_report, mail

PLAIN = b"From: =?utf-8?q?Ren=C3=A9e?= <renee@EXAMPLE.net>\nMessage-ID: <a@b>\nDate: Fri, 20 Nov 2026 09:02:11 -0800\n"


def test_a_mail_is_read_with_its_name_words_and_files():
    found = read_mail(
        mail("Renée <renee@EXAMPLE.net>", "My bill — October", "Why so high?\n\n\n\nRenée", key="<1@example.net>",
             answers="<M-4@marisolbaypower.example>", files=(("lease.pdf", b"%PDF"),))
    )  # fmt: skip
    assert (found.sender, found.sender_name) == ("renee@example.net", "Renée")
    assert (found.subject, found.body) == ("My bill — October", "Why so high?\n\nRenée")
    assert found.references == ("<M-4@marisolbaypower.example>",)
    assert [(one.name, one.content) for one in found.files] == [("lease.pdf", b"%PDF")]
    assert not found.automatic


def test_of_a_page_only_its_words_are_kept():
    page = b"Content-Type: text/html\n\n<style>p{}</style><p>Hello<br>there</p><script>steal()</script>"
    assert read_mail(PLAIN + page).body == "Hello\nthere"


def test_an_automatic_answer_is_known_as_one():
    found = read_mail(mail("a@example.net", "Away", "Back Monday", key="<2@x>", Auto_Submitted="auto-replied"))
    assert found.automatic


def test_a_delivery_report_names_what_did_not_arrive():
    found = read_mail(delivery_report("<M-9@marisolbaypower.example>"))
    assert found.returned == ("<M-9@marisolbaypower.example>",)
    assert found.why == "smtp; 550 5.1.1 no such user"


@pytest.mark.parametrize(
    ("raw", "words"),
    [(b"Message-ID: <a@b>\n\nhi", "no sender"), (b"From: a@example.net\n\nhi", "no Message-ID"),
     (b"x" * (MOST_BYTES + 1), "at most")],
)  # fmt: skip
def test_what_is_no_mail_is_refused_by_name(raw, words):
    with pytest.raises(BadMail, match=words):
        read_mail(raw)


def test_a_wrong_charset_costs_no_more_than_its_letters():
    assert read_mail(PLAIN + b"Content-Type: text/plain; charset=klingon-1\n\nhe\xffy").body == "he\ufffdy"


@given(st.binary(max_size=400))
def test_any_bytes_after_a_header_are_read_or_refused(tail):
    try:
        found = read_mail(PLAIN + tail)
    except BadMail:
        return
    assert all(c in "\n\t" or c.isprintable() for c in found.body)


@given(st.binary(max_size=600))
def test_any_bytes_at_all_are_read_or_refused(raw):
    try:
        read_mail(raw)
    except BadMail as refused:
        assert str(refused)
