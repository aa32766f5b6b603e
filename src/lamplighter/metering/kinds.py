"""The kinds of meters that a utility buys: what each measures, how often, and how it is heard."""

from __future__ import annotations

from dataclasses import dataclass

from lamplighter.kernel.energy import Flow, Unit
from lamplighter.metering.models import Channel

QUARTER, HOUR = 900, 3600


@dataclass(frozen=True, slots=True)
class MeterKind:
    """`interval` in seconds, or the number of `dials` of a register of kWh. `sends` counts what flows back; `lag`
    counts reactive energy, which rates for large customers ask for."""

    key: str
    label: str
    says: str
    interval: int | None = None
    dials: int | None = None
    sends: bool = False
    lag: bool = False
    ami: bool = True
    switch: bool = False

    def channels(self) -> list[Channel]:
        """Unsaved rows, made anew for each meter."""
        if self.interval is None:
            return [Channel(name="kWh", unit=Unit.WH.value, power=3, dials=self.dials)]
        rows = [Channel(name="kWh", unit=Unit.WH.value, interval=self.interval)]
        if self.sends:
            rows.append(
                Channel(name="kWh received", unit=Unit.WH.value, flow=Flow.RECEIVED.value, interval=self.interval)
            )
        if self.lag:
            reactive = Channel.Quantity.REACTIVE
            rows.append(Channel(name="kVArh", unit=Unit.VARH.value, quantity=reactive, interval=self.interval))
        return rows


METER_KINDS: dict[str, MeterKind] = {
    one.key: one
    for one in (
        MeterKind("hourly", "Hourly", "Homes; switched from afar", interval=HOUR, sends=True, switch=True),
        MeterKind("quarter", "Quarter-hourly", "Homes and small shops", interval=QUARTER, sends=True, switch=True),
        MeterKind("demand", "Quarter-hourly, with kVArh", "Demand and power factor", interval=QUARTER, sends=True,
                  lag=True),
        MeterKind("dials-5", "Five dials", "Read by hand", dials=5, ami=False),
        MeterKind("dials-6", "Six dials", "Read by hand", dials=6, ami=False),
    )
}  # fmt: skip
