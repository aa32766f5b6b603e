"""The second opinion: every draft is priced again by columns, by other code, before it can be frozen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from lamplighter.billing.queries.held import Held
from lamplighter.kernel.periods import Period
from lamplighter.rating.bill import BillInput, PricedBill
from lamplighter.rating.columnar import CannotCompile, Program, compile, difference
from lamplighter.rating.determinants import Ask
from lamplighter.rating.tariff import Tariff


class First(NamedTuple):
    """A bill as the first calculator priced it. `texts` are the SHA-256 of its tariffs, base and riders."""

    texts: tuple[str, ...]
    versions: tuple[Tariff, ...]
    bill: BillInput
    quantities: Mapping[Ask, Decimal]
    priced: PricedBill


def disagreements(firsts: Sequence[First]) -> list[str]:
    """Where the calculators differ over each bill, in order; "" where they agree. Bills of a schedule go together."""
    together: dict[tuple[tuple[str, ...], int], list[int]] = {}
    for i, first in enumerate(firsts):  # the same texts as cut for other days are other versions
        together.setdefault((first.texts, id(first.versions)), []).append(i)
    found = [""] * len(firsts)
    for rows in together.values():
        one = firsts[rows[0]]
        try:
            program = _program(one.texts, tuple(_days(one.versions)), Held(one.versions))
        except CannotCompile as beyond:
            for i in rows:
                found[i] = f"the columnar calculator cannot express the tariff: {beyond}"
            continue
        priced = program.price([firsts[i].bill for i in rows], [firsts[i].quantities for i in rows])
        for at, i in enumerate(rows):
            found[i] = difference(firsts[i].priced, priced, at)
    return found


@lru_cache(maxsize=128)
def _program(texts: tuple[str, ...], days: tuple[Period, ...], held: Held[tuple[Tariff, ...]]) -> Program:  # noqa: ARG001 - the key
    """Compiled once a process for each set of texts and the days for which they are valid."""
    return compile(held.value, tried=False)


def _days(versions: Sequence[Tariff]) -> Iterator[Period]:
    return (version.valid for version in versions)
