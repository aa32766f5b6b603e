"""A meter file as plain data for JSON: what each channel holds, and what is wrong with the file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from lamplighter.formats.meterdata import Channel, MeterFile, ReadKind, Spell
from lamplighter.kernel.findings import Finding


def summary(file: MeterFile) -> dict[str, Any]:
    return {
        "file": file.name,
        "format": file.format.value,
        "whole": file.whole,
        "channels": [channel_summary(channel) for channel in file.channels],
        "errors": [finding_summary(finding) for finding in file.findings],
    }


def refused(name: str, finding: Finding) -> dict[str, Any]:
    """The same of a file that could not be read."""
    return {"file": name, "format": None, "whole": False, "channels": [], "errors": [finding_summary(finding)]}


def channel_summary(channel: Channel) -> dict[str, Any]:
    """`total` is in the plain `unit`; of a register the last read less the first. `cost` is in hundred-thousandths."""
    said: dict[str, Any] = {
        "id": channel.identity.id,
        "meter": channel.identity.meter,
        "point": channel.identity.point,
        "register": channel.identity.register,
        "commodity": channel.commodity.value,
        "flow": channel.flow.value,
        "kind": channel.kind.value,
        "unit": channel.measure.unit.value,
        "readings": channel.readings,
        "missing": channel.missing,
        "total": plain(channel.total),
        "total_wh": _whole(channel.total_wh),
        "first": iso(channel.first),
        "last": iso(channel.last),
        "interval_seconds": channel.nominal_seconds,
        "gaps": _spells(channel.gaps()),
        "irregular_durations": _spells(channel.irregular_durations()),
        "overlaps": _spells(channel.overlaps()),
        "duplicates": _spells(channel.duplicates()),
    }
    if channel.kind is ReadKind.REGISTER and channel.readings:
        shown = channel.counts[channel.present]
        said["first_read"] = plain(channel.measure.value(int(shown[0])))
        said["last_read"] = plain(channel.measure.value(int(shown[-1])))
    if channel.total_cost is not None:
        said["cost"] = channel.total_cost
        said["currency"] = channel.currency
    return said


def finding_summary(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.name.lower(),
        "line": finding.place.line,
        "field": finding.place.field,
        "message": finding.message,
        "remedy": finding.remedy,
    }


def plain(value: Decimal | None) -> str | None:
    """A decimal without an exponent and without zeros that say nothing: `38000`, `10.5`."""
    if value is None:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def _whole(value: Decimal | None) -> int | str | None:
    return int(value) if value is not None and value == value.to_integral_value() else plain(value)


def _spells(spells: Iterable[Spell]) -> list[dict[str, Any]]:
    return [{"start": iso(spell.start), "seconds": spell.seconds} for spell in spells]
