"""Whose readings are these? Each channel of a file finds the channel of a meter that it belongs to, or says why not.

A meter is known by its badge or serial number; its channel by the register's name, else by quantity, unit and flow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lamplighter.formats import meterdata
from lamplighter.formats.meterdata import ReadKind
from lamplighter.intervals.slots import DAY
from lamplighter.kernel.energy import Commodity, Flow
from lamplighter.kernel.findings import Finding, Place, Severity
from lamplighter.metering.models import Channel, Meter
from lamplighter.usage.intake.conversion import Lost, converted

Meters = Mapping[str, tuple[Meter, Sequence[Channel]]]
"""Meters with their channels, by every name (badge, serial) by which a file may call them."""


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """A channel of the file and the meter's channel it belongs to; `counts` are in the latter's measure."""

    come: meterdata.Channel
    channel: Channel
    counts: meterdata.Ints


@dataclass(frozen=True, slots=True)
class Matched:
    """`refused` says why channels of the file fit nowhere; `unknown` are meters that nobody has added."""

    matches: tuple[Match, ...]
    refused: tuple[Finding, ...]
    unknown: tuple[str, ...]


class _NoMatch(Exception):
    """One channel of the file fits nowhere."""

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.code, self.message, self.remedy = code, message, remedy


def matched(file: meterdata.MeterFile, meters: Meters, *, meter: str = "") -> Matched:
    """Every channel of a file matched or refused. `meter` stands for what the file names no meter for."""
    matches: list[Match] = []
    refused: list[Finding] = []
    unknown: dict[str, None] = {}
    alone = len({come.identity.meter for come in file.channels if come.identity.meter not in meters}) <= 1
    for come in file.channels:
        try:
            name = _name(come, meters, meter, alone=alone)
            if name not in meters:
                unknown[name] = None
            else:
                matches.append(_match(come, *meters[name]))
        except _NoMatch as why:
            refused.append(_finding(file, come, why))
    matches, doubled = _each_once(file, matches)
    return Matched(tuple(matches), (*refused, *doubled), tuple(unknown))


def _name(come: meterdata.Channel, meters: Meters, meter: str, *, alone: bool) -> str:
    own = come.identity.meter
    if not meter:
        return own or come.identity.point or come.identity.id
    if own in meters and (meter not in meters or meters[own][0].pk != meters[meter][0].pk):
        raise _NoMatch(
            "import.other-meter", f"these readings are of meter {meters[own][0].badge}, not of {meter}.",
            "Leave the meter out: the file names it.",
        )  # fmt: skip
    if own not in meters and not alone:
        raise _NoMatch(
            "import.several-points", f"the file has several usage points; which of them is meter {meter} is not told.",
            "Ask for one file for each meter.",
        )  # fmt: skip
    return meter


def _match(come: meterdata.Channel, meter: Meter, channels: Sequence[Channel]) -> Match:
    if come.commodity not in {Commodity(meter.commodity), Commodity.OTHER}:
        raise _NoMatch(
            "import.commodity", f"the readings are of {come.commodity}; meter {meter.badge} measures"
            f" {meter.commodity}.", "Check which meter the file is of.",
        )  # fmt: skip
    channel = _chosen(come, meter, channels)
    _check_interval(come, channel)
    counts = converted(come.counts, come=come.measure, wanted=channel.measure)
    if isinstance(counts, Lost):
        raise _too_fine(come, channel, counts)
    return Match(come, channel, counts)


def _chosen(come: meterdata.Channel, meter: Meter, channels: Sequence[Channel]) -> Channel:
    """The one channel that fits: the named one, else the only one of the kind, unit and flow."""
    register = come.kind is ReadKind.REGISTER
    alike = [channel for channel in channels if channel.is_register == register]
    if not alike:
        kind = "registers" if register else "interval channels"
        raise _NoMatch(
            "import.no-channel", f"meter {meter.badge} has no {kind}.", "Add the channel to the meter, if it has one."
        )
    said = come.identity.register.casefold()
    named = [channel for channel in alike if said and said in {channel.name.casefold(), channel.tou.casefold()}]
    units = [channel for channel in named or alike if channel.unit == come.measure.unit]
    if not units:
        theirs = ", ".join(dict.fromkeys(str(channel.measure) for channel in named or alike))
        raise _NoMatch(
            "import.unit", f"the readings are in {come.measure}; meter {meter.badge} counts {theirs}.",
            "Correct the unit of the mapping or of the channel; units are never converted into others.",
        )  # fmt: skip
    flows = [channel for channel in units if channel.flow == come.flow]
    if not flows:
        raise _wrong_flow(come, meter, units)
    return _only(come, meter, flows)


def _only(come: meterdata.Channel, meter: Meter, fitting: Sequence[Channel]) -> Channel:
    for narrower in (
        [channel for channel in fitting if channel.interval == come.nominal_seconds],
        [channel for channel in fitting if not channel.tou],
    ):
        if len(fitting) > 1 and narrower:
            fitting = narrower
    if len(fitting) > 1:
        names = ", ".join(channel.name for channel in fitting)
        raise _NoMatch(
            "import.ambiguous", f"several channels of meter {meter.badge} fit: {names}.",
            "Let the file name the register as one of them is named.",
        )  # fmt: skip
    return fitting[0]


def _wrong_flow(come: meterdata.Channel, meter: Meter, channels: Sequence[Channel]) -> _NoMatch:
    theirs = ", ".join(dict.fromkeys(channel.flow for channel in channels))
    if come.flow is Flow.NET:
        return _NoMatch(
            "import.net-flow", f"the readings are net: what was delivered less what was received. Meter {meter.badge}"
            f" counts {theirs}, where what was received would be lost.",
            "Ask for delivered and received readings apart, or add a net channel.",
        )  # fmt: skip
    return _NoMatch(
        "import.flow", f"the readings are of the {come.flow} flow; meter {meter.badge} counts {theirs}.",
        "Add the channel to the meter, or correct the flow in the mapping.",
    )  # fmt: skip


def _check_interval(come: meterdata.Channel, channel: Channel) -> None:
    """Intervals are of the channel's own length; single readings may be longer, and are split when they are laid."""
    if channel.interval is None:
        return
    if channel.interval != DAY and (channel.interval % 60 or 3600 % channel.interval):
        raise _NoMatch(
            "import.setup", f"the channel {channel.name} has intervals of {channel.interval} s, which do not fit into"
            " an hour.", "Correct the channel's interval.",
        )  # fmt: skip
    if come.nominal_seconds != channel.interval:
        raise _NoMatch(
            "vee.interval-size", f"the readings last {come.nominal_seconds:,} s each; the channel {channel.name} has"
            f" intervals of {channel.interval:,} s.", "Correct the channel's interval, or ask for the right data.",
        )  # fmt: skip


def _too_fine(come: meterdata.Channel, channel: Channel, lost: Lost) -> _NoMatch:
    if lost.lost is None:
        return _NoMatch(
            "import.too-large", f"{lost.readings:,} readings are too large to be counted in {channel.measure}.",
            "Ask the sender for right readings.",
        )  # fmt: skip
    return _NoMatch(
        "import.precision", f"{lost.readings:,} of {come.readings:,} readings are finer than the channel's"
        f" {channel.measure}: {lost.lost:f} {channel.unit} would be lost.",
        f"Set the channel up in {come.measure}, so that nothing is rounded.",
    )  # fmt: skip


def _each_once(file: meterdata.MeterFile, matches: Sequence[Match]) -> tuple[list[Match], list[Finding]]:
    """Two channels of a file for one channel of a meter: neither goes in, since nobody can tell which is right."""
    claims: dict[int, list[Match]] = {}
    for match in matches:
        claims.setdefault(match.channel.pk, []).append(match)
    return [several[0] for several in claims.values() if len(several) == 1], list(_doubled(file, claims))


def _doubled(file: meterdata.MeterFile, claims: Mapping[int, Sequence[Match]]) -> Iterator[Finding]:
    for several in claims.values():
        for match in several if len(several) > 1 else ():
            why = _NoMatch(
                "import.same-channel", f"{len(several)} channels of the file fit {match.channel.name} of meter"
                f" {match.channel.meter.badge}.", "Let the file name registers as the meter's channels are named.",
            )  # fmt: skip
            yield _finding(file, match.come, why)


def _finding(file: meterdata.MeterFile, come: meterdata.Channel, why: _NoMatch) -> Finding:
    line = 0 if come.lines is None or not len(come.lines) else int(come.lines[0])
    message = f"{come.identity.id}: {why.message} None of its {come.readings:,} readings went in."
    return Finding(why.code, message, Severity.ERROR, Place(file.name, line), why.remedy)
