"""Meter files of a million readings with one wrong line, and files made to do harm: each read in a process of its own.

What is promised: the wrong line is named (of XML beyond its 65,535th line, the reading), every other reading is there,
and no file takes more memory than its limits say, however it is made.
"""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

REPO = Path(__file__).parents[2]
MILLION = 1_000_000
MIB = 1 << 20
MOST_MIB = 400  # of the whole process
FIRST = datetime(2025, 1, 1, tzinfo=UTC)
READ = """
import json, resource, sys, time
from lamplighter.formats.reading import read_files
from lamplighter.formats.refusals import Unreadable
from lamplighter.formats.settings import Settings
from pathlib import Path
begun, refused, readings, findings = time.monotonic(), "", 0, []
from lamplighter.formats.mapped.mapping import mapping_from
mapping = mapping_from(sys.argv[2]) if sys.argv[2] else None
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    for file in read_files(Path(sys.argv[1]), Settings(mapping=mapping)):
        readings += sum(channel.readings for channel in file.channels)
        findings += [[finding.code, finding.place.line if finding.place else 0] for finding in file.findings]
except Unreadable as why:
    refused = why.finding.code
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"readings": readings, "findings": findings, "refused": refused,
                  "seconds": time.monotonic() - begun, "mib": most // 1024, "idle": before // 1024}))
"""
MAPPING = """
[columns]
meter = "meter"
time = "start"

[time]
format = "epoch"
interval = 3600

[[value]]
column = "value"
unit = "Wh"
"""


def soak(seconds: float, seed: int) -> str:
    dice = random.Random(seed)
    give_up = time.monotonic() + seconds
    told: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, refused, lost in _files(Path(folder), dice):
            found = _read(Path(folder) / name)
            what = f"{name}: {found}"
            assert found["refused"] == refused, what
            if lost is not None:
                readings, line = lost
                assert found["readings"] == readings, what
                assert line in [at for _, at in found["findings"]] or name == "espi.xml", what
            assert found["mib"] < MOST_MIB, what
            told.append(f"{name} {found['seconds']:.1f} s {found['mib']} MiB")
            (Path(folder) / name).unlink()
            if time.monotonic() > give_up and seconds:
                break
    return "; ".join(told) + "."


def _read(path: Path) -> dict:
    mapping = MAPPING if ".csv" in path.name else ""
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path), mapping], cwd=REPO, capture_output=True, text=True, check=False,
        timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, f"{path.name}: {done.stderr[-2000:]}"
    return json.loads(done.stdout)


def _files(folder: Path, dice: random.Random) -> Iterator[tuple[str, str, tuple[int, int] | None]]:
    """Name, the refusal that is due, and how many readings are left and where the wrong line stands."""
    at = dice.randrange(1000, 9000)
    yield "table.csv", "", (MILLION - 1, _table(folder / "table.csv", wrong=100 * at))
    yield "cmep.txt", "", (MILLION - 1, _cmep(folder / "cmep.txt", wrong=at))
    yield "nem12.txt", "", (MILLION // 48 * 48 - 48, _nem12(folder / "nem12.txt", wrong=at))
    yield "espi.xml", "", (MILLION - 1, _espi(folder / "espi.xml", wrong=100 * at))
    yield from _hostile(folder)


def _table(path: Path, *, wrong: int) -> int:
    first = int(FIRST.timestamp())
    with path.open("w") as file:
        file.write("meter,start,value\n")
        for n in range(MILLION):
            meter, hour = divmod(n, 8760)
            file.write(f"M{meter},{first + 3600 * hour},{'12?5' if n == wrong else n % 4000}\n")
    return wrong + 2


def _cmep(path: Path, *, wrong: int) -> int:
    """24 readings a line; the wrong one has a time that is none."""
    with path.open("w") as file:
        for line in range(MILLION // 20):
            meter, day = divmod(line, 365)
            ends = [FIRST + timedelta(days=day, hours=hour + 1) for hour in range(20)]
            triplets = [f"{end:%Y%m%d%H%M},R0,{line % 9}.5" for end in ends]
            if line == wrong:
                triplets[7] = "202502300100,R0,1.5"
            file.write(
                f"MEPMD01,20080501,S,,R,C{meter},202501020000,M{meter},OK,E,KWH,1.0,00000100,20,{','.join(triplets)}\n"
            )
    return wrong + 1


def _nem12(path: Path, *, wrong: int) -> int:
    """A day of half hours a line; the wrong one has 47 values."""
    lines, place = 1, 0
    with path.open("w") as file:
        file.write("100,NEM12,202501010000,S,R\n")
        for n in range(MILLION // 48):
            point, day = divmod(n, 365)
            if day == 0:
                file.write(f"200,NMI{point:07},E1,1,E1,N1,M{point},kWh,30,\n")
                lines += 1
            values = ",".join(["0.5"] * (47 if n == wrong else 48))
            file.write(f"300,{FIRST + timedelta(days=day):%Y%m%d},{values},A,,,20250101000000,\n")
            lines += 1
            place = lines if n == wrong else place
        file.write("900\n")
    return place


def _espi(path: Path, *, wrong: int) -> int:
    first, lines = int(FIRST.timestamp()), 0
    with path.open("w") as file:

        def write(text: str) -> None:
            nonlocal lines
            file.write(text + "\n")
            lines += 1

        write('<feed xmlns="http://www.w3.org/2005/Atom"><id>x</id>')
        write('<entry><link rel="self" href="RT/1"/><content><ReadingType xmlns="http://naesb.org/espi">')
        write("<flowDirection>1</flowDirection><intervalLength>3600</intervalLength><uom>72</uom></ReadingType>")
        write("</content></entry>")
        place = 0
        for meter in range(MILLION // 10_000):
            write(f'<entry><link rel="self" href="MR/{meter}"/><link rel="related" href="MR/{meter}/IB"/>')
            write('<link rel="related" href="RT/1"/><content><MeterReading xmlns="http://naesb.org/espi"/></content>')
            write(f'</entry><entry><link rel="self" href="MR/{meter}/IB/1"/><link rel="up" href="MR/{meter}/IB"/>')
            write('<content><IntervalBlock xmlns="http://naesb.org/espi">')
            for hour in range(10_000):
                n = meter * 10_000 + hour
                value = "12?5" if n == wrong else n % 4000
                write(
                    f"<IntervalReading><timePeriod><duration>3600</duration><start>{first + 3600 * hour}</start>"
                    f"</timePeriod><value>{value}</value></IntervalReading>"
                )
                place = lines if n == wrong else place
            write("</IntervalBlock></content></entry>")
        write("</feed>")
    return place


def _hostile(folder: Path) -> Iterator[tuple[str, str, None]]:
    """Files that ask for more than any file may have."""
    endless = {"line.csv": b"meter,start,value\nM1,1735689600,", "line.cmep.txt": b"MEPMD01,20080501,S,,R,C1,",
               "line.nem12.txt": b"100,NEM12,202501010000,S,R\n300,20250101,",
               "line.espi.xml": b'<feed xmlns="http://www.w3.org/2005/Atom"><title>'}  # fmt: skip
    for name, start in endless.items():
        with (folder / name).open("wb") as file:
            file.write(start)
            for _ in range(300):
                file.write(b"9" * MIB)
        yield name, {"line.cmep.txt": "cmep.empty", "line.espi.xml": "espi.hostile"}.get(name, ""), None
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY e0 "lol">{entities}]><feed>&e11;</feed>'
    (folder / "entities.xml").write_text(bomb.replace("<feed>", '<feed xmlns="http://naesb.org/espi">'))
    yield "entities.xml", "espi.doctype", None
    outside = '<!DOCTYPE feed [<!ENTITY e SYSTEM "file:///etc/passwd">]><feed xmlns="http://naesb.org/espi">&e;</feed>'
    (folder / "outside.xml").write_text(outside)
    yield "outside.xml", "espi.doctype", None
    with (
        zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("zeros.csv", "w", force_zip64=True) as member,
    ):
        for _ in range(2048):
            member.write(bytes(MIB))
    yield "bomb.zip", "archive.size", None
    with gzip.open(folder / "bomb.csv.gz", "wb", compresslevel=1) as packed:
        packed.write(b"meter,start,value\n")
        for _ in range(1100):
            packed.write(b"M1," + b"9" * MIB + b",1\n")
    yield "bomb.csv.gz", "file.size", None
    with zipfile.ZipFile(folder / "paths.zip", "w") as archive:
        archive.writestr("../../../etc/cron.d/x", "meter,start,value\n")
    yield "paths.zip", "archive.path", None
