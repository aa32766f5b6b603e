"""Recompute frozen segments from what they keep: the same tariff texts, facts and determinants, to the same bytes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from lamplighter.billing.canonical import Statement, canonical, digest, number, read
from lamplighter.billing.lines_kept import lines_told, lines_written, tariff_of
from lamplighter.billing.models import Segment
from lamplighter.billing.queries.reading_tariffs import texts_of, versions_of
from lamplighter.billing.statement import FORMAT, bill_input, quantities
from lamplighter.kernel.money import Money
from lamplighter.rating.price import gathered, price
from lamplighter.rating.refusals import CannotPrice
from lamplighter.rating.tariff import Tariff

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A segment of a bill and what became of it: an empty `difference` means the same, to the byte."""

    segment: int
    total: Money
    difference: str = ""
    bill: str = ""
    sha256: str = ""


def recompute_all(*, after: int = 0, bills: Collection[int] | None = None) -> Iterator[Recomputed]:
    """Every segment of ours (or of `bills`), cancelled ones too, in order; a chunk of them in memory at a time."""
    wanted = Segment.objects.all() if bills is None else Segment.objects.filter(bill__in=bills)
    last = after
    while True:
        found = wanted.filter(pk__gt=last).order_by("pk")[:CHUNK]
        rows = list(found.values_list("pk", "statement", "sha256", "total", "bill__number"))
        if not rows:
            return
        texts = texts_of(kept for _, kept, _, _, _ in rows)
        for pk, kept, sha256, total, bill in rows:
            yield Recomputed(pk, total, _difference(kept, sha256, total, texts), bill, sha256)
        last = rows[-1][0]


def again(kept: Statement, texts: Mapping[str, Tariff]) -> Statement:
    """The statement made again from its own inputs. Raises CannotPrice, which is a difference too."""
    versions = versions_of(kept, texts)
    given = bill_input(kept)
    priced = price(versions, given, gathered(versions, given, partial(quantities, kept)))
    lines = read(lines_written(priced.lines, period=given.period, tariff=tariff_of(kept)))
    return kept | {
        "lines": lines_told(kept | {"format": FORMAT, "lines": lines}) if kept["format"] == 1 else lines,
        "exact": number(priced.exact),
        "cents": priced.total.cents,
        "rounding": str(priced.rounding),
        "banks": {name: number(value) for name, value in priced.banks.items()},
        "peaks": {name: number(value) for name, value in priced.peaks.items()},
    }


def _difference(kept: Statement, sha256: str, total: Money, texts: Mapping[str, Tariff]) -> str:
    if digest(kept) != sha256:
        return "the statement is not the one that was frozen: its SHA-256 differs"
    try:
        made = again(kept, texts)
    except (CannotPrice, KeyError) as fault:
        return f"it can't be computed any more: {fault}"
    if made["cents"] != total.cents:
        return f"{Money(made['cents'])} instead of {total}"
    if canonical(made) != canonical(kept):
        changed = [key for key in kept if kept[key] != made.get(key)]
        return f"the total is the same, but {', '.join(changed)} differ"
    return ""
