"""Premises, service points and meters of another system."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.formats.conversion.tables import MeterRow, PointRow, PremiseRow
from lamplighter.journeys.conversion.taking import Cutover, Unit
from lamplighter.kernel.instants import midnight
from lamplighter.metering.kinds import METER_KINDS
from lamplighter.metering.models import Meter
from lamplighter.metering.operations import MeterIn, set_meters
from lamplighter.platform.operations.legacy import keep_legacy_keys
from lamplighter.platform.queries.legacy import legacy_rows
from lamplighter.premises.models import Jurisdiction, Premise, ServicePoint
from lamplighter.premises.operations import PointIn, PremiseIn, add_bare_premises, add_service_points

FACTS_SINCE = date(1990, 1, 1)
"""No reading is older: what is known of a place holds for every day that could be billed again."""


class Premises:
    """By their jurisdictions, which must be defined."""

    table = "premises"
    together = False

    def known(self, keys: Collection[str]) -> set[str]:
        return set(legacy_rows(self.table, keys))

    def prepare(self, units: Sequence[Unit[PremiseRow]], _cutover: Cutover) -> list[PremiseIn | str]:
        jurisdictions = set(Jurisdiction.objects.values_list("key", flat=True))
        return [
            PremiseIn(one.row.street, one.row.city, one.row.state, one.row.postcode, one.row.unit, one.row.use, ())
            if one.row.jurisdiction in jurisdictions
            else f"There is no jurisdiction “{one.row.jurisdiction}”. There are {', '.join(sorted(jurisdictions))}."
            for one in units
        ]

    def write(self, units: Sequence[Unit[PremiseRow]], inputs: Sequence[PremiseIn], cutover: Cutover) -> None:
        by_key: dict[str, list[tuple[str, PremiseIn]]] = defaultdict(list)
        for unit, made in zip(units, inputs, strict=True):
            by_key[unit.row.jurisdiction].append((unit.key, made))
        found = Jurisdiction.objects.in_bulk(list(by_key))
        for key, pairs in by_key.items():
            added = add_bare_premises(
                premises=[made for _, made in pairs], jurisdiction=found[key], by=cutover.by, at=cutover.at
            )
            rows = {old: row.pk for (old, _), row in zip(pairs, added, strict=True)}
            keep_legacy_keys(kind=self.table, rows=rows)


class Points:
    """On premises that were taken over; their facts hold for days gone by too."""

    table = "points"
    together = False

    def known(self, keys: Collection[str]) -> set[str]:
        return set(legacy_rows(self.table, keys))

    def prepare(self, units: Sequence[Unit[PointRow]], _cutover: Cutover) -> list[tuple[Premise, PointIn] | str]:
        ids = legacy_rows("premises", {one.row.premise for one in units})
        premises = Premise.objects.in_bulk(list(ids.values()))
        return [
            (premises[ids[one.row.premise]], PointIn(one.row.kind, feeder=one.row.feeder, facts=one.row.facts))
            if one.row.premise in ids
            else f"There is no premise “{one.row.premise}”."
            for one in units
        ]

    def write(
        self, units: Sequence[Unit[PointRow]], inputs: Sequence[tuple[Premise, PointIn]], cutover: Cutover
    ) -> None:
        added = add_service_points(points=inputs, on=FACTS_SINCE, by=cutover.by, at=cutover.at)
        rows = {unit.key: point.pk for unit, point in zip(units, added, strict=True)}
        keep_legacy_keys(kind=self.table, rows=rows)


class Meters:
    """By their badges, at points that were taken over and have no meter yet."""

    table = "meters"
    together = False

    def known(self, keys: Collection[str]) -> set[str]:
        return set(Meter.objects.filter(badge__in=keys).values_list("badge", flat=True))

    def prepare(self, units: Sequence[Unit[MeterRow]], _cutover: Cutover) -> list[MeterIn | str]:
        points = points_by_old_key({one.row.point for one in units})
        return [_meter(one.row, points) for one in units]

    def write(self, _units: Sequence[Unit[MeterRow]], inputs: Sequence[MeterIn], cutover: Cutover) -> None:
        set_meters(meters=inputs, by=cutover.by, recorded_at=cutover.at)


def points_by_old_key(keys: Collection[str]) -> dict[str, ServicePoint]:
    ids = legacy_rows("points", keys)
    points = ServicePoint.objects.select_related("premise").in_bulk(list(ids.values()))
    return {old: points[row] for old, row in ids.items()}


def _meter(row: MeterRow, points: dict[str, ServicePoint]) -> MeterIn | str:
    if row.kind not in METER_KINDS:
        return f"There is no kind of meter “{row.kind}”. There are {', '.join(METER_KINDS)}."
    if row.point not in points:
        return f"There is no service point “{row.point}”."
    point, kind = points[row.point], METER_KINDS[row.kind]
    if point.kind == ServicePoint.Kind.UNMETERED:
        return f"The service point “{row.point}” is unmetered."
    return MeterIn(
        badge=row.badge, channels=tuple(kind.channels()), on=row.set_on, point=point,
        since=midnight(row.set_on, ZoneInfo(settings.UTILITY_ZONE)), multiplier=row.multiplier, serial=row.serial,
        maker=row.maker, model=row.model, ami=kind.ami, switch=kind.switch,
    )  # fmt: skip
