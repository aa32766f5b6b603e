"""The tariffs that kept statements were priced with, as written then."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from lamplighter.billing.statement import bill_input
from lamplighter.kernel.periods import Period
from lamplighter.rating.bill import BillInput
from lamplighter.rating.determinants import Ask, Determinant, What
from lamplighter.rating.price import asks, asks_after
from lamplighter.rating.refusals import CannotPrice
from lamplighter.rating.tariff import Tariff, cut_by_riders
from lamplighter.tariffs.models import TariffText
from lamplighter.tariffs.queries import parsed

Kept: TypeAlias = dict[str, Any]
_Key: TypeAlias = tuple[str, str, str]  # of a determinant, and the days that it was measured over
ENERGY = Determinant(What.KWH)


def texts_of(statements: Iterable[Kept]) -> dict[str, Tariff]:
    """Every tariff that some statement names, by the SHA-256 of its text; one query, parsed once a process."""
    wanted = {one["sha256"] for kept in statements for one in kept["tariffs"]}
    return {row.sha256: parsed(row.sha256, row.text) for row in TariffText.objects.filter(pk__in=wanted)}


def versions_of(kept: Kept, texts: Mapping[str, Tariff]) -> tuple[Tariff, ...]:
    """The versions that a statement was priced with, each with the riders beside it."""
    own: list[Tariff] = []
    riders: list[Tariff] = []
    for one in kept["tariffs"]:
        (riders if one["rider"] else own).append(dated(texts[one["sha256"]], one))
    period = bill_input(kept).period
    return tuple(part for version in own for part in cut_by_riders(version, riders, period))


def dated(tariff: Tariff, one: Kept) -> Tariff:
    """A tariff valid as an entry of a statement says."""
    first, end = one["period"]
    valid = Period(date.fromisoformat(first), None if end is None else date.fromisoformat(end))
    return replace(tariff, valid=valid)


def asked(
    kept: Kept, versions: tuple[Tariff, ...], known: dict[Hashable, tuple[Ask, ...]] | None = None
) -> tuple[BillInput, dict[Ask, Decimal]]:
    """What a statement was priced from: its input, and its measured values by ask, with the energy of all its days.

    `known` remembers what bills ask that are alike.
    """
    bill = bill_input(kept)
    known = {} if known is None else known
    alike = likeness(kept)
    if alike not in known:
        known[alike] = asks(versions, bill)
    values = {(row["determinant"], *row["period"]): Decimal(row["value"]) for row in kept["determinants"]}
    found = _of_them(values, (*known[alike], Ask(ENERGY, bill.period)))
    try:
        return bill, found | _of_them(values, asks_after(versions, bill, found))
    except CannotPrice:  # what the demand hangs on is not kept any more
        return bill, found


def _of_them(values: Mapping[_Key, Decimal], wanted: Iterable[Ask]) -> dict[Ask, Decimal]:
    return {ask: values[key] for ask in wanted if (key := _key(ask)) in values}


def likeness(kept: Kept) -> Hashable:
    """Equal for statements that ask for the same measures, whatever was measured, then or before."""
    tariffs = tuple((one["sha256"], *one["period"]) for one in kept["tariffs"])
    facts, banks = tuple(sorted(kept["facts"].items())), tuple(sorted(kept["banks_before"]))
    return tariffs, facts, banks, *kept["period"], kept["kind"], kept["month"]


def _key(ask: Ask) -> _Key:
    return ask.determinant.key, ask.period.start.isoformat(), ask.period.closed_end.isoformat()
