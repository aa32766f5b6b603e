"""Other programs at the same work, where they are installed: none of them is ever a part of this one.

Rating: a year of hourly use of some homes becomes twelve bills each, on two prices by the hour and a monthly charge, by
NREL's SAM (PySAM), by eeco and by this program; whoever differs by more than rounding is a fault. Reading: one NEM12
file by nemreader.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from lamplighter.benchmarks.readings import channel_days, write_nem12
from lamplighter.benchmarks.sizes import Size
from lamplighter.benchmarks.stopwatch import seconds
from lamplighter.intervals.filling import dense
from lamplighter.intervals.measuring import sums
from lamplighter.intervals.scopes import slots_of
from lamplighter.intervals.slots import SlotCalendar, slot_calendar
from lamplighter.kernel.periods import Period
from lamplighter.rating import Ask, parse
from lamplighter.rating.columnar import Group, Program, Scaled, compile

OURS = "this program, the same work"
MONTHS = [Period(date(2018, m, 1), date(2018 + m // 12, m % 12 + 1, 1)) for m in range(1, 13)]  # begins on a Monday
YEAR, ZONE = Period(MONTHS[0].start, MONTHS[-1].closed_end), ZoneInfo("Etc/GMT+8")  # SAM has no daylight saving
PEAK, OFF_PEAK, MONTHLY, HOURS = 0.389, 0.158, 14.5, range(16, 21)
ROUNDING, ENDLESS = 0.02, 1e38
TARIFF = f"""
[tariff]
utility = "Bench"
code = "TOU"
name = "Two prices"
valid_from = 2018-01-01
status = "open"
applies_to = "Everybody."

[[source]]
id = "book"
title = "Invented"

[rounding]
rule = "each line"
stated = true
note = "Invented for the benchmark."

[proration]
month_days = 30
regular_days = [28, 31]
opening_and_closing = true

[[calendar.clock]]
name = "hours"

[[calendar.clock.period]]
name = "peak"
label = "4-9 pm on weekdays"
windows = [{{ days = "Mon-Fri", from = "16:00", to = "21:00" }}]

[[calendar.clock.period]]
name = "off-peak"
label = "all other hours"

[[line]]
code = "customer"
label = "Customer charge"
unit = "$/month"
price = {MONTHLY}
source = "book"
gl = "revenue.customer"

[[line]]
code = "energy"
label = "Energy"
quantity = "kWh"
unit = "$/kWh"
source = "book"
gl = "revenue.energy"

[line.price]
by = ["period"]
peak = {PEAK}
off-peak = {OFF_PEAK}
"""

Loads = np.ndarray[tuple[int, int], np.dtype[np.float64]]
Bills = Sequence[Sequence[float]]


def rating(homes: int) -> dict[str, float | None]:
    """Bills a second by program, ours among them; None for what is not installed. Those that price one by one get
    fewer homes."""
    calendar = slot_calendar(YEAR, seconds=3600, zone=ZONE)
    days = channel_days(homes, calendar)
    loads: Loads = days.values.reshape(homes, calendar.slots) / 1000
    block = dense(days, calendar)
    parsed = parse(TARIFF, "bench.toml")
    assert parsed.tariff is not None, parsed.findings
    program = compile(parsed.tariff)
    ours, told = _timed(lambda: [_priced(program, block, month, calendar) for month in MONTHS])
    expected = np.array(told).T / 100
    return {
        OURS: homes * len(MONTHS) / ours,
        "PySAM": _peer("PySAM", lambda: [_sam(load) for load in loads[:50].tolist()], expected),
        "eeco": _peer("eeco", lambda: _eeco(loads[:2]), expected),
    }


def reading(size: Size, folder: Path) -> dict[str, float | None]:
    """Reads a second of nemreader, on a file of three meters."""
    if find_spec("nemreader") is None:
        return {"nemreader": None}
    path = folder / "peer.nem12"
    reads = write_nem12(path, replace(size, meters=min(3, size.meters)))
    took, taken = _timed(lambda: import_module("nemreader").read_nem_file(str(path)))
    found = sum(len(readings) for meter in taken.readings.values() for readings in meter.values())
    assert found == reads, f"nemreader took {found} of {reads} reads"
    return {"nemreader": reads / took}


def _peer(name: str, work: Callable[[], Bills], expected: Loads) -> float | None:
    if find_spec(name) is None:
        return None
    import_module({"PySAM": "PySAM.Utilityrate5", "eeco": "eeco.costs"}[name])
    took, bills = _timed(work)
    found = np.array(bills)
    apart = float(np.abs(found - expected[: len(found)]).max())
    assert apart < ROUNDING, f"{name} differs by ${apart:.4f}"
    return found.size / took


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    said: list[Any] = []
    took = seconds(lambda: said.append(work()))
    return took, said[0]


def _priced(program: Program, block: Any, month: Period, calendar: SlotCalendar) -> list[int]:
    slots, _ = program.asks(month)
    measured = {
        slot: Scaled(sums(block, slots_of(calendar, Ask(slot.determinant, month))[None, :]).totals[:, 0], 3)
        for slot in slots
    }
    group = Group(period=month, size=len(block.channels), measured=measured)
    totals: list[int] = program.price_arrays(group).totals.tolist()
    return totals


def _sam(load: Sequence[float]) -> Sequence[float]:
    """One home's twelve bills."""
    model = import_module("PySAM.Utilityrate5").new()
    weekday = [[1 if hour in HOURS else 2 for hour in range(24)]] * 12
    values: Mapping[str, Any] = {
        "analysis_period": 1, "inflation_rate": 0.0, "system_use_lifetime_output": 0, "degradation": [0.0],
        "load_escalation": [0.0], "rate_escalation": [0.0], "en_electricity_rates": 1, "ur_sell_eq_buy": 0,
        "ur_metering_option": 0, "ur_monthly_fixed_charge": MONTHLY, "ur_monthly_min_charge": 0.0,
        "ur_annual_min_charge": 0.0, "ur_ec_sched_weekday": weekday, "ur_ec_sched_weekend": [[2] * 24] * 12,
        "ur_ec_tou_mat": [[1, 1, ENDLESS, 0, PEAK, 0.0], [2, 1, ENDLESS, 0, OFF_PEAK, 0.0]], "ur_dc_enable": 0,
        "ur_enable_billing_demand": 0, "ur_yearzero_usage_peaks": [0.0] * 12, "gen": [0.0] * len(load),
        "load": list(load),
    }  # fmt: skip
    for name, value in values.items():
        model.value(name, value)
    model.execute(0)
    bills: Sequence[float] = model.Outputs.year1_monthly_utility_bill_wo_sys
    return bills


def _eeco(loads: Loads) -> Bills:
    """All homes' bills, month by month; what it makes of the rate is made once for all homes."""
    costs, pandas = import_module("eeco.costs"), import_module("pandas")
    columns = ("utility", "type", "name", "month_start", "month_end", "weekday_start", "weekday_end", "hour_start",
               "hour_end", "basic_charge_limit", "charge")  # fmt: skip
    rate = pandas.DataFrame(
        [
            ("electric", "customer", "monthly", 1, 12, 0, 6, 0, 24, 0, MONTHLY),
            ("electric", "energy", "peak", 1, 12, 0, 4, HOURS.start, HOURS.stop, 0, PEAK),
            ("electric", "energy", "morning", 1, 12, 0, 4, 0, HOURS.start, 0, OFF_PEAK),
            ("electric", "energy", "night", 1, 12, 0, 4, HOURS.stop, 24, 0, OFF_PEAK),
            ("electric", "energy", "weekend", 1, 12, 5, 6, 0, 24, 0, OFF_PEAK),
        ],
        columns=columns,
    )
    found: list[list[float]] = [[] for _ in loads]
    for month in MONTHS:
        first, last = np.datetime64(month.start), np.datetime64(month.closed_end)
        charges = costs.get_charge_dict(first, last, rate, resolution="1h")
        hours = slice((month.start - YEAR.start).days * 24, (month.closed_end - YEAR.start).days * 24)
        for home, load in enumerate(loads):
            cost, _ = costs.calculate_cost(charges, {"electric": load[hours]}, resolution="1h")
            found[home].append(float(cost))
    return found
