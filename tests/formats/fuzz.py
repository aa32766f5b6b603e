"""Feeds readers with damaged and random files for as long as asked: they may find fault, never fall over.

At length: `python -m tools.soak tests/soak/soak_fuzz.py`.
"""

from __future__ import annotations

import json
import random
import resource
import time
from collections.abc import Callable, Sequence
from datetime import UTC

import numpy as np

from lamplighter.formats.cmep.writer import write_cmep
from lamplighter.formats.espi.writer import write_espi
from lamplighter.formats.mapped.mapping import mapping_from
from lamplighter.formats.meterdata import Format, Identity, MeterFile, ReadKind
from lamplighter.formats.nem.writer import write_nem12
from lamplighter.formats.reading import read_bytes
from lamplighter.formats.refusals import Limits, Unreadable
from lamplighter.formats.settings import Settings
from lamplighter.formats.summaries import summary
from lamplighter.kernel.energy import Measure, Quality, Unit
from tests.formats.samples import FEED, MADE_AT, PACIFIC, channel

Reader = Callable[[bytes], Sequence[MeterFile]]
SLOWEST = 10.0  # seconds of a processor for one small file: on a busy machine the clock tells nothing
GROWTH = 400 << 10  # kibibytes of memory
LIMITS = Limits(bytes=4 << 20, members=20, line=64 << 10)

WIDE = channel(
    range(0, 9600, 100), interval=900, start="2024-12-31T14:00Z", measure=Measure(Unit.WH, 0),
    quality=[Quality.VALID] * 90 + [Quality.MISSING] * 6, identity=Identity("N1/E1", "N1", "N1", "E1"),
)  # fmt: skip
REGISTER = channel(
    [100, 250, 400], kind=ReadKind.REGISTER, measure=Measure(Unit.WH, 3), identity=Identity("M1/KWHREG", "M1", "P1", "")
)
COSTED = channel([5, 6, 7], cost=[10, 20, 30], currency="840", quality=[0, 8, 14])
TABLE_MAPPING = mapping_from(
    """
    [columns]
    meter = "meter"
    time = "time"
    status = "status"
    [time]
    zone = "America/Los_Angeles"
    format = "%Y-%m-%d %H:%M"
    interval = 3600
    [status.map]
    A = "valid"
    E = "estimated-linear"
    [[value]]
    column = "kwh"
    unit = "kWh"
    """
)
TABLE = "meter,time,kwh,status\n" + "".join(f"M1,2025-11-02 {hour:02d}:00,{hour}.5,A\n" for hour in (0, 1, 1, 2, 3, 4))
DAY_MAPPING = mapping_from(
    "layout = 'day'\n[columns]\nmeter = 'm'\ntime = 'd'\n[time]\nzone = 'America/Los_Angeles'\nformat = '%Y%m%d'\n"
    f"interval = 3600\nelapsed = true\n[[value]]\nunit = 'kWh'\ncolumns = {[f'h{hour}' for hour in range(25)]}"
)
DAYS = "m,d," + ",".join(f"h{hour}" for hour in range(25)) + "\n" + f"M1,20251102,{','.join(['1.5'] * 25)}\n"
NEM13 = (
    "100,NEM13,200401101030,MDA1,Ret1\n"
    "250,VABC005890,11,1,11,11,METSER123,E,006342.8,20031005093055,A,,,007654.9,20040107100333,A,,,1312.1,kWh,20040407,"
    "20040108100333,20040108091133\n550,N,,A,\n900\n"
)


def _reader(format_: Format, **settings: object) -> Reader:
    return lambda data: read_bytes(data, "fuzz", Settings(format=format_, limits=LIMITS, **settings))


READERS: dict[str, tuple[Reader, Sequence[bytes]]] = {
    "espi": (_reader(Format.ESPI), [write_espi([WIDE, REGISTER], FEED), write_espi([COSTED], FEED)]),
    "cmep": (
        _reader(Format.CMEP, zone=PACIFIC),
        [write_cmep([WIDE, REGISTER, COSTED], made_at=MADE_AT, sender="X").encode()],
    ),
    "nem12": (_reader(Format.NEM12), [write_nem12([WIDE], made_at=MADE_AT, sender="A", receiver="B").encode()]),
    "nem13": (_reader(Format.NEM13), [NEM13.encode()]),
    "csv": (_reader(Format.CSV, mapping=TABLE_MAPPING), [TABLE.encode()]),
    "csv days": (_reader(Format.CSV, mapping=DAY_MAPPING), [DAYS.encode()]),
    "any": (lambda data: read_bytes(data, "fuzz", Settings(limits=LIMITS, zone=UTC)), [TABLE.encode(), NEM13.encode()]),
}

TOKENS = [
    b"", b"\0", b"\r", b"\n", b"\r\n", b"\n\n\n", b",", b",,,,", b'"', b'""', b"'", b"-", b"+", b".", b"..", b"-0",
    b"1e5", b"1e400", b"1E-05", b"nan", b"inf", b"9" * 18, b"9" * 19, b"9" * 40, b"0." + b"0" * 30 + b"1", b" 7 ",
    b"99999999", b"20250230", b"202513012500", b"202501012400", b"00000000000000", b"0" * 14, b"300,", b"200,",
    b"400,", b"400,0,99,A,,", b"900\n", b"100,NEM12", b"MEPMD01,", b"R512", b"N0", b"\xef\xbb\xbf", b"\xff\xfe",
    b"\xfe\xff", b"\xe9", b"\xf0\x9f\x92\xa1", b"<", b">", b"<a>", b"</a>", b"&amp;", b"&x;", b"<!DOCTYPE a>",
    b"<![CDATA[", b"<!--", b"<entry>", b"</entry>", b"<IntervalReading/>", b"<value>1</value>", b"-99999999999",
    b"<start>9999999999999</start>", b"<powerOfTenMultiplier>99</powerOfTenMultiplier>", b"PK\x03\x04",
    b"\x1f\x8b\x08\x00", b"A" * 5000, b"1," * 3000,
]  # fmt: skip


def fuzz(reader: Reader, seconds: float, seed: int, seeds: Sequence[bytes] = ()) -> int:
    """Read damaged meter files for so many seconds; returns how many."""
    return fuzzed(lambda data: check(reader, data), seconds, seed, seeds)


def fuzzed(attempt: Callable[[bytes], None], seconds: float, seed: int, seeds: Sequence[bytes] = ()) -> int:
    """Attempt damaged data for so many seconds; returns how many. Raises AssertionError with the way to repeat it."""
    random_ = random.Random(seed)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    end, runs = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        data = damaged(random_, seeds)
        begin = time.process_time()
        try:
            attempt(data)
        except Exception as error:
            raise AssertionError(f"seed {seed}, run {runs}: {error!r} on {data[:2000]!r}") from error
        assert time.process_time() - begin < SLOWEST, f"seed {seed}, run {runs}: too slow on {data[:2000]!r}"
        runs += 1
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < GROWTH, f"seed {seed}: memory grew by {grown >> 10} MiB"
    return runs


def check(reader: Reader, data: bytes) -> None:
    """A reader gives files that hold together, or refuses with a finding."""
    try:
        files = reader(data)
    except Unreadable as refused:
        assert refused.finding.message
        return
    for file in files:
        json.dumps(summary(file))
        for one in file.channels:
            sizes = {len(one.starts), len(one.seconds), len(one.counts), len(one.quality)}
            assert sizes == {len(one.starts)} != {0}
            assert (np.diff(one.starts) >= 0).all(), "in order of time"
            assert not one.counts[~one.present].any(), "what is missing is no number"
            assert {one.starts.dtype, one.seconds.dtype, one.counts.dtype} == {np.dtype(np.int64)}


def damaged(random_: random.Random, seeds: Sequence[bytes]) -> bytes:
    if not seeds or random_.random() < 0.05:
        return random_.randbytes(random_.randint(0, 2000))
    data = bytearray(random_.choice(seeds))
    for _ in range(random_.randint(1, 6)):
        at = random_.randint(0, len(data))
        until = min(len(data), at + random_.choice((1, 2, 8, 40, 300)))
        match random_.randint(0, 6):
            case 0:
                data[at:until] = random_.randbytes(until - at)
            case 1:
                del data[at:until]
            case 2:
                data[at:at] = data[at:until] * random_.randint(1, 5)
            case 3:
                data[at:at] = random_.choice(TOKENS)
            case 4:
                data[at:until] = random_.choice(TOKENS)
            case 5:
                del data[at:]
            case 6:
                data = _one_field(random_, data)
    return bytes(data)


def _one_field(random_: random.Random, data: bytearray) -> bytearray:
    """Another token in the place of a field or an element's text."""
    marks = [at for at, byte in enumerate(data) if byte in b",<>\n"] or [0]
    at = random_.randrange(len(marks))
    end = marks[at + 1] if at + 1 < len(marks) else len(data)
    return data[: marks[at] + 1] + random_.choice(TOKENS) + data[end:]
