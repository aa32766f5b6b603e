"""Groups of rules by role, and those that are shipped: figures by our reading of common practice, not a tariff's.

A utility whose rule book gives its own figures sets those.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from lamplighter.intervals.vee.rules import (
    FlaggedRun,
    FlatRun,
    Formula,
    HighLow,
    InactiveUse,
    Missing,
    Negative,
    Neighbors,
    PeakChange,
    ProlongedEstimation,
    RepeatedDay,
    Rule,
    Spike,
    SumCheck,
    ZeroRun,
)
from lamplighter.kernel.energy import Flow, Unit
from lamplighter.kernel.findings import Severity

ONE_WAY = frozenset({Flow.DELIVERED, Flow.RECEIVED, Flow.TOTAL})
DELIVERED = frozenset({Flow.DELIVERED, Flow.TOTAL})
WATT_HOURS = frozenset({Unit.WH})


class Role(StrEnum):
    """Where the data come from, and so how strictly they are judged."""

    INITIAL_LOAD = "initial-load"
    MANUAL_OVERRIDE = "manual-override"
    ESTIMATION = "estimation"


@dataclass(frozen=True, slots=True)
class Step:
    """A rule in a group. WARNING flags and goes on (an issue); ERROR stops the channel's further rules (terminate).

    `classes`, `flows`, `units` and `channels` (by id) say for which channels it holds; None: for all. Thresholds that
    differ by class or for a single channel are several steps with the same rule: the narrowest holds alone.
    `then` names a further group that is run over the channels in which this one fired.
    """

    rule: Rule
    severity: Severity = Severity.WARNING
    classes: frozenset[str] | None = None
    flows: frozenset[Flow] | None = None
    units: frozenset[Unit] | None = None
    channels: frozenset[int] | None = None
    then: str = ""

    @property
    def rule_of_its_own(self) -> tuple[str, str]:
        """Which rule this is: a formula is one by its name."""
        return self.rule.code, self.rule.name if isinstance(self.rule, Formula) else ""

    @property
    def narrowness(self) -> int:
        return 2 if self.channels is not None else 1 if self.classes is not None else 0


@dataclass(frozen=True, slots=True)
class Group:
    """`further` are groups by name that a step may run (`then`); they run none themselves."""

    role: Role
    steps: tuple[Step, ...]
    further: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)


INITIAL_LOAD = Group(
    Role.INITIAL_LOAD,
    (
        Step(Missing()),
        Step(Negative(), Severity.ERROR, flows=ONE_WAY),
        Step(InactiveUse(), flows=DELIVERED),
        Step(ZeroRun(days=7), flows=DELIVERED),
        Step(FlatRun(slots=12)),
        Step(FlaggedRun(slots=4)),
        Step(RepeatedDay()),
        Step(Spike(percent=180, floor=Decimal(4_000)), units=WATT_HOURS),
        Step(Spike(percent=180), units=frozenset(Unit) - WATT_HOURS),
        Step(HighLow(low_percent=25, high_percent=300, floor=Decimal(1_000)), flows=DELIVERED, units=WATT_HOURS),
        Step(HighLow(low_percent=25, high_percent=300), flows=DELIVERED, units=frozenset(Unit) - WATT_HOURS),
        Step(Neighbors(floor=Decimal(3_000)), flows=DELIVERED, units=WATT_HOURS),
        Step(PeakChange(floor=Decimal(10_000)), flows=DELIVERED, units=WATT_HOURS),
        Step(SumCheck(units=1, permille=5), Severity.ERROR),
    ),
)

MANUAL_OVERRIDE = Group(
    Role.MANUAL_OVERRIDE,
    (
        Step(Missing()),
        Step(Negative(), flows=ONE_WAY),
        Step(SumCheck(units=1, permille=5)),
    ),
)

ESTIMATION = Group(
    Role.ESTIMATION,
    (
        Step(Missing(), Severity.ERROR),
        Step(Negative(), Severity.ERROR, flows=ONE_WAY),
        Step(ProlongedEstimation(days=45)),
        Step(HighLow(low_percent=25, high_percent=300, floor=Decimal(1_000)), flows=DELIVERED, units=WATT_HOURS),
        Step(SumCheck(units=1, permille=5)),
    ),
)

SHIPPED = {group.role: group for group in (INITIAL_LOAD, MANUAL_OVERRIDE, ESTIMATION)}
