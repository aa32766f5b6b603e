"""NREL's SAM as an oracle: monthly bills of URDB records, by PySAM's Utilityrate5, in a process of its own.

`python tests/soak/sam.py` reads JSON, one object a line, of a `record` and a `load` (a year of kW, hourly or finer),
and answers each with one: twelve months of `energy`, `fixed`, `demand_flat`, `demand_tou`, `minimum_adj` and `bill`,
or why it is `refused`. The Python that runs it needs nrel-pysam, and nothing else; it knows nothing of Lamplighter.
"""

from __future__ import annotations

import json
import sys
from typing import Any

MONTHS = 12
ENDLESS = 1e38
FREE = [[{"rate": 0}]]
UNITS = {"": 0, "kwh": 0, "kwh/kw": 1, "kwh daily": 2, "kwh/kw daily": 3}
NET_BILLING = {"net billing instantaneous", "net billing hourly"}
LINES = {
    "energy": "year1_monthly_ec_charge_without_system",
    "fixed": "year1_monthly_fixed_without_system",
    "demand_flat": "year1_monthly_dc_fixed_without_system",
    "demand_tou": "year1_monthly_dc_tou_without_system",
    "minimum_adj": "year1_monthly_minimum_without_system",
    "bill": "year1_monthly_utility_bill_wo_sys",
}


class Refused(Exception):
    """What SAM has no input for."""


def bills(record: dict[str, Any], load: list[float]) -> dict[str, list[float]]:
    from PySAM import Utilityrate5

    model = Utilityrate5.new()
    values = inputs(record)
    values["ur_yearzero_usage_peaks"] = peaks(load)  # the year follows on itself
    for group in (model.ElectricityRates, model.Lifetime, model.SystemOutput, model.Load):
        for name in list(values):
            if hasattr(type(group), name):
                setattr(group, name, values.pop(name))
    assert not values, values
    model.SystemOutput.gen = [0.0] * len(load)
    model.Load.load = load
    model.execute(0)
    return {name: [float(x) for x in model.Outputs.export()[output]] for name, output in LINES.items()}


def inputs(record: dict[str, Any]) -> dict[str, Any]:
    """A record as SAM's inputs. Raises Refused for what SAM cannot say."""
    for field in ("demandreactivepowercharge", "coincidentratestructure"):
        if record.get(field):
            raise Refused(field)
    found = {
        "analysis_period": 1, "inflation_rate": 0.0, "system_use_lifetime_output": 0, "degradation": [0.0],
        "load_escalation": [0.0], "rate_escalation": [0.0], "en_electricity_rates": 1, "ur_sell_eq_buy": 0,
        "ur_metering_option": 2 if str(record.get("dgrules", "")).lower() in NET_BILLING else 0,
        "ur_monthly_fixed_charge": by_month(record, "fixedchargefirstmeter", "fixedchargeunits"),
        "ur_monthly_min_charge": 0.0, "ur_annual_min_charge": 0.0,
    }  # fmt: skip
    if record.get("minchargeunits") == "$/year":
        found["ur_annual_min_charge"] = float(record.get("mincharge", 0))
    else:
        found["ur_monthly_min_charge"] = by_month(record, "mincharge", "minchargeunits")
    found["ur_ec_sched_weekday"], found["ur_ec_sched_weekend"] = schedules(record, "energy")
    energy = record["energyratestructure"]
    unit = the_unit(energy)
    found["ur_ec_tou_mat"] = [[period, tier, limit, unit, price, 0.0] for period, tier, limit, price in refined(energy)]
    flat, tou = record.get("flatdemandstructure"), record.get("demandratestructure")
    found["ur_dc_enable"] = int(bool(flat or tou))
    if flat or tou:
        months = [int(month) for month in record.get("flatdemandmonths") or [0] * MONTHS]
        rows = refined(flat or FREE)
        found["ur_dc_flat_mat"] = [
            [month, tier, limit, price]
            for month in range(MONTHS)
            for period, tier, limit, price in rows
            if period == months[month] + 1
        ]
        found["ur_dc_sched_weekday"], found["ur_dc_sched_weekend"] = schedules(record, "demand")
        found["ur_dc_tou_mat"] = [list(row) for row in refined(tou or FREE)]
    return found | look_back(record)


def peaks(load: list[float]) -> list[float]:
    """The highest kW of each month of a year without a leap day."""
    hour, found = len(load) // 8760, []
    for days in (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31):
        found.append(max(load[: days * 24 * hour]))
        load = load[days * 24 * hour :]
    return found


def look_back(record: dict[str, Any]) -> dict[str, Any]:
    """A share of the highest demand of the months before; the year follows on itself."""
    percent = float(record.get("lookbackpercent", 0))
    if not percent:
        return {"ur_enable_billing_demand": 0}
    flags = [float(flag) for flag in record.get("lookbackmonths") or [1] * MONTHS]
    return {
        "ur_enable_billing_demand": 1, "ur_billing_demand_minimum": 0.0,
        "ur_billing_demand_lookback_period": int(record.get("lookbackrange") or 12),
        "ur_billing_demand_lookback_percentages": [[100 * percent * flag, 1.0] for flag in flags],
        "ur_dc_billing_demand_periods": [[1.0, 1.0]],
    }  # fmt: skip


def schedules(record: dict[str, Any], name: str) -> tuple[list[list[int]], list[list[int]]]:
    """SAM counts periods from one."""
    none = [[0] * 24] * MONTHS
    found = [record.get(f"{name}{days}schedule") or none for days in ("weekday", "weekend")]
    weekday, weekend = ([[int(period) + 1 for period in row] for row in table] for table in found)
    return weekday, weekend


def refined(periods: list[list[dict[str, Any]]]) -> list[tuple[int, int, float, float]]:
    """Period, tier (both from one), limit and price, every period with the limits of all, since SAM knows one set: no
    unit changes its price by it."""
    ends = [[ENDLESS if tier is tiers[-1] else float(tier["max"]) for tier in tiers] for tiers in periods]
    limits = sorted({limit for own in ends for limit in own})
    return [
        (period + 1, number + 1, limit, price_of(next(t for t, end in zip(tiers, own, strict=True) if limit <= end)))
        for period, (tiers, own) in enumerate(zip(periods, ends, strict=True))
        for number, limit in enumerate(limits)
    ]


def the_unit(periods: list[list[dict[str, Any]]]) -> int:
    """What the limits of energy are for: SAM takes one unit for a table."""
    units = {UNITS[str(tier.get("unit", "")).lower()] for tiers in periods if len(tiers) > 1 for tier in tiers} or {0}
    if len(units) > 1:
        raise Refused("tiers of several units")
    return units.pop()


def price_of(tier: dict[str, Any]) -> float:
    return float(tier.get("rate", 0)) + float(tier.get("adj", 0))


def by_month(record: dict[str, Any], field: str, unit: str) -> float:
    charge = float(record.get(field, 0))
    return {"$/day": charge * 365 / 12, "$/year": charge / 12}.get(record.get(unit, "$/month"), charge)


def main() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer: dict[str, Any] = bills(asked["record"], asked["load"])
        except Refused as why:
            answer = {"refused": str(why)}
        except Exception as why:  # noqa: BLE001 - SAM's own errors have no type of their own
            answer = {"refused": f"SAM: {why}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
