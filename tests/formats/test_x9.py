"""Image cash letters: what is written is read back strictly, and public samples are read as their notes say."""

import struct
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.formats.tiff import is_group_4
from lamplighter.formats.x9.reader import CannotRead, items
from lamplighter.formats.x9.writer import CannotSend, CheckItem, Letter, cash_letter
from tests.payments.papers import tiff

AT = datetime(2026, 11, 20, 18, tzinfo=UTC)
LETTER = Letter("First Bay Bank", "121000358", "Marisol Bay Power", "000123456789", "Customer Svc", "510 555 0100", "1")
CHECKS = st.builds(
    CheckItem, st.just("121000358"), st.from_regex("[0-9]{4,12}/[0-9]{4}", fullmatch=True),
    st.integers(1, 9_999_999_999), st.just(tiff()), st.binary(min_size=1, max_size=90),
)  # fmt: skip


@given(st.lists(CHECKS, min_size=1, max_size=4))
def test_what_is_written_is_read_back(checks):
    found = items(cash_letter(LETTER, checks, at=AT))
    assert [(one.routing, one.on_us, one.cents, one.images) for one in found] == [
        (one.routing, one.on_us, one.cents, (one.front, one.back)) for one in checks
    ]


def test_every_record_is_eighty_ebcdic_characters_behind_its_length():
    data = cash_letter(LETTER, [CheckItem("121000358", "12/3", 100, tiff(), tiff())], at=AT)
    (size,) = struct.unpack(">I", data[:4])
    assert size == 80
    assert data[4:84].decode("cp037").startswith("0135P121000358121000358202611201800N")


def test_a_letter_that_is_cut_or_counts_wrongly_is_refused():
    data = cash_letter(LETTER, [CheckItem("121000358", "12/3", 123, tiff(), tiff())], at=AT)
    with pytest.raises(CannotRead, match="has"):
        items(data[:-10])
    with pytest.raises(CannotRead, match="breaks off"):
        items(data[:-84])
    with pytest.raises(CannotRead, match="counted"):
        items(data.replace("000000000123".encode("cp037"), "000000000124".encode("cp037"), 1))
    with pytest.raises(CannotSend, match="MICR line"):
        cash_letter(LETTER, [CheckItem("12100035", "12/3", 100, tiff(), tiff())], at=AT)
    with pytest.raises(CannotSend, match="not 0"):
        cash_letter(LETTER, [], at=AT)


def test_an_image_is_known_by_its_compression():
    assert is_group_4(tiff())
    plain = [struct.pack("<HHIHH", 259, 3, 1, value, 0) for value in (4, 1)]
    assert not is_group_4(tiff().replace(*plain))
    assert not is_group_4(b"II*\0")
    assert not is_group_4(b"\x89PNG")


@pytest.mark.corpus
def test_a_public_sample_is_read(shared):
    found = items((shared / "data/formats/x937/BNK20181010121042882-A.icl").read_bytes())
    assert found
    assert {one.routing for one in found} == {"031300012"}
    assert all(one.cents == 100000 for one in found)
