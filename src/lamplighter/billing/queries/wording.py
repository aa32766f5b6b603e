"""What tariffs say over some days, and how bills are priced by it: worked out once for all that are alike."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from lamplighter.billing.queries.years import has_year
from lamplighter.kernel.periods import Period
from lamplighter.rating.bill import BillInput
from lamplighter.rating.determinants import Ask, Determinant, What
from lamplighter.rating.price import Layout, asks, laid_out
from lamplighter.rating.tariff import Tariff, cut_by_riders
from lamplighter.tariffs.queries import InForce

ENERGY = Determinant(What.KWH)
LAYOUTS = 256  # of accounts on one rate over the same days; facts may tell each of them apart


class Alike(NamedTuple):
    """How to price many bills and what to measure for them; `energy` is asked for in any case, where anything is."""

    layout: Layout
    asks: tuple[Ask, ...]
    energy: Ask


@dataclass(frozen=True, slots=True, eq=False)
class Worded:
    """What is in force on some days: versions of a rate and of its riders, the SHA-256 of each, the rate's versions as
    the riders cut them, and whether bills on them know of their year; and how to price bills on them that are alike."""

    tariffs: tuple[InForce, ...]
    texts: tuple[str, ...]
    versions: tuple[Tariff, ...]
    by_year: bool
    alike: dict[Hashable, Alike] = field(default_factory=dict)

    def asked(self, bill: BillInput) -> Alike:
        """How to price and what to measure; worked out once for the many accounts of a cycle that are alike."""
        told = tuple(sorted((name, str(value)) for name, value in bill.attributes.items())) if bill.attributes else ()
        key = (bill.kind, bill.cycle, told, tuple(sorted(bill.banks)) if bill.banks else ())
        found = self.alike.get(key)
        if found is None:
            if len(self.alike) >= LAYOUTS:
                self.alike.clear()
            layout, energy = laid_out(self.versions, bill), Ask(ENERGY, bill.period)
            asked = asks(self.versions, bill, layout=layout)
            whole = tuple(dict.fromkeys((*asked, energy))) if asked else ()
            found = self.alike[key] = Alike(layout, whole, energy)
        return found


@lru_cache(maxsize=64)
def wording(base: tuple[InForce, ...], riding: tuple[InForce, ...], period: Period) -> Worded:
    """Worked out once for all batches of a run: what it hangs on is its key, none of it is asked of the database."""
    riders = [one.tariff for one in riding]
    versions = tuple(version for one in base for version in cut_by_riders(one.tariff, riders, period))
    texts = tuple(one.sha256 for one in (*base, *riding))
    return Worded((*base, *riding), texts, versions, has_year(versions))
