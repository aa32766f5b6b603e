"""The measures that are known, each a model of load with its assumptions."""

from lamplighter.advice.effects import Kind
from lamplighter.advice.kinds.charging import FERRY, FLEETS, PUBLIC
from lamplighter.advice.kinds.heating import HEAT_PUMP, WATER_HEATER
from lamplighter.advice.kinds.kitchen import KITCHEN
from lamplighter.advice.kinds.saving import CAPACITOR, EFFICIENCY, RESPONSE
from lamplighter.advice.kinds.shifting import COLD_STORE, STAGGER
from lamplighter.advice.kinds.solar import SOLAR
from lamplighter.advice.kinds.storage import BATTERY

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        *FLEETS, PUBLIC, FERRY, HEAT_PUMP, WATER_HEATER, KITCHEN, SOLAR, STAGGER, COLD_STORE, EFFICIENCY, RESPONSE,
        CAPACITOR, BATTERY,
    )
}  # fmt: skip

__all__ = ["BATTERY", "KINDS"]
