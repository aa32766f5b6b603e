"""Words are merged from declared fields only, and languages never mix."""

from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.kernel.money import Money
from lamplighter.notices.channels import EMAIL, BadAddress, Channel, checked_address
from lamplighter.notices.languages import Language, full_date, short_day
from lamplighter.notices.rules.rendering import CannotRender, render
from lamplighter.notices.rules.wording import Translation, Wording
from tests.notices.conftest import CONTENT, ENGLISH, FIELDS, VALUES, VIETNAMESE, language_line

STANDING = {"utility": "Marisol Bay Power", "phone": "(510) 555-0100"}
NAMES = [field.name for field in FIELDS]


def rendered(content=CONTENT, language=Language.ENGLISH, values=VALUES, line=None, standing=STANDING):
    return render(content, language=language, values=values, standing=standing, line=line)


def test_an_english_letter():
    (sheet,) = rendered().sheets
    assert sheet.subject == "Please pay $186.42 by Thu, Dec 3"
    assert sheet.body == "Thi Hoa Nguyen: Your payment is late. You owe $186.42.\n\nCall (510) 555-0100."


def test_a_letter_in_another_language_carries_the_english_behind_it():
    found = rendered(language=Language.VIETNAMESE, line=language_line())
    assert [sheet.language for sheet in found.sheets] == ["vi", "en"]
    assert found.sheets[0].blocks == (
        ("subject", "Xin trả $186.42 trước thứ Năm, tháng 12 ngày 3"),
        ("ask", "Thi Hoa Nguyen: Quý vị trả trễ. Quý vị thiếu $186.42."),
        ("help", "Gọi (510) 555-0100."),
    )
    assert (found.fallback, found.lines) == (False, ())


def test_an_email_in_another_language_has_one_sheet():
    found = rendered(replace(CONTENT, channel=Channel.EMAIL), Language.VIETNAMESE)
    assert [sheet.language for sheet in found.sheets] == ["vi"]


@pytest.mark.parametrize("missing", ENGLISH.names)
def test_one_block_missing_and_everything_goes_in_english_with_the_language_line(missing):
    lacking = replace(VIETNAMESE, blocks=tuple(block for block in VIETNAMESE.blocks if block[0] != missing))
    content = replace(CONTENT, channel=Channel.EMAIL, wordings=(ENGLISH, lacking))
    found = rendered(content, Language.VIETNAMESE, line=language_line())
    assert found.sheets == rendered(content, Language.ENGLISH).sheets
    assert found.fallback
    assert found.lines == ((Language.VIETNAMESE, "Giúp miễn phí: (510) 555-0100."),)


def test_a_blank_block_is_a_missing_one():
    blank = replace(VIETNAMESE, blocks=tuple((name, " ") for name in VIETNAMESE.names))
    assert rendered(replace(CONTENT, wordings=(ENGLISH, blank)), Language.VIETNAMESE).fallback


def test_an_english_letter_says_in_every_language_that_help_is_free():
    found = rendered(language=Language.TAGALOG, line=language_line())
    assert (found.fallback, [language for language, _ in found.lines]) == (True, ["es", "vi"])
    assert [language for language, _ in rendered(line=language_line()).lines] == ["es", "vi"]


def test_a_draft_translation_is_told():
    drafted = replace(CONTENT, wordings=(ENGLISH, replace(VIETNAMESE, translation=Translation.DRAFT)))
    assert rendered(drafted, Language.VIETNAMESE).draft_translation
    assert not rendered(drafted, Language.ENGLISH).draft_translation


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_value_is_refused_by_name(name):
    with pytest.raises(CannotRender, match=f"{name} is missing"):
        rendered(values={key: value for key, value in VALUES.items() if key != name})


@given(st.from_regex(r"[a-z][a-z_]{0,20}", fullmatch=True).filter(lambda name: name not in NAMES))
def test_an_unknown_value_is_refused_by_name(name):
    with pytest.raises(CannotRender, match=f"{name} is not a field"):
        rendered(values={**VALUES, name: "x"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("customer", "two\nlines"),
        ("customer", " "),
        ("customer", 7),
        ("amount", 186),
        ("amount", "186.42"),
        ("pay_by", "2026-12-03"),
        ("pay_by", datetime(2026, 12, 3, tzinfo=UTC)),
        ("why", "weather"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_by_name(name, value):
    with pytest.raises(CannotRender, match=f"{name} must be"):
        rendered(values={**VALUES, name: value})


def test_a_standing_fact_that_nobody_set_is_refused_by_name():
    with pytest.raises(CannotRender, match="utility's phone is not set"):
        rendered(standing={})


@given(st.text(min_size=1, max_size=60).filter(lambda text: text.strip() and text.isprintable()))
def test_a_value_is_said_as_it_is_and_never_read_as_a_field(name):
    for hostile in (name, f"{name}{{{{ amount }}}}", "$amount ${amount} {amount} {% now %}"):
        (sheet,) = rendered(values={**VALUES, "customer": hostile}).sheets
        assert dict(sheet.blocks)["ask"] == f"{hostile}: Your payment is late. You owe $186.42."


@given(st.dates(), st.sampled_from(Language))
def test_days_are_written_with_the_months_name_so_that_none_is_misread(day, language):
    short, full = short_day(day, language), full_date(day, language)
    assert str(day.day) in short
    assert str(day.year) in full
    other = date(2026, day.month % 12 + 1, 1)
    assert full_date(other, language) != full_date(date(2026, day.month, 1), language)


def test_money_is_written_alike_in_every_language():
    for language in Language:
        text = rendered(language=language, values={**VALUES, "amount": Money(124000)}).sheets[0].subject
        assert "$1,240.00" in text


@pytest.mark.parametrize(
    ("channel", "given_lines", "kept"),
    [
        (Channel.EMAIL, (" O'Hoa+Bills@Example.NET ",), ("O'Hoa+Bills@example.net",)),
        (Channel.TEXT, ("(510) 555-0142",), ("+15105550142",)),
        (Channel.TEXT, ("+52 55 1234 5678",), ("+525512345678",)),
        (Channel.LETTER, ("A", "1 Main St"), ("A", "1 Main St")),
    ],
)
def test_addresses_are_kept_as_their_channel_needs_them(channel, given_lines, kept):
    assert checked_address(channel, given_lines) == kept


@pytest.mark.parametrize(
    ("channel", "lines"),
    [
        (Channel.EMAIL, ()),
        (Channel.EMAIL, ("hoa@example.net, x@example.net",)),
        (Channel.EMAIL, ("hoa@example.net\nBcc: x@example.net",)),
        (Channel.EMAIL, ("hoa..nguyen@example.net",)),
        (Channel.EMAIL, ("hoà@example.net",)),
        (Channel.EMAIL, ('"hoa@example.net',)),
        (Channel.EMAIL, ("hoa@example..net",)),
        (Channel.EMAIL, ("hoa@example:8080.net",)),
        (Channel.TEXT, ("555-0142",)),
        (Channel.TEXT, ()),
        (Channel.LETTER, ("Only a name",)),
        (Channel.LETTER, tuple("1234567")),
        (Channel.LETTER, ("A", " ")),
    ],
)
def test_an_address_that_no_post_could_use_is_refused(channel, lines):
    with pytest.raises(BadAddress):
        checked_address(channel, lines)


@given(st.from_regex(EMAIL, fullmatch=True))
def test_an_email_address_that_is_taken_can_be_put_on_a_message(text):
    (address,) = checked_address(Channel.EMAIL, (text,))
    message = EmailMessage(policy=policy.SMTP)
    message["To"] = Address(addr_spec=address)
    assert message_from_bytes(bytes(message), policy=policy.SMTP)["To"].addresses[0].addr_spec == address


def test_a_wording_is_found_by_its_language():
    assert CONTENT.complete(Language.VIETNAMESE) == VIETNAMESE
    assert CONTENT.complete(Language.TAGALOG) is None
    assert isinstance(CONTENT.wording(Language.ENGLISH), Wording)
