"""Whose readings are these? The channel that fits, or why none does and what to do."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.formats.meterdata import Identity, MeterFile, ReadKind
from lamplighter.kernel.energy import Commodity, Flow, Measure, Unit
from lamplighter.metering.models import Channel, Meter
from lamplighter.usage.intake.conversion import Lost, converted
from lamplighter.usage.intake.matching import matched
from tests.usage.feeds import meter_file

METER = Meter(pk=1, badge="E-1", commodity="electricity")
OTHER = Meter(pk=2, badge="E-2", commodity="electricity")


def channel(pk, name="kWh", meter=METER, **given):
    given = {"unit": "Wh", "power": 0, "interval": 3600, "flow": "delivered"} | given
    return Channel(pk=pk, meter=meter, name=name, **given)


def register(pk, name="register", **given):
    return channel(pk, name, interval=None, dials=5, power=3, **given)


KWH = channel(1)
BACK = channel(2, "kWh received", flow="received")
DIAL = register(3)
METERS = {"E-1": (METER, [KWH, BACK, DIAL]), "E-2": (OTHER, [channel(9, meter=OTHER)])}


def come(meter="E-1", counts=(1000, 2000), name="", **given):
    (made,) = meter_file(meter, [(3600 * i, 3600, count) for i, count in enumerate(counts)], **given).channels
    return replace(made, identity=Identity(f"{meter}/{name}", meter, "", name))


def match(*channels, meters=METERS, meter=""):
    return matched(MeterFile("csv", channels, name="feed.csv"), meters, meter=meter)


def codes(found):
    return [finding.code for finding in found.refused]


def test_by_quantity_flow_and_kind():
    dial = come(kind=ReadKind.REGISTER, measure=Measure(Unit.WH, 3))
    found = match(come(), come(flow=Flow.RECEIVED), dial)
    assert [(m.channel.pk, m.counts.tolist()) for m in found.matches] == [
        (1, [1000, 2000]), (2, [1000, 2000]), (3, [1000, 2000]),
    ]  # fmt: skip
    assert (found.refused, found.unknown) == ((), ())


def test_by_the_registers_name_before_all_else():
    on, off = register(4, "peak", tou="on"), register(5, "rest", tou="off")
    meters = {"E-1": (METER, [DIAL, on, off])}
    kwh = {"kind": ReadKind.REGISTER, "measure": Measure(Unit.WH, 3)}
    found = match(come(name="PEAK", **kwh), come(name="off", **kwh), come(name="01", **kwh), meters=meters)
    assert [m.channel.pk for m in found.matches] == [4, 5, 3], "by name, by TOU period, and else the total"


def test_an_unknown_meter_is_named_once():
    found = match(come("E-7"), come("E-7", flow=Flow.RECEIVED), come())
    assert (found.unknown, len(found.matches)) == (("E-7",), 1)


def test_a_usage_point_is_of_the_meter_that_is_told():
    assert match(come("UsagePoint/01"), meter="E-1").matches[0].channel is KWH
    assert match(come("UsagePoint/01"), meter="E-9").unknown == ("E-9",)
    several = match(come("UsagePoint/01"), come("UsagePoint/02"), meter="E-1")
    assert codes(several) == ["import.several-points"] * 2


def test_the_file_knows_better_than_the_option():
    found = match(come("E-2"), meter="E-1")
    assert codes(found) == ["import.other-meter"]
    assert "of meter E-2, not of E-1" in found.refused[0].message


@pytest.mark.parametrize(
    ("given", "code", "says"),
    [
        ({"measure": Measure(Unit.VARH)}, "import.unit", "in VArh; meter E-1 counts Wh"),
        ({"measure": Measure(Unit.W, 3)}, "import.unit", "in kW; meter E-1 counts Wh"),
        ({"commodity": Commodity.GAS}, "import.commodity", "of gas; meter E-1 measures electricity"),
        ({"flow": Flow.NET}, "import.net-flow", "what was received would be lost"),
        ({"flow": Flow.TOTAL}, "import.flow", "of the total flow"),
        ({"seconds": 900}, "vee.interval-size", "last 900 s each; the channel kWh has intervals of 3,600 s"),
        ({"measure": Measure(Unit.WH, -1)}, "import.precision", "2 of 2 readings are finer than the channel's Wh: 1.0"),
        ({"counts": [2**62], "measure": Measure(Unit.WH, 3)}, "import.too-large", "too large to be counted in Wh"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_remedy(given, code, says):
    given = {"counts": (5, 15)} | given
    found = match(come(**given))
    assert (codes(found), found.matches) == ([code], ())
    assert says in found.refused[0].message
    assert found.refused[0].message.endswith(f"None of its {len(given['counts'])} readings went in.")
    assert found.refused[0].remedy


def test_a_meter_without_registers_says_so():
    found = match(come("E-2", kind=ReadKind.REGISTER))
    assert found.refused[0].message.startswith("E-2/: meter E-2 has no registers.")


def test_two_that_fit_are_one_too_many():
    twice = {"E-1": (METER, [KWH, channel(7, "kWh check")])}
    assert codes(match(come(), meters=twice)) == ["import.ambiguous"]
    assert codes(match(come(name="a"), come(name="b"))) == ["import.same-channel"] * 2


def test_of_two_lengths_the_files_own_fits():
    meters = {"E-1": (METER, [KWH, channel(7, "quarter hours", interval=900)])}
    assert match(come(seconds=900), meters=meters).matches[0].channel.pk == 7


def test_an_interval_that_fits_no_hour_is_a_wrong_setup():
    meters = {"E-1": (METER, [channel(7, interval=7200)])}
    assert codes(match(come(seconds=7200), meters=meters)) == ["import.setup"]


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=6), st.integers(-6, 6), st.integers(-6, 6))
def test_counts_are_converted_exactly_or_not_at_all(counts, came, wanted):
    given, asked = Measure(Unit.WH, came), Measure(Unit.WH, wanted)
    array = np.array(counts, dtype=np.int64)
    found = converted(array, come=given, wanted=asked)
    if isinstance(found, Lost):
        assert found.lost is None or found.lost > 0
        assert found.lost is not None or came - wanted > 6, "only what is too large"
    else:
        assert [asked.value(int(count)) for count in found] == [given.value(count) for count in counts]


def test_what_is_lost_is_added_up():
    lost = converted(np.array([1540, -60, 100]), come=Measure(Unit.WH), wanted=Measure(Unit.WH, 2))
    assert lost == Lost(2, Decimal(100))
