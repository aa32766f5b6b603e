"""Say in words what was measured for a line, and how its cents came about."""

from __future__ import annotations

from lamplighter.kernel.energy import Flow
from lamplighter.rating.bill import PricedLine
from lamplighter.rating.determinants import Determinant, What
from lamplighter.rating.exact import plain
from lamplighter.rating.tariff import Rounding, RoundingRule

ENERGY = {
    What.KWH: "Energy",
    What.KVARH: "Reactive energy",
    What.KVAH: "Apparent energy",
}
FLOWS = {
    Flow.DELIVERED: "taken from the grid",
    Flow.RECEIVED: "sent to the grid",
    Flow.NET: "taken from the grid less what was sent",
}


def determinant_words(asked: Determinant) -> str:
    """ "Highest 15-minute demand in kW, 4 to 9 pm, summer days only" """
    if asked.what is What.POWER_FACTOR:
        return "Power factor: energy over apparent energy"
    parts = [_what(asked)]
    if asked.clock is not None:
        parts.append(" and ".join(asked.clock.label(name) for name in asked.periods))
    if asked.season is not None:
        parts.append(f"{asked.season.name} days only")
    if asked.netting:
        parts.append(f"taken and sent set off within {asked.netting} minutes")
    if asked.band is not None:
        upper = "on" if asked.band.upper is None else f"to {plain(asked.band.upper)}"
        parts.append(f"while the running total was from {plain(asked.band.lower)} {upper}")
    return ", ".join(parts)


def rounding_words(line: PricedLine, rounding: Rounding, *, by_itself: bool) -> str:
    """Which rule made cents of the exact amount."""
    exact, shown = f"${plain(line.exact)}".replace("$-", "−$"), str(line.amount)
    if exact == shown:
        return f"Exactly {shown}: nothing was rounded."
    if by_itself or rounding.rule is RoundingRule.EACH_LINE:
        return f"{exact} is rounded to the nearest cent, half a cent up: {shown}."
    return (
        f"{exact} is shown as {shown}. This rate rounds once, on the total; the lines are shown to the cent so that"
        " they add up to it, so that a line may be a cent off its own rounding."
    )


def _what(asked: Determinant) -> str:
    if not asked.what.is_demand:
        return f"{ENERGY[asked.what]} {FLOWS.get(asked.flow, str(asked.flow))}"
    window = asked.window.minutes if asked.window is not None else 0
    minutes = f"{window}-minute " if window else ""
    if asked.daily:
        return f"Sum of each day's highest {minutes}demand in {asked.what}"
    return f"Highest {minutes}demand in {asked.what}"
