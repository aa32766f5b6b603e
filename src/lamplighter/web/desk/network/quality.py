"""Power quality at a point: a year of voltage by range, sags and swells, outages, and its feeder's beside it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from lamplighter.network.queries.knowing import standing_at
from lamplighter.network.queries.quality import Beside, PowerRecord, beside_feeder, power_record
from lamplighter.network.rules.quality import LENGTHS, UNTOLD, Counts, Outage, Range, by_depth, voltage
from lamplighter.premises.models import ServicePoint
from lamplighter.web.access import needs
from lamplighter.web.loading import load_meter
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Crumb, Empty, Fact, Tile, Tone
from lamplighter.web.ui.tables import Column, MomentColumn, NumberColumn, Table, grid
from lamplighter.web.ui.wording import number, quantity, short_day
from lamplighter.web.visits import visit

YEAR = timedelta(days=365)
SAID = "desk/network/said.html"
FACTS = "desk/network/facts.html"
LENGTH = {name: f"length_{i}" for i, name in enumerate((*(name for name, _ in LENGTHS), UNTOLD))}
SOURCES = (
    "Ranges: ANSI C84.1-2020. What office electronics ride through: ITIC curve, 2000. Sustained is an interruption of "
    "over five minutes: IEEE 1366-2012."
)


class Months(Table):
    """Steady voltage by month, from `_months`."""

    month = Column("Month", orderable=False)
    readings = NumberColumn("Readings", orderable=False)
    low = NumberColumn("Lowest (V)", places=1, orderable=False)
    middle = NumberColumn("Middle (V)", places=1, orderable=False)
    high = NumberColumn("Highest (V)", places=1, orderable=False)
    a = NumberColumn("Range A (%)", places=1, orderable=False)
    b = NumberColumn("Range B (%)", places=1, orderable=False)
    beyond = NumberColumn("Beyond B (%)", places=1, orderable=False)


class Depths(Table):
    """How many sags and swells of each depth and length, from `_depths`."""

    depth = Column("Voltage left, of nominal", orderable=False)
    length_0 = NumberColumn("To 0.5 s", orderable=False)
    length_1 = NumberColumn("To 10 s", orderable=False)
    length_2 = NumberColumn("To 1 min", orderable=False)
    length_3 = NumberColumn("Longer", orderable=False)
    length_4 = NumberColumn("Not told", orderable=False)


class Dips(Table):
    at = MomentColumn("When")
    what = Column("What")
    volts = NumberColumn("Volts", places=1)
    percent = NumberColumn("Of nominal (%)", places=1)
    seconds = NumberColumn("Seconds", places=1)
    ridden = Column("Electronics ride through")


class Outages(Table):
    at = MomentColumn("From")
    until = Column("Until", orderable=False)
    minutes = NumberColumn("Minutes", places=2)
    kind = Column("Kind")


@needs("metering.view")
def of_meter(request: HttpRequest, badge: str) -> HttpResponseBase:
    """The year of the point at which the meter stands, whichever meters stood there."""
    meter = load_meter(request, badge, to="metering.view")
    at = visit(request).at
    point = standing_at(meter, at=at)
    if point is None:
        raise Http404(f"Meter {badge} stands nowhere.")
    return page(
        request, title="Power quality", number=meter.badge, meta=[point.premise.address, point.feeder],
        crumbs=[Crumb(f"Meter {meter.badge}", reverse("desk:meter", args=[meter.badge]))],
        panels=quality_panels(request, point, record_of(point, at=at)),
    )  # fmt: skip


def record_of(point: ServicePoint, *, at: datetime) -> PowerRecord:
    """The year up to now."""
    return power_record(point, since=at - YEAR, until=at)


def quality_panels(request: HttpRequest, point: ServicePoint, record: PowerRecord, *, lazy: bool = True) -> list[Panel]:
    """Tiles, voltage, sags and swells, outages, and the feeder's year."""
    return [
        Panel("power", "Power", "ui/gallery/tiles.html", lambda: {"tiles": _tiles(record)}, "top", frame=False),
        Panel("outages", "Outages", SAID, lambda: {
            "said": [outages_said(record)],
            "grid": grid(request, table=Outages, rows=[_outage(one) for one in reversed(record.outages)],
                         caption="Outages", name="outages", empty=Empty("None was heard.", good=True)),
        }),
        Panel("voltage", "Steady voltage", SAID, lambda: {
            "said": [voltage_said(record)],
            "grid": grid(request, table=Months, rows=_months(record), caption="Steady voltage by month", name="months",
                         empty=Empty("No voltage was told.")),
        }),
        Panel("depths", "Sags and swells", SAID, lambda: {
            "said": [dips_said(record)],
            "grid": grid(request, table=Depths, rows=_depths(record), caption="Sags and swells by depth and length",
                         name="depths", empty=Empty("None was told.", good=True)),
        }),
        Panel("dips", "Each of them", SAID, lambda: {
            "grid": grid(request, table=Dips, rows=_dips(record), caption="Sags and swells", name="dips",
                         empty=Empty("None was told.", good=True)),
            "after": SOURCES,
        }),
        Panel("beside", "Beside its feeder", FACTS,
              lambda: {"facts": _beside(point, record), "empty": None, "waits": False}, "side", lazy=lazy),
    ]  # fmt: skip


def outages_said(record: PowerRecord) -> str:
    """The outages in one sentence."""
    found, heard = record.counts, _heard(record)
    if not record.outages:
        return f"No outage was heard {heard}."
    longest = max((one for one in record.outages if one.minutes is not None), key=_minutes, default=None)
    worst = f"; the longest was {quantity(_minutes(longest), 'minutes')} on {_on(longest.at)}" if longest else ""
    unknown = f" Of {found.unknown} the beginning or end was not heard: their minutes are not in it."
    return (
        f"{_times(found.sustained, 'sustained outage')} with {quantity(found.minutes, 'minutes')} and "
        f"{_times(found.momentary, 'momentary one')} {heard}{worst}.{unknown if found.unknown else ''}"
    )


def voltage_said(record: PowerRecord) -> str:
    """The steady voltage in one sentence."""
    found = record.voltage
    if found is None:
        return "No meter here told its voltage."
    base, out = found.base, found.share(Range.LOW, Range.HIGH)
    rare = found.share(Range.B_LOW, Range.B_HIGH)
    verdict = (
        "Put it right at once: some lie beyond range B." if out
        else "Range B is to be rare and short: look for the cause." if rare
        else "All lie in range A, as they should."
    )  # fmt: skip
    return (
        f"{found.share(Range.A):.1f}% of {found.count:,} readings are in range A ({base.a[0]} to {base.a[1]} V of "
        f"{base.volts} V, the nominal voltage nearest to them), {rare:.1f}% in range B, {out:.1f}% beyond. {verdict}"
    )


def dips_said(record: PowerRecord) -> str:
    """The sags and swells in one sentence."""
    if not record.dips:
        return f"No sag or swell was told {_heard(record)}."
    deep = sum(one.ridden is False for one in record.dips)
    untold = sum(one.ridden is None for one in record.dips)
    unknown = f"; {untold} came without depth or length" if untold else ""
    lows = [one for one in record.dips if one.percent is not None and not one.high]
    worst = min(lows, key=lambda one: one.percent or Decimal(0), default=None)
    deepest = (
        f" The deepest left {number(worst.percent, 1)}% of nominal on {_on(worst.at)}." if worst is not None else ""
    )
    count = len(record.dips)
    return (
        f"{_times(count, 'sag or swell', 'sags and swells')} {_heard(record)}, {deep} of them deeper or longer than "
        f"office electronics ride through{unknown}.{deepest}"
    )


def _tiles(record: PowerRecord) -> list[Tile]:
    found, steady = record.counts, record.voltage
    deep = sum(one.ridden is False for one in record.dips)
    tiles = [
        Tile("Sustained outages", found.sustained, quantity(found.minutes, "minutes"),
             Tone.WATCH if found.sustained else Tone.PLAIN),
        Tile("Momentary", found.momentary, "up to five minutes"),
        Tile("Sags and swells", len(record.dips), f"{deep} not ridden through", Tone.WATCH if deep else Tone.PLAIN),
    ]  # fmt: skip
    if steady is not None:
        whole = steady.ranges[Range.A] == steady.count
        spread = f"{number(steady.low, 1)} to {number(steady.high, 1)} V"
        tiles.append(Tile("In range A", f"{steady.share(Range.A):.1f}%", spread, Tone.PLAIN if whole else Tone.WATCH))
    return tiles


def _months(record: PowerRecord) -> list[dict[str, Any]]:
    by_month: dict[date, list[Decimal]] = defaultdict(list)
    for one in record.readings:
        by_month[timezone.localdate(one.at).replace(day=1)].append(one.volts)
    rows = []
    for month, volts in sorted(by_month.items(), reverse=True):
        found = voltage(volts, record.base)
        assert found is not None
        rows.append({
            "month": f"{month:%b %Y}", "readings": found.count, "low": found.low, "middle": found.middle,
            "high": found.high, "a": found.share(Range.A), "b": found.share(Range.B_LOW, Range.B_HIGH),
            "beyond": found.share(Range.LOW, Range.HIGH),
        })  # fmt: skip
    return rows


def _depths(record: PowerRecord) -> list[dict[str, Any]]:
    return [
        {"depth": depth, **{LENGTH[name]: count for name, count in counts.items()}}
        for depth, counts in by_depth(record.dips)
    ]


def _dips(record: PowerRecord) -> list[dict[str, Any]]:
    ridden = {True: "Yes", False: "No", None: UNTOLD}
    return [
        {"at": one.at, "what": "Swell" if one.high else "Sag", "volts": one.volts, "percent": one.percent,
         "seconds": one.seconds, "ridden": ridden[one.ridden]}
        for one in reversed(record.dips)
    ]  # fmt: skip


def _outage(one: Outage) -> dict[str, Any]:
    until = "Not heard" if one.ended is None else MomentColumn().render(one.ended)
    return {
        "at": one.at,
        "until": f"By {until}" if one.seen else until,
        "minutes": one.minutes,
        "kind": "Momentary" if one.momentary else "Sustained" if one.minutes is not None else "Length not known",
    }


def _beside(point: ServicePoint, record: PowerRecord) -> list[Fact]:
    own = record.counts
    found = beside_feeder(point, own, since=record.since, until=record.until)
    if found is None:
        return [Fact("Feeder", f"{point.feeder or 'Not known'}: fewer than five others to compare with")]
    return [*_compared(own, found), Fact("Who they are", _who(found))]


def _compared(own: Counts, found: Beside) -> list[Fact]:
    each = found.indices
    return [
        Fact("Sustained outages", f"{own.sustained} here; SAIFI {number(each.saifi, 2)}"),
        Fact("Minutes", f"{number(own.minutes)} here; SAIDI {number(each.saidi, 1)}"),
        Fact("Momentary", f"{own.momentary} here; MAIFI {number(each.maifi, 2)}"),
        Fact("More than three in the year", f"{number(each.cemi3, 1)}% of them (CEMI-3)"),
        Fact("Fared worse", f"{found.worse:,} of {each.customers:,}"),
    ]


def _who(found: Beside) -> str:
    return f"The other {found.indices.customers:,} customers on {found.feeder} whose meters tell when power is lost."


def _heard(record: PowerRecord) -> str:
    """Of which time is spoken: a record that begins late says so."""
    first = record.first
    late = first is not None and first - record.since > timedelta(days=31)
    began = f" (the first word of any kind came on {_on(first)})" if first is not None and late else ""
    return f"in the last 12 months{began}"


def _minutes(one: Outage) -> Decimal:
    return one.minutes or Decimal(0)


def _times(count: int, what: str, many: str = "") -> str:
    return f"{count:,} {what if count == 1 else many or what + 's'}"


def _on(at: datetime) -> str:
    on = timezone.localdate(at)
    return f"{short_day(on)}, {on.year}"
