"""What past bills would have been with other facts: the frozen segments priced again from what they keep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from lamplighter.billing.canonical import Statement
from lamplighter.billing.models import Segment
from lamplighter.billing.queries.reading_tariffs import texts_of, versions_of
from lamplighter.billing.statement import bill_input, quantities
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.rating.price import gathered, price
from lamplighter.rating.refusals import CannotPrice
from lamplighter.rating.tariff import Tariff


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A segment as it was billed, and as it would have been."""

    agreement: int
    period: Period
    billed: Money
    instead: Money

    @property
    def saved(self) -> Money:
        return self.billed - self.instead


Facts = Mapping[str, str]
_Key = tuple[str, tuple[tuple[str, str], ...]]
_known: dict[_Key, Money | None] = {}
"""What frozen figures come to with other facts, by the digest of the figures: neither they nor the answer change."""
MOST = 50_000


def with_facts(agreements: Iterable[int], each: Sequence[Facts], *, since: date) -> list[list[Otherwise]]:
    """For each set of facts: live segments that end after `since`, in order of days, priced with those facts in place
    of what they had.

    A segment whose rate asks for a measure that it did not keep is left out: its figure would be a guess. One query,
    and two more where something was never priced so in this process.
    """
    live = Segment.objects.filter(agreement__in=list(agreements), cancelled_at__isnull=True, period__endswith__gt=since)
    rows = list(live.defer("statement").order_by("agreement", "period"))
    wanted = {(row.sha256, _key(facts)): facts for row in rows for facts in each}
    _learn({key: facts for key, facts in wanted.items() if key not in _known}, rows)
    return [
        [
            Otherwise(row.agreement_id, row.period, row.total, instead)
            for row in rows
            if (instead := _known[row.sha256, _key(facts)]) is not None
        ]
        for facts in each
    ]


def _learn(missing: Mapping[_Key, Facts], rows: Sequence[Segment]) -> None:
    """Price what was never priced so, each segment read once."""
    if not missing:
        return
    if len(_known) + len(missing) > MOST:
        ours = {row.sha256 for row in rows}
        for old in [known for known in _known if known[0] not in ours]:
            del _known[old]
    digests = {digest for digest, _ in missing}
    kept = Segment.objects.in_bulk([row.pk for row in rows if row.sha256 in digests]).values()
    texts = texts_of(row.statement for row in kept)
    for row in kept:
        for (digest, key), facts in missing.items():
            if digest == row.sha256:
                _known[digest, key] = _price(row.statement, facts, texts)


def _price(statement: Statement, facts: Facts, texts: Mapping[str, Tariff]) -> Money | None:
    kept = statement | {"facts": statement["facts"] | dict(facts)}
    versions, given = versions_of(kept, texts), bill_input(kept)
    try:
        return price(versions, given, gathered(versions, given, partial(quantities, kept))).total
    except (CannotPrice, KeyError):
        return None


def _key(facts: Facts) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(facts.items()))
