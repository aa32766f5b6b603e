"""Random URDB rates on random loads, priced as `lamplighter price --calendar sam --unrounded` does and by NREL's SAM.

Tiers by month, day and kW, hours and weekends, demand by tier, by month and by hour, fixed charges and minimums in
every unit: each monthly figure within 0.0002 of SAM's. What SAM refuses, and what we refuse, is counted by its name.
Needs a Python with nrel-pysam, which `LAMPLIGHTER_PYSAM` names; without one nothing is compared, and the run says so.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from lamplighter.kernel.findings import Severity
from lamplighter.kernel.periods import Period
from lamplighter.rating import CannotPrice, Kind, load_of_kw, price_months
from lamplighter.rating.urdb import Convention, convert, read
from tests.soak.random_rates import random_load, random_rate

ORACLE = Path(__file__).with_name("sam.py")
CLOSE = Decimal("0.0002")
MONTHS = [Period(date(2018, m, 1), date(2018 + m // 12, m % 12 + 1, 1)) for m in range(1, 13)]
KINDS = {
    "energy": (Kind.ENERGY, Kind.EXPORT), "fixed": (Kind.FIXED,), "demand_flat": (Kind.DEMAND,),
    "demand_tou": (Kind.TOU_DEMAND,), "minimum_adj": (Kind.MINIMUM,),
}  # fmt: skip


def soak(seconds: float, seed: int) -> str:
    python = os.environ.get("LAMPLIGHTER_PYSAM", sys.executable)
    if subprocess.run([python, "-c", "import PySAM"], capture_output=True, check=False).returncode:
        return f"NOT RUN: {python} has no nrel-pysam. Let LAMPLIGHTER_PYSAM name a Python that has it."
    dice, counted = random.Random(seed), Counter[str]()
    end = time.monotonic() + seconds
    with _sam(python) as sam:
        while time.monotonic() < end or not counted:
            counted[_compared(random_rate(dice), random_load(dice), sam)] += 1
    return ", ".join(f"{many:,} {what}" for what, many in counted.most_common()) + "."


def _compared(record: dict[str, Any], load: list[str], sam: subprocess.Popen[str]) -> str:
    """What became of one rate on one load. Raises AssertionError, with both, where the figures differ."""
    given = json.dumps({"record": record, "load": list(map(float, load))})
    theirs = _asked(sam, given)
    ours = priced(record, load)
    told = json.dumps(record)
    if isinstance(ours, str):
        return f"refused by us: {ours}"
    if "refused" in theirs:
        return f"refused by SAM: {theirs['refused'].strip()[-60:]}"
    for i, month in enumerate(ours):
        for name, amount in month.items():
            expected = Decimal(str(theirs[name][i]))
            where = f"month {i + 1}, {name}: {amount}, SAM {expected}\n{told}\n{load[:48]}"
            assert abs(amount - expected) <= CLOSE, where
    return "alike"


def priced(record: dict[str, Any], load: Sequence[str]) -> list[dict[str, Decimal]] | str:
    """Twelve months, or the name of what is refused."""
    [read_record] = read(json.dumps(record))
    found = convert(read_record, convention=Convention.SAM, file="random.json")
    if found.tariff is None:
        return next(one.code for one in found.findings if one.severity is Severity.ERROR)
    curve = load_of_kw(ZoneInfo("UTC"), date(2018, 1, 1), 8760 * 60 // len(load), list(map(Decimal, load)))
    undated = replace(found.tariff, valid=Period(date.min))
    try:
        year = price_months([undated], curve, MONTHS, {}, cyclic=True)
    except CannotPrice as refusal:
        return refusal.code
    return [
        {**{name: month.bill.of(*kinds) for name, kinds in KINDS.items()}, "bill": month.bill.exact}
        for month in year.months
    ]


def _asked(sam: subprocess.Popen[str], question: str) -> dict[str, Any]:
    assert sam.stdin
    assert sam.stdout
    sam.stdin.write(question + "\n")
    sam.stdin.flush()
    answer: dict[str, Any] = json.loads(sam.stdout.readline())
    return answer


@contextmanager
def _sam(python: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen([python, str(ORACLE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as sam:
        try:
            yield sam
        finally:
            sam.terminate()
