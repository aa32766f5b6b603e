"""What tariffs say over some days, and how bills are priced by it: worked out once for all that are alike."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from lamplighter.billing.queries.held import Held
from lamplighter.billing.queries.years import has_year
from lamplighter.kernel.periods import Period
from lamplighter.rating.bill import BillInput
from lamplighter.rating.determinants import Ask, Determinant, What
from lamplighter.rating.price import Layout, asks, laid_out
from lamplighter.rating.tariff import Tariff, cut_by_riders
from lamplighter.tariffs.queries import InForce

ENERGY = Determinant(What.KWH)


class Alike(NamedTuple):
    """How to price many bills and what to measure for them; `energy` is asked for in any case, where anything is."""

    layout: Layout
    asks: tuple[Ask, ...]
    energy: Ask


@dataclass(frozen=True, slots=True, eq=False)
class Worded:
    """What is in force on some days: versions of a rate and of its riders, the SHA-256 of each, the rate's versions as
    the riders cut them, and whether bills on them know of their year."""

    tariffs: tuple[InForce, ...]
    texts: tuple[str, ...]
    versions: tuple[Tariff, ...]
    by_year: bool

    def asked(self, bill: BillInput) -> Alike:
        """How to price and what to measure; worked out once for the many accounts of a cycle that are alike."""
        told = tuple(sorted((name, str(value)) for name, value in bill.attributes.items())) if bill.attributes else ()
        return _alike(self, (bill.kind, bill.cycle, told, tuple(sorted(bill.banks)) if bill.banks else ()), Held(bill))


@lru_cache(maxsize=1024)  # some 20 kB each, and facts may tell every account apart
def _alike(worded: Worded, likeness: Hashable, held: Held[BillInput]) -> Alike:  # noqa: ARG001 - part of the key
    bill = held.value
    layout, energy = laid_out(worded.versions, bill), Ask(ENERGY, bill.period)
    asked = asks(worded.versions, bill, layout=layout)
    return Alike(layout, tuple(dict.fromkeys((*asked, energy))) if asked else (), energy)


@lru_cache(maxsize=64)
def wording(base: tuple[InForce, ...], riding: tuple[InForce, ...], period: Period) -> Worded:
    """Worked out once for all batches of a run: what it hangs on is its key, none of it is asked of the database."""
    riders = [one.tariff for one in riding]
    versions = tuple(version for one in base for version in cut_by_riders(one.tariff, riders, period))
    texts = tuple(one.sha256 for one in (*base, *riding))
    return Worded((*base, *riding), texts, versions, has_year(versions))
