"""A job for a print shop: one ZIP of the pages, an index that says whose they are, and counts that prove both.

`pages.pdf` has every piece's pages one after another. `index.csv` has a line for each piece, in that order: its number,
its first page and how many, the address as the envelope's window shows it, the digits and bars of its Intelligent Mail
barcode, and the inserts. `job.json` has the job's number, day, counts, and the SHA-256 of the other two
(docs/algorithms/bills-on-paper.md).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pypdf import PdfReader, PdfWriter

from lamplighter.formats.intelligentmail import encode, routing_of

LAYOUT = "lamplighter-print-job/1"
ADDRESS_LINES = 6
COLUMNS = (
    "piece", "first_page", "pages", *(f"address_{line}" for line in range(1, ADDRESS_LINES + 1)), "imb_digits",
    "imb_bars", "inserts",
)  # fmt: skip
SINCE = (1980, 1, 1, 0, 0, 0)
"""The day that every member of the ZIP has, so that the same pieces make the same bytes."""


class CannotPrint(Exception):
    """A piece can't be made; the message says which."""


@dataclass(frozen=True, slots=True)
class Page:
    """A piece: a PDF, the lines of its address, name first, and the codes of what else is put in."""

    number: str
    pdf: bytes
    address: tuple[str, ...]
    tracking: str = ""
    inserts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """The file, and at which page (from 1) each piece begins and how many it has."""

    content: bytes
    spans: tuple[tuple[int, int], ...]

    @property
    def pages(self) -> int:
        return sum(count for _, count in self.spans)


def write_job(number: str, pieces: Sequence[Page], *, on: date) -> Job:
    """Raises CannotPrint for an address that no envelope shows."""
    pages, spans = _concatenated(pieces)
    index = _index(pieces, spans)
    told = {
        "layout": LAYOUT, "job": number, "made": on.isoformat(), "pieces": len(pieces),
        "pages": sum(count for _, count in spans),
        "inserts": dict(sorted(Counter(code for one in pieces for code in one.inserts).items())),
        "sha256": {"pages.pdf": hashlib.sha256(pages).hexdigest(), "index.csv": hashlib.sha256(index).hexdigest()},
    }  # fmt: skip
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (("job.json", _json(told)), ("index.csv", index), ("pages.pdf", pages)):
            archive.writestr(zipfile.ZipInfo(name, SINCE), data, zipfile.ZIP_DEFLATED)
    return Job(kept.getvalue(), tuple(spans))


def _concatenated(pieces: Sequence[Page]) -> tuple[bytes, list[tuple[int, int]]]:
    writer, spans, first = PdfWriter(), list[tuple[int, int]](), 1
    for one in pieces:
        reader = PdfReader(io.BytesIO(one.pdf))
        writer.append(reader, import_outline=False)
        spans.append((first, len(reader.pages)))
        first += len(reader.pages)
    writer.compress_identical_objects()  # every bill brings the same fonts
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue(), spans


def _index(pieces: Sequence[Page], spans: Sequence[tuple[int, int]]) -> bytes:
    out = io.StringIO(newline="")
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for one, (first, count) in zip(pieces, spans, strict=True):
        if not 2 <= len(one.address) <= ADDRESS_LINES:
            raise CannotPrint(f"{one.number}: an address has 2 to {ADDRESS_LINES} lines, not {len(one.address)}.")
        lines = [*one.address, *[""] * (ADDRESS_LINES - len(one.address))]
        routing = routing_of(one.address[-1].split()[-1])
        bars = encode(one.tracking, routing) if one.tracking else ""
        rows.writerow([one.number, first, count, *lines, one.tracking + routing if bars else "", bars,
                       " ".join(one.inserts)])  # fmt: skip
    return out.getvalue().encode()


def _json(told: object) -> bytes:
    return (json.dumps(told, indent=1) + "\n").encode()
