"""Random metered energy, billing demand and power factors."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from lamplighter.kernel.energy import Flow
from lamplighter.rating.charges import (
    PowerFactor,
)
from lamplighter.rating.determinants import DemandWindow, What
from lamplighter.rating.figures import Figure, Given
from lamplighter.rating.quantities import (
    ContractDemand,
    Demand,
    DemandRule,
    LeastDemand,
    MeanWithPast,
    Metered,
    Ratchet,
    RoundTo,
    Step,
)
from tests.rating.strategies.values import POWER, Making, by_hours, figures, numbers

STEPS = st.one_of(
    st.none(),
    st.none(),
    st.builds(Step, st.sampled_from([Decimal(1), Decimal("0.1"), Decimal("0.5")]), st.sampled_from(list(RoundTo))),
)


@st.composite
def metered(draw: st.DrawFn, making: Making) -> Metered:
    clock = making.clock
    periods: tuple[str, ...] = ()
    if clock is not None and draw(st.integers(0, 3)) == 3:
        periods = tuple(draw(st.permutations(clock.names)))[: draw(st.integers(1, 2))]
    flow = draw(st.sampled_from([Flow.DELIVERED, Flow.DELIVERED, Flow.RECEIVED]))
    what = draw(st.sampled_from([What.KWH, What.KWH, What.KWH, What.KVARH]))
    losses = draw(st.one_of(st.none(), st.none(), st.just(Given(Decimal("1.015")))))
    return Metered(what, flow, clock, periods, losses=losses, rounded=draw(STEPS))


@st.composite
def demands(draw: st.DrawFn, making: Making, *, plain: bool = False) -> Demand:
    """With ratchets, contract, least and mean, in any order; in one TOU period perhaps with losses of its own."""
    clock, periods = making.clock, ()
    limited = clock is not None and draw(st.booleans())
    if clock is None or not limited:
        clock = None
    elif draw(st.booleans()):
        periods = (draw(st.sampled_from(clock.names)),)
    daily = not plain and draw(st.integers(0, 9)) == 9
    rules: list[DemandRule] = []
    if not plain and not daily:
        if draw(st.integers(0, 2)) == 2:
            rules.append(MeanWithPast(draw(st.integers(1, 12))))
        if draw(st.booleans()):
            months = draw(st.sampled_from([frozenset(), frozenset({6, 7, 8, 9}), frozenset({1, 4, 12})]))
            rules.append(Ratchet(draw(numbers("0.2", "1", 2)), draw(st.integers(1, 12)), months))
        if draw(st.integers(0, 3)) == 3:
            rules.append(ContractDemand("contract", draw(numbers("0.5", "1", 2))))
        if draw(st.integers(0, 3)) == 3:
            rules.append(LeastDemand(draw(figures(POWER, making))))
        rules = draw(st.permutations(rules))
    free = draw(figures(numbers("0", "30", 0), making)) if not plain and draw(st.integers(0, 3)) == 3 else None
    losses: Figure | None = Given(Decimal("1.01")) if draw(st.integers(0, 4)) == 4 else None
    if len(periods) == 1 and draw(st.integers(0, 3)) == 3:
        losses = draw(by_hours(numbers("1", "1.1", 3), making))
    what = draw(st.sampled_from([What.KW, What.KW, What.KVA]))
    window = draw(st.sampled_from([DemandWindow(15), DemandWindow(30, 5)]))
    return Demand(what, window, Flow.DELIVERED, clock, periods, daily, tuple(rules), free, losses, draw(STEPS))


def power_factors() -> st.SearchStrategy[PowerFactor]:
    found = [None, None, Step(Decimal("0.01")), Step(Decimal("0.001"), RoundTo.UP), Step(Decimal("0.7"), RoundTo.DOWN)]
    step = st.sampled_from(found)
    return st.builds(PowerFactor, st.sampled_from(["", "factor"]), step)
