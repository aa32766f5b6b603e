"""Opening what is delivered: plain, gzip, zip; and what is refused unread."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from lamplighter.formats.reading import read_bytes, read_files
from lamplighter.formats.refusals import Findings, Limits, Unreadable
from lamplighter.formats.settings import Settings
from lamplighter.formats.sources import deliveries, deliveries_of, delivery_of
from lamplighter.formats.textlines import lines, text

ROW = b"MEPMD01,1,S,,R,,202501010000,M1,OK,E,KWH,1,00000100,1,202501010100,R0,7\n"


def zipped(*members, compression=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, compression)  # of no day: some name tests by their bytes
    return file.getvalue()


def opened(data, limits=None):
    return [(one.name, one.read()) for one in deliveries_of(io.BytesIO(data), "f", limits or Limits())]


def refusal(data, limits=None):
    with pytest.raises(Unreadable) as refused:
        read_bytes(data, "f", Settings(limits=limits or Limits()))
    return refused.value.finding


def test_a_zip_of_one_file_is_that_file():
    assert opened(zipped(("a.csv", ROW))) == [("f", ROW)]


def test_a_zip_of_several_files_is_each_of_them():
    data = zipped(("a.csv", ROW), ("in/b.csv", b"2"), ("__MACOSX/._a.csv", b"junk"), ("in/.DS_Store", b"junk"))
    assert opened(data) == [("f/a.csv", ROW), ("f/in/b.csv", b"2")]


def test_a_gzip_is_what_it_holds_whatever_its_name():
    assert opened(gzip.compress(ROW)) == [("f", ROW)]


def test_a_gzip_that_breaks_off_keeps_what_came_before(tmp_path):
    path = tmp_path / "reads.txt"
    path.write_bytes(gzip.compress(ROW * 20_000, mtime=0)[:-20])
    (file,) = read_files(path)
    assert "archive.broken" in {finding.code for finding in file.findings}
    assert file.channels


def test_a_zip_whose_checksum_is_wrong_is_told():
    stored = bytearray(zipped(("a.csv", ROW), compression=zipfile.ZIP_STORED))
    at = stored.index(b"R0,7")
    stored[at + 3] = ord("8")
    assert refusal(bytes(stored)).code == "archive.broken"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../../etc/cron.d/x", "archive.path"),
        ("/etc/passwd", "archive.path"),
        ("C:\\Windows\\x", "archive.path"),
        ("a/../../x", "archive.path"),
        ("..\\x", "archive.path"),
    ],
)
def test_a_zip_that_names_files_outside_itself_is_refused(name, code):
    assert refusal(zipped((name, ROW))).code == code


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = zipped(("a.csv", b"0" * 3_000_000))
    assert len(bomb) < 10_000
    assert refusal(bomb, Limits(bytes=1_000_000)).code == "archive.size"


def test_a_zip_that_lies_about_its_size_is_stopped_while_it_is_unpacked():
    data = bytearray(zipped(("a.csv", ROW * 50_000)))
    declared = len(ROW * 50_000).to_bytes(4, "little")
    data = data.replace(declared, (10).to_bytes(4, "little"))
    with pytest.raises(Unreadable):
        opened(bytes(data), Limits(bytes=1_000_000))


def test_a_gzip_bomb_is_stopped_while_it_is_unpacked():
    assert refusal(gzip.compress(ROW * 50_000), Limits(bytes=1_000_000)).code == "file.size"


def test_an_archive_in_an_archive_is_refused():
    assert refusal(zipped(("a.zip", zipped(("a.csv", ROW))))).code == "archive.nested"


def test_too_many_members_are_refused():
    assert refusal(zipped(*((f"{i}.csv", ROW) for i in range(5))), Limits(members=4)).code == "archive.members"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file.empty"),
        (zipped(), "archive.empty"),
        (zipped(("a.csv", b"")), "file.empty"),
        (zipped(("a.csv", ROW))[:40], "archive.broken"),
        (b"PK\x03\x04 and then nothing of the kind", "archive.broken"),
        (b"\x1f\x8b\x08\x00 and then nothing of the kind", "archive.broken"),
        (b"\x7fELF\x02\x01\x01\0\0\0", "file.format"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "file.format"),
        (b"<html><body>Please sign in</body></html>", "file.format"),
    ],
)
def test_what_cannot_be_read_says_why_and_what_to_do(data, code):
    finding = refusal(data)
    assert finding.code == code
    assert finding.message


def test_a_locked_zip_is_refused():
    data = bytearray(zipped(("a.csv", ROW)))
    for signature, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.index(signature) + flags] |= 1
    assert refusal(bytes(data)).code == "archive.locked"


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path, code in ((tmp_path / "nothing", "file.missing"), (tmp_path, "file.unopened")):
        with pytest.raises(Unreadable) as refused:
            list(deliveries(path))
        assert refused.value.finding.code == code


def text_lines(data, limits=None, block=16):
    found = Findings("f")
    blocks = list(lines(delivery_of(data, limits=limits or Limits()), found, block))
    numbered = [
        (block.first + i, line) for block in blocks for i, line in enumerate(block.data.split(b"\n")[:-1]) if line
    ]
    return numbered, [finding.code for finding in found.findings()]


@pytest.mark.parametrize("ends", [b"\n", b"\r\n", b"\r"])
def test_lines_are_numbered_whatever_ends_them(ends):
    data = ends.join([b"one", b"two", b"", b"a rather longer line", b"five"])
    assert text_lines(data) == ([(1, b"one"), (2, b"two"), (4, b"a rather longer line"), (5, b"five")], [])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_the_encoding_is_told_by_the_first_bytes(encoding):
    assert text_lines("one\ntwo ñ\n".encode(encoding)) == ([(1, b"one"), (2, "two ñ".encode())], [])


def test_a_line_without_end_is_left_out_and_the_next_one_is_not():
    numbered, codes = text_lines(b"one\n" + b"x" * 200 + b"\nthree\n", Limits(line=50))
    assert numbered == [(1, b"one"), (3, b"three")]
    assert codes == ["file.line"]


def test_fields_may_be_in_the_encoding_of_western_windows():
    assert text(" Mu\xf1oz ".encode("cp1252")) == text(" Muñoz ".encode()) == "Muñoz"


def test_a_file_that_is_wrong_almost_everywhere_is_given_up():
    (file,) = read_bytes(ROW + b"what is this\n" * 60_000)
    assert "file.hopeless" in {finding.code for finding in file.findings}
    assert len(file.findings) < 300
