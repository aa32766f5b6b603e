"""How much work a figure is measured on."""

from __future__ import annotations

from dataclasses import dataclass

SEED = 20260801


@dataclass(frozen=True, slots=True)
class Size:
    """`meters` send `days` of quarter hours; `stored` ones have them in the store already; `bills` are repriced on each
    of three rates; `sample` of anything is enough where one costs much. Of a utility's `accounts` the operations make
    the first `settled`, and `billed` are in the cycle that is billed, of which `paid` pay; each of its `pages` is asked
    for so many times. `processes` share a run, `clients` pay at a time. The best of `times` counts."""

    meters: int
    stored: int
    days: int
    bills: int
    sample: int
    accounts: int
    settled: int
    billed: int
    paid: int
    pages: int
    times: int
    processes: int
    clients: int


SIZES = {
    "full": Size(
        meters=1_000, stored=4_000, days=31, bills=300_000, sample=2_000, accounts=1_000_000, settled=100,
        billed=20_000, paid=20_000, pages=500, times=3, processes=2, clients=4,
    ),
    "quick": Size(
        meters=200, stored=1_000, days=31, bills=100_000, sample=200, accounts=20_000, settled=100, billed=8_000,
        paid=4_000, pages=10, times=2, processes=2, clients=2,
    ),
    "tiny": Size(
        meters=4, stored=4, days=16, bills=20, sample=5, accounts=12, settled=4, billed=4, paid=4, pages=5, times=1,
        processes=1, clients=1,
    ),
}  # fmt: skip
