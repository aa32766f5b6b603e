"""Read URDB records as they are found: other spellings, lists written as texts, flat bulk columns, wrappers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

Record: TypeAlias = Mapping[str, Any]

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SPELLINGS = {
    "flatdemandunits": "flatdemandunit",
    "demandrateunits": "demandrateunit",
    "demandreactpwrcharge": "demandreactivepowercharge",
    "energyrate_strux": "energyratestructure",
    "energyweekdaysched": "energyweekdayschedule",
    "energyweekendsched": "energyweekendschedule",
    "flatdemand_strux": "flatdemandstructure",
    "demandrate_strux": "demandratestructure",
    "demandweekdaysched": "demandweekdayschedule",
    "demandweekendsched": "demandweekendschedule",
    "demandratchetpercent": "demandratchetpercentage",
    "coincrate_strux": "coincidentratestructure",
    "coincsched": "coincidentschedule",
    "coincrateunits": "coincidentrateunit",
    "fixedchargeeaaddlmeter": "fixedchargeeaaddl",
    "utilityname": "utility",
    "ratename": "name",
    "effectivedate": "startdate",
    "enddatetime": "enddate",
    "usenetmetering": "usenetmetering",
    "fueladjustments_monthly": "fueladjustmentsmonthly",
}
MOST = Decimal("1E+39")  # SAM writes 1E+38 for a tier without end
LEAST = -30  # the place of the first digit of the smallest number that is one
TIERS = {"energyratetiers", "flatdemandtiers", "demandratetiers", "coincratetiers"}
BULK = re.compile(r"(\w+structure)/period([0-9]{1,2})/tier([0-9]{1,2})(rate|adj|max|sell|unit)")
BULK_MONTH = re.compile(rf"(flatdemandmonth|lookbackmonth|fueladjustmentsmonth)_?({'|'.join(MONTHS)}|[0-9]{{1,2}})")
BULK_LISTS = {
    "flatdemandmonth": "flatdemandmonths",
    "lookbackmonth": "lookbackmonths",
    "fueladjustmentsmonth": "fueladjustmentsmonthly",
}


@dataclass(frozen=True, slots=True)
class Unreadable(Exception):
    """The text is not JSON, or holds no rate."""

    message: str

    def __str__(self) -> str:
        return self.message


def read(text: str) -> tuple[Record, ...]:
    """The records of a JSON text: one rate, a list of rates, or an answer of the API with `items`.

    Raises Unreadable. Numbers become Decimal exactly as written.
    """
    try:
        found = json.loads(text.removeprefix("\ufeff"), parse_float=_exactly, parse_int=_exactly)
    except (json.JSONDecodeError, RecursionError) as fault:
        raise Unreadable(f"This is not JSON: {fault}.") from fault
    if isinstance(found, Mapping) and isinstance(found.get("items"), list):
        found = found["items"]
    listed = found if isinstance(found, list) else [found]
    rates = tuple(tidy(record) for record in listed if isinstance(record, Mapping))
    if not rates or len(rates) < len(listed):
        raise Unreadable("The JSON holds no rate: an object, a list of objects, or an object with items is expected.")
    return rates


def tidy(record: Mapping[str, Any]) -> Record:
    """One spelling for each field, real lists for lists written as texts, nothing for what is empty."""
    found: dict[str, Any] = {}
    bulk: dict[str, Any] = {}
    for name, value in record.items():
        key = name.strip().lower()
        if _empty(value):
            continue
        if BULK.fullmatch(key) or (BULK_MONTH.fullmatch(key) and key not in BULK_LISTS.values()):
            bulk[key] = value
        else:
            found[SPELLINGS.get(key, key)] = _plain(value)
    for name, value in _unflattened(bulk):
        found.setdefault(name, value)
    return found


def number(value: object) -> Decimal | None:
    """A number that a rate could have, also where it is written as a text; None when it is none."""
    if isinstance(value, bool):
        return Decimal(int(value))
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    if not found.is_finite() or found.copy_abs() >= MOST or (found and found.adjusted() < LEAST):
        return None
    return found


def _exactly(text: str) -> Decimal | str:
    """A number of JSON as it is written; one whose exponent no decimal holds stays a text, which `number` refuses."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _plain(value: Any) -> Any:
    """Lists that are written as texts, and the tiers that bulk JSON wraps once more."""
    if isinstance(value, str) and value.strip().startswith("["):
        try:
            value = json.loads(
                value.replace("'", '"').replace("None", "null"), parse_float=_exactly, parse_int=_exactly
            )
        except (json.JSONDecodeError, RecursionError):
            return value
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        inner = {str(name).lower(): item for name, item in value.items() if not _empty(item)}
        tiers = next((inner[name] for name in inner if name in TIERS), None)
        if tiers is not None:
            return _plain(tiers)
        return next(iter(inner.values())) if set(inner) == {"$date"} else inner
    return value


def _unflattened(bulk: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """`energyratestructure/period0/tier0rate` columns and `flatdemandmonth_jan` into lists."""
    tables: dict[str, dict[int, dict[int, dict[str, Any]]]] = {}
    months: dict[str, list[Any]] = {}
    for key, value in bulk.items():
        if match := BULK.fullmatch(key):
            name, period, tier, what = match[1], int(match[2]), int(match[3]), match[4]
            tables.setdefault(name, {}).setdefault(period, {}).setdefault(tier, {})[what] = value
        elif match := BULK_MONTH.fullmatch(key):
            at = MONTHS.index(match[2]) if match[2] in MONTHS else int(match[2])
            row = months.setdefault(BULK_LISTS[match[1]], [Decimal(0)] * 12)
            if 0 <= at < 12:
                row[at] = value
    for name, periods in tables.items():
        yield (
            name,
            [
                [periods.get(p, {}).get(t, {}) for t in range(max(periods.get(p, {0: {}})) + 1)]
                for p in range(max(periods) + 1)
            ],
        )
    yield from months.items()


def _empty(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, str) and value.strip().lower() in {"nan", "null"})
