"""In which hours registers by time of use count: those of the rate that the meter's point is billed on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from lamplighter.accounts.models import AgreementPoint, AgreementRate
from lamplighter.kernel.periods import Period
from lamplighter.rating.hours import Clock
from lamplighter.rating.seasons import SeasonRule
from lamplighter.rating.tariff import Tariff
from lamplighter.tariffs.queries import in_force


@dataclass(frozen=True, slots=True)
class Hours:
    """By service point the tariffs of its rate, each for the days on which it held there."""

    tariffs: Mapping[int, Sequence[tuple[Period, Tariff]]]

    def clock(self, point: int, days: Period, *, seconds: int) -> Clock | None:
        """The energy clock that held on all of some days; None where there were several, or none, where its hours
        follow the bill's season, and where intervals of `seconds` would lie across its bounds."""
        held = [(period & days, tariff) for period, tariff in self.tariffs.get(point, ())]
        covered = sum(shared.days for shared, _ in held if shared is not None)
        clocks = {clock for shared, tariff in held if shared is not None for clock in _clocks(tariff)}
        if covered != days.days or len(clocks) != 1:
            return None
        clock = clocks.pop()
        if clock is None:
            return None
        bounds = (at for period in clock.periods for window in period.windows for at in (window.start, window.end))
        return clock if all(at * 60 % seconds == 0 for at in bounds) else None


def hours_at(points: Collection[int], *, period: Period) -> Hours:
    """Three queries however many points they are."""
    uses = AgreementPoint.objects.filter(
        point__in=points, use=AgreementPoint.Use.ADD, period__overlap=period, agreement__cancelled_at__isnull=True
    )
    rows = [(use.agreement_id, use.point_id, use.period) for use in uses]
    rates: dict[int, list[AgreementRate]] = {}
    for rate in AgreementRate.objects.filter(
        agreement__in={agreement for agreement, _, _ in rows}, rider=False, period__overlap=period
    ):
        rates.setdefault(rate.agreement_id, []).append(rate)
    adopted = in_force({rate.schedule_id for several in rates.values() for rate in several}, period=period)
    found: dict[int, list[tuple[Period, Tariff]]] = {}
    for agreement, point, used in rows:
        for rate in rates.get(agreement, ()):
            for version in adopted[rate.schedule_id]:
                shared = used & rate.period
                valid = None if shared is None else shared & version.tariff.valid
                if valid is not None:
                    found.setdefault(point, []).append((valid, version.tariff))
    return Hours(found)


def _clocks(tariff: Tariff) -> Sequence[Clock | None]:
    """Its clocks; None stands for hours that no calendar alone tells, or for no clock at all."""
    if not tariff.clocks or tariff.hours_rule is not SeasonRule.DATE:
        return (None,)
    return tariff.clocks
