"""The gate: every rate and load that NREL's SAM has computed, month by month, within 0.0002."""

from __future__ import annotations

import gzip
import json
import os
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from lamplighter.kernel.periods import Period
from lamplighter.rating import CannotPrice, Kind, Tariff, load_of_kw, price_months
from lamplighter.rating.urdb import Convention, convert, read

pytestmark = pytest.mark.corpus
SHARED = Path(os.environ.get("LAMPLIGHTER_SHARED", Path(__file__).parents[3] / "shared"))
EXPECTED = SHARED / "data" / "urdb" / "expected_pysam.json"
MONTHS = [Period(date(2018, m, 1), date(2018 + m // 12, m % 12 + 1, 1)) for m in range(1, 13)]
LOADS = {
    "sam_commercial_8760": ("load_commercial", 60),
    "sam_residential_8760": ("pvsamv1_residential_load", 60),
    "sam_residential_15min": ("pvsamv1_residential_load_15min", 15),
}
KINDS = {
    "energy": (Kind.ENERGY, Kind.EXPORT),
    "fixed": (Kind.FIXED,),
    "demand_flat": (Kind.DEMAND,),
    "demand_tou": (Kind.TOU_DEMAND,),
    "minimum_adj": (Kind.MINIMUM,),
}
CLOSE = Decimal("0.0002")


def cases() -> list[tuple[str, str]]:
    """Rates and loads; one case that skips where the corpus is not."""
    if not EXPECTED.is_file():
        return [("no corpus", "no corpus")]
    results = json.loads(EXPECTED.read_text())["results"]
    return [(rate, load) for rate, runs in results.items() for load in runs]


@lru_cache
def load_named(name: str):
    file, minutes = LOADS[name]
    raw = gzip.decompress((SHARED / "data" / "interval" / "sam" / f"{file}.csv.gz").read_bytes())
    return load_of_kw(ZoneInfo("UTC"), date(2018, 1, 1), minutes, [Decimal(line) for line in raw.decode().split()])


def imported(shared: Path, rate: str):
    [record] = read((shared / "data" / "urdb" / rate).read_text())
    return convert(record, convention=Convention.SAM, file=rate)


def undated(tariff: Tariff) -> Tariff:
    """SAM's year has no date of its own."""
    return replace(tariff, valid=Period(date.min))


@pytest.mark.parametrize(("rate", "load"), cases())
def test_every_monthly_figure_is_sams(shared, rate, load):
    expected = json.loads(EXPECTED.read_text(), parse_float=Decimal)["results"][rate][load]
    tariff = imported(shared, rate).tariff
    assert tariff is not None
    months = price_months([undated(tariff)], load_named(load), MONTHS, {}, cyclic=True).months
    for i, month in enumerate(months):
        for name, kinds in KINDS.items():
            assert abs(month.bill.of(*kinds) - expected[name][i]) <= CLOSE, (i + 1, name)
        assert abs(month.bill.exact - expected["bill"][i]) <= CLOSE
        assert abs(month.kwh - expected["kwh"][i]) <= CLOSE
        assert abs(month.peak_kw - expected["peak_kw"][i]) <= CLOSE


def test_what_sam_refused_we_refuse_by_name(shared):
    """Reactive power has a line of ours, which this load, without kVArh, cannot answer."""
    said = {}
    for rate in json.loads(EXPECTED.read_text())["_refused"]:
        found = imported(shared, rate)
        if found.tariff is None:
            said[rate] = str(found.findings[0])
            continue
        with pytest.raises(CannotPrice) as refusal:
            price_months([undated(found.tariff)], load_named("sam_commercial_8760"), MONTHS[:1], {}, cyclic=True)
        said[rate] = str(refusal.value)
    assert all("kVArh" in text or "coincident" in text or "no structure" in text for text in said.values()), said


def test_every_record_of_the_corpus_ends_in_a_tariff_or_in_findings(shared):
    for path in sorted((shared / "data" / "urdb").glob("*.json")):
        if path.name not in {"PROVENANCE.json", "expected_pysam.json"}:
            found = imported(shared, path.name)
            assert found.tariff is not None or found.findings, path.name
