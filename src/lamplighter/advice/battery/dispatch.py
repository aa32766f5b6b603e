"""The cheapest run of a battery under the prices of a rate: a linear program, solved by HiGHS.

It is solved for all bills together, since ratchets tie months to each other and energy is carried over midnight. The
battery ends as full as it began, and never sends into the grid.
"""

from __future__ import annotations

from collections import OrderedDict
from hashlib import blake2b
from threading import Lock

from lamplighter.advice.battery.condensed import condensed
from lamplighter.advice.battery.exact import exact_run
from lamplighter.advice.battery.prices import Prices
from lamplighter.advice.battery.run import Run
from lamplighter.advice.effects import Battery
from lamplighter.intervals.curves.curve import Floats

EXACT = 4000
"""Slots up to which each is decided for itself: a month of quarter hours."""

KEPT = 64
"""Runs that a process remembers: a page asks again for what its slider found, a paper for what the page showed."""

_known: OrderedDict[bytes, Run] = OrderedDict()
_turn = Lock()


def dispatch(load: Floats, hours: float, prices: Prices, battery: Battery, *, exact: int = EXACT) -> Run:
    """The cheapest run over `load` (S, net kW).

    With more than `exact` slots, neighbours of one price are decided together (`condensed`): quicker, and at most as
    good. The same question is worked out once. Raises CannotAdvise where the solver finds none.
    """
    solve = condensed if len(load) > exact else exact_run
    key = _content(load, hours, prices, battery, solve.__name__)
    with _turn:
        if key in _known:
            _known.move_to_end(key)
            return _known[key]
    found = solve(load, hours, prices, battery)
    with _turn:
        _known[key] = found
        while len(_known) > KEPT:
            _known.popitem(last=False)
    return found


def _content(load: Floats, hours: float, prices: Prices, battery: Battery, way: str) -> bytes:
    """All that a run depends on, and nothing else, in a few bytes."""
    made = blake2b(repr((way, hours, battery.kwh, battery.kw, battery.efficiency)).encode(), digest_size=16)
    for array in (load, prices.taken, prices.sent):
        made.update(array.tobytes())
    for peak in prices.peaks:
        made.update(peak.mask.tobytes())
        made.update(repr((peak.bill, peak.width, peak.price, peak.floor, peak.after)).encode())
    return made.digest()
