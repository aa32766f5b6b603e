"""How a battery runs: the prices of a rate as a solver sees them, and the cheapest dispatch under them."""

from lamplighter.advice.battery.dispatch import dispatch
from lamplighter.advice.battery.prices import Prices, prices_of
from lamplighter.advice.battery.run import Run

__all__ = ["Prices", "Run", "dispatch", "prices_of"]
