"""What is written of meters: how they stand, how they come and where they are in stock, and how they were tested."""

from lamplighter.metering.operations.devices import (
    CannotInstall,
    MeterIn,
    add_meter,
    correct_multiplier,
    install,
    remove,
    set_meters,
    switch,
    switch_on,
    uncross,
)
from lamplighter.metering.operations.stock import LotIn, move_meters, receive_meters
from lamplighter.metering.operations.testing import CannotTest, MeterTestIn, record_test

__all__ = [
    "CannotInstall",
    "CannotTest",
    "LotIn",
    "MeterIn",
    "MeterTestIn",
    "add_meter",
    "correct_multiplier",
    "install",
    "move_meters",
    "receive_meters",
    "record_test",
    "remove",
    "set_meters",
    "switch",
    "switch_on",
    "uncross",
]
