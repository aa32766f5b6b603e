"""Readers of what bureaus, print shops, agencies, weather stations, card processors and other systems hand over.

As `parsers`: a target is called with bytes, and gives an answer or one of its own refusals.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from pptx import Presentation

from lamplighter.cli.pricing.loads import open_local, open_sam_year
from lamplighter.cli.pricing.refused import Refused as NoLoad
from lamplighter.formats import bureau
from lamplighter.formats.agencies.checks import read_check, write_check
from lamplighter.formats.bureau import Answer, Inquiry
from lamplighter.formats.conversion.reading import read_folder
from lamplighter.formats.conversion.utility import Refused as NoUtility
from lamplighter.formats.conversion.utility import utility_of
from lamplighter.formats.dayweather import read_days
from lamplighter.formats.mailingreports import read_report
from lamplighter.formats.refusals import Unreadable
from lamplighter.formats.tiff import is_group_4
from lamplighter.intervals.vee.formulas import NoFormula, parsed
from lamplighter.journeys.carding import Told
from lamplighter.kernel.money import Money
from lamplighter.keyaccounts.documents.deck import opened
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.platform.backups import manifest
from lamplighter.platform.backups.manifest import CannotRestore, Manifest
from tests.cli.test_taking_over import TABLES, UTILITY
from tests.formats.parsers import Target, text
from tests.payments.papers import tiff

ON = date(2026, 11, 21)
REPORT = (
    "REPORT,P-12\nPIECE,P-12-0001,mailed,2026-11-21,PS3600-88123,\nPIECE,P-12-0002,remade,2026-11-23,PS3600-88140,jam\n"
    "PIECE,P-12-0003,spoiled,2026-11-21,,two addresses\nTOTAL,3,1,1,1\n"
)
SCORED = Answer("R-1", "Bay Bureau", "1 A St", "555", 640, 300, 850, ("Few accounts", "New"))
EVENT = {"id": "e-1", "type": "payment.succeeded", "created": 1_763_000_000, "data": {"payment": {"id": "p-1"}}}
DECK = BytesIO()
Presentation().save(DECK)


def _bureau(data: bytes) -> None:
    """Either may come: what one refuses, the other may still read."""
    for read in (bureau.read_answer, bureau.read_inquiry):
        try:
            read(data)
        except Unreadable as refused:
            assert refused.finding.message


def _in_a_file(read: Callable[[Path], object], name: str) -> Callable[[bytes], object]:
    """For readers that open a file by its path."""

    def tried(data: bytes) -> object:
        with TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(data)
            return read(path)

    return tried


def _tables(data: bytes) -> None:
    """The first line names the table: each has columns of its own."""
    name, _, rows = data.partition(b"\n")
    table = text(name) if text(name) in TABLES else "premises"
    with TemporaryDirectory() as folder:
        (Path(folder) / f"{table}.csv").write_bytes(rows)
        found = read_folder(Path(folder))
    assert all(finding.message and finding.place.file == f"{table}.csv" for finding in found.findings)


def _weather(path: Path) -> None:
    for one in read_days(path):
        assert all(degrees.is_finite() for degrees in (one.low, one.mean, one.high)), "a temperature is a number"


def _loads(path: Path) -> None:
    open_local(path, zone=ZoneInfo("America/Los_Angeles"), year=2025)
    open_sam_year(path)


LISTS = {"migrations", "keys", "controls", "missing", "parts"}
MANIFEST = {name: [] if name in LISTS else 1 for name in Manifest.__annotations__}
KEPT = json.dumps({"format": manifest.FORMAT, **MANIFEST})

HANDED: dict[str, Target] = {
    "bureaus' answers": Target(
        _bureau,
        [bureau.write_answer(SCORED), bureau.write_inquiry(Inquiry("R-1", "S", "Ada Quill", "12 Mill Rd"))],
    ),
    "mailing reports": Target(lambda data: read_report(data, file="fuzz.csv"), [REPORT.encode()], (Unreadable,)),
    "agencies' checks": Target(
        lambda data: read_check(text(data), file="fuzz.csv"),
        [write_check([("A-1", "204518-7", Money(8466))], agency="harbor", number="1182", on=ON).encode()],
    ),
    "conversion tables": Target(
        _tables, [f"{name}\n{rows}".encode() for name, rows in TABLES.items()], (Unreadable,)
    ),
    "a utility's text": Target(_in_a_file(utility_of, "utility.toml"), [UTILITY.encode()], (NoUtility,)),
    "weather": Target(
        _in_a_file(_weather, "days.csv"), [b"DATE,TMIN,TAVG,TMAX\n2026-01-31,41,52.5,63\n2026-02-01,39,,61\n"],
        (ValueError,),
    ),
    "load files": Target(
        _in_a_file(_loads, "load.csv"), [b"kw\n" + b"1.5\n" * 8760, b"2025-01-01 00:00,1\n2025-01-01 01:00,2\n"],
        (NoLoad, Unreadable),
    ),
    "card events": Target(lambda data: Told.read(json.loads(data)), [json.dumps(EVENT).encode()], (ValueError,)),
    "formulas of rules": Target(
        lambda data: parsed(text(data)), [b"max > 3 * before_peak and day > 1.5 * season_day"], (NoFormula,)
    ),
    "manifests of backups": Target(lambda data: manifest.parsed(text(data)), [KEPT.encode()], (CannotRestore,)),
    "images of checks": Target(is_group_4, [tiff()]),
    "templates of decks": Target(opened, [DECK.getvalue()], (CannotKeep,)),
}  # fmt: skip
