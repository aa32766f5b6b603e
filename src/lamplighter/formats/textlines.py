"""Whole lines of text out of a delivery, in blocks, whatever its encoding and its line ends are."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

from lamplighter.formats.refusals import Findings
from lamplighter.formats.sources import Delivery

FIRST_BLOCK, BLOCK = 256 << 10, 4 << 20
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Lines:
    """Complete lines, each ended by a line feed, in a superset of ASCII; `first` is the number of the first."""

    first: int
    data: bytes


def encoding_of(head: bytes) -> tuple[str, int]:
    """The encoding of a text and how many bytes of it are its mark. Unmarked UTF-16 shows by its zero bytes."""
    for mark, name in BOMS:
        if head.startswith(mark):
            return name, len(mark)
    sample = head[:512]
    if len(sample) >= 4 and not any(sample[1::2][:-1]) and all(sample[0:-1:2]):
        return "utf-16-le", 0
    if len(sample) >= 4 and not any(sample[0::2][:-1]) and all(sample[1::2]):
        return "utf-16-be", 0
    return "utf-8", 0


def text(raw: bytes) -> str:
    """A field as text: UTF-8, else as Windows wrote it in the west."""
    try:
        return raw.decode().strip()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace").strip()


def lines(delivery: Delivery, found: Findings, block: int = BLOCK) -> Iterator[Lines]:
    """Blocks of whole lines. A line that is longer than its limit is left out with a finding.

    When the reader of the lines finds most of many wrong, the rest of the file is not read.
    """
    number, rest, skipping = 1, b"", False
    for chunk in _unix(_recoded(delivery, block)):
        end = chunk.find(b"\n")
        if skipping and end < 0:
            continue
        data = chunk[end + 1 :] if skipping else rest + chunk
        number += skipping
        cut = data.rfind(b"\n") + 1
        rest, skipping = data[cut:], False
        if cut:
            yield Lines(number, data[:cut])
            number += data.count(b"\n", 0, cut)
        if found.errors > max(delivery.limits.bad_lines, number // 2):
            found.error(
                "file.hopeless", "most lines so far are wrong; the rest of the file is not read.", line=number,
                remedy="Check that the file is of the format that it is read as.",
            )  # fmt: skip
            return
        if len(rest) > delivery.limits.line:
            found.error(
                "file.line", f"the line is longer than {delivery.limits.line:,} bytes.", line=number,
                remedy="It is left out. Check that the file is what it should be.",
            )  # fmt: skip
            rest, skipping = b"", True
    if rest.strip(b"\0\x1a"):
        yield Lines(number, rest + b"\n")
    if delivery.broken:
        found.error(
            "archive.broken", f"the file ends too early: {delivery.broken}.", line=number,
            remedy="What came before is kept. Ask the sender to send it again.",
        )  # fmt: skip


def _recoded(delivery: Delivery, block: int) -> Iterator[bytes]:
    encoding, skipped = encoding_of(delivery.head)
    if skipped:
        delivery.read(skipped)
    decoder = None if encoding == "utf-8" else codecs.getincrementaldecoder(encoding)("replace")
    size = min(FIRST_BLOCK, block)
    while chunk := delivery.read(size):
        size = block
        yield chunk if decoder is None else decoder.decode(chunk).encode()
    if decoder is not None:
        yield decoder.decode(b"", final=True).encode()


def _unix(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Line feeds alone, for files of Windows and for those of an old Macintosh, which have none."""
    pending = b""
    for chunk in chunks:
        data = pending + chunk
        pending = b"\r" if data.endswith(b"\r") else b""
        data = data[: len(data) - len(pending)]
        yield data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data
    if pending:
        yield b"\n"
