"""What would have kept a year's dips and outages from a customer: what each remedy costs a year, and what it spares.

A year that was is judged: each remedy says of each upset how many dollars of it would have been spared, and what it
costs itself, spread over its life. Every figure is an assumption to see and change (docs/algorithms/power-quality.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lamplighter.advice.assumptions import OURS, QUOTE, YOURS, Assumption, Values, checked
from lamplighter.advice.kinds.storage import BATTERY

LARGE_KWH = 50_000
LBNL = "What {size} 50,000 kWh a year answered: LBNL-6941E (2015), dollars of 2013."
INTEREST = Assumption("interest", "Interest", "%", 5, 0, 30, 0.5, OURS)
HOURS = 8760


@dataclass(frozen=True, slots=True)
class Upset:
    """Something that disturbs: a dip that electronics do not ride through, or an outage of so many minutes.

    `lacks` is by how many percent the voltage of a dip would have to be higher to be ridden through, where that is
    known; a swell lacks nothing.
    """

    minutes: float
    dip: bool = False
    lacks: float | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """The customer's size: kWh a year, highest kW; what a kW in reserve costs the utility a year, if that is known;
    the names of remedies that they `have` already."""

    kwh: float
    kw: float
    reserve_a_kw: float | None = None
    have: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Remedy:
    """`spares` is how many dollars of an upset are gone with it; the mapping of what trouble costs comes last. `cost`
    is its first cost, and what running it costs a year."""

    name: str
    label: str
    about: str
    assumptions: Callable[[Site], tuple[Assumption, ...]]
    spares: Callable[[Values, Upset, Values], float]
    cost: Callable[[Values], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A remedy on a year: how many upsets it helps with, dollars that they would not have cost, its first cost, and
    what it costs a year with its first cost spread over its life."""

    remedy: Remedy
    values: Values
    helps: int
    worth: float
    first: float
    yearly: float

    @property
    def net(self) -> float:
        return self.worth - self.yearly


def trouble(site: Site) -> tuple[Assumption, ...]:
    """What an upset costs the customer: how an average business of its size answered."""
    large = site.kwh > LARGE_KWH
    short, hour = (12_952, 6_626) if large else (412, 367)
    source = LBNL.format(size="businesses of over" if large else "businesses of up to")
    return (
        Assumption("short", "A dip or short interruption costs them", "$", short, 0, 10_000_000, 100, source),
        Assumption("hour", "Each hour of an outage, besides", "$", hour, 0, 10_000_000, 100,
                   f"{source} The slope from a momentary one to four hours."),
        INTEREST,
    )  # fmt: skip


def weigh(upsets: Sequence[Upset], site: Site, said: Mapping[str, Mapping[str, object]]) -> list[Weighed]:
    """Every remedy that they lack against the upsets of a year. `said` are changed assumptions by remedy, those of
    `trouble` under that name. Raises CannotAdvise, naming the field."""
    common = checked(trouble(site), said.get("trouble", {}), of="What trouble costs")
    return [_weighed(one, upsets, site, said.get(one.name, {}), common) for one in remedies_for(site)]


def cost_of(upset: Upset, common: Values) -> float:
    return common["short"] + common["hour"] * upset.minutes / 60


def _weighed(
    remedy: Remedy, upsets: Sequence[Upset], site: Site, said: Mapping[str, object], common: Values
) -> Weighed:
    values = checked(remedy.assumptions(site), said, of=remedy.label)
    spared = [remedy.spares(values, upset, common) for upset in upsets]
    first, running = remedy.cost(values)
    yearly = running + first * annuity(common["interest"] / 100, values["life"])
    return Weighed(remedy, values, sum(one > 0 for one in spared), sum(spared), first, yearly)


def annuity(interest: float, years: float) -> float:
    """The part of a first cost that is paid each year, in equal payments with interest."""
    return 1 / years if interest == 0 else interest / (1 - (1 + interest) ** -years)


def _life(years: float) -> Assumption:
    return Assumption("life", "It lasts", "years", years, 1, 50, 1, OURS)


def _ups(site: Site) -> tuple[Assumption, ...]:
    return (
        Assumption("kw", "What must not stop takes", "kW", max(round(site.kw * 0.1), 1), 0.1, 10_000, 1,
                   f"A tenth of their peak, an assumption of ours. {YOURS}"),
        Assumption("part", "Of an upset's cost it keeps away", "%", 60, 0, 100, 5,
                   f"The rest of the site stands still: an assumption of ours. {YOURS}"),
        Assumption("minutes", "It holds", "minutes", 15, 1, 480, 1, "Its plate tells it."),
        Assumption("cost_a_kw", "Cost, installed", "$/kW", 1_200, 0, 20_000, 50, QUOTE),
        Assumption("losses", "It loses", "%", 5, 0, 30, 0.5, "Its data sheet tells it."),
        Assumption("price", "A kWh costs them", "$", 0.2, 0, 2, 0.01, "The Rates tab tells it."),
        _life(10),
    )  # fmt: skip


def _battery(site: Site) -> tuple[Assumption, ...]:
    (cost,) = (one for one in BATTERY.assumptions if one.name == "cost_a_kwh")
    return (
        Assumption("kw", "It carries", "kW", max(round(site.kw), 1), 1, 50_000, 5, "Their highest demand."),
        Assumption("hours", "For", "hours", 2, 0.25, 24, 0.25, YOURS),
        cost,
        Assumption("transfer", "Fast transfer switch", "$", 60_000, 0, 2_000_000, 1_000, QUOTE),
        _life(15),
    )  # fmt: skip


def _feed(site: Site) -> tuple[Assumption, ...]:
    reserve, source = (90.0, OURS)
    if site.reserve_a_kw is not None:
        reserve, source = site.reserve_a_kw, "Capacity, of the marginal costs that were adopted."
    return (
        Assumption("cost", "Second line and automatic transfer", "$", 350_000, 0, 20_000_000, 1_000,
                   "A planning figure: put the engineer's estimate here."),
        Assumption("kw", "Kept in reserve", "kW", max(round(site.kw), 1), 1, 100_000, 5, "Their highest demand."),
        Assumption("reserve_a_kw", "A kW in reserve costs a year", "$", reserve, 0, 2_000, 1, source),
        Assumption("transfer", "Until it has switched over", "seconds", 10, 0, 600, 1, "The switch's data sheet."),
        _life(30),
    )  # fmt: skip


def _taps(_: Site) -> tuple[Assumption, ...]:
    return (
        Assumption("steps", "Steps up", "of 2.5 %", 1, 1, 2, 1, "Taps of a distribution transformer, IEEE C57.12.34."),
        Assumption("cost", "A crew, and an hour without power", "$", 1_800, 0, 100_000, 100, OURS),
        _life(30),
    )


def _apart(_: Site) -> tuple[Assumption, ...]:
    return (
        Assumption("share", "Of the dips come from their own starts", "%", 50, 0, 100, 5,
                   "What was logged at the machine tells it: put it here."),
        Assumption("cost", "The transformer, set and connected", "$", 65_000, 0, 2_000_000, 1_000,
                   "A planning figure: put the engineer's estimate here."),
        _life(30),
    )  # fmt: skip


def _held(values: Values, upset: Upset, common: Values) -> float:
    """By a battery: all that is not longer than it holds."""
    return cost_of(upset, common) if upset.dip or upset.minutes <= values["hours"] * 60 else 0.0


def _bridged(values: Values, upset: Upset, common: Values) -> float:
    """By a UPS: its part of what is not longer than it holds."""
    holds = upset.dip or upset.minutes <= values["minutes"]
    return cost_of(upset, common) * values["part"] / 100 if holds else 0.0


def _switched(values: Values, upset: Upset, common: Values) -> float:
    """An outage is as long as the switch takes; a dip comes over either line."""
    left = Upset(min(upset.minutes, values["transfer"] / 60))
    return 0.0 if upset.dip else cost_of(upset, common) - cost_of(left, common)


def _raised(values: Values, upset: Upset, common: Values) -> float:
    """The dips that lack no more than the taps give."""
    enough = upset.lacks is not None and upset.lacks <= 2.5 * values["steps"]
    return cost_of(upset, common) if upset.dip and enough else 0.0


def _parted(values: Values, upset: Upset, common: Values) -> float:
    return cost_of(upset, common) * values["share"] / 100 if upset.dip else 0.0


def _ups_cost(values: Values) -> tuple[float, float]:
    return values["kw"] * values["cost_a_kw"], values["kw"] * HOURS * values["losses"] / 100 * values["price"]


def _battery_cost(values: Values) -> tuple[float, float]:
    return values["kw"] * values["hours"] * values["cost_a_kwh"] + values["transfer"], 0.0


REMEDIES = (
    Remedy("ups", "UPS for what must not stop", "Controls, freezers and computers ride through on a small battery of "
           "their own.", _ups, _bridged, _ups_cost),
    Remedy("battery", "Battery for the whole site", "It carries everything through dips and short outages. What it "
           "saves on bills besides, the What if tab tells.", _battery, _held, _battery_cost),
    Remedy("feed", "Second line with automatic transfer", "Another feeder takes over. A dip comes all the same, and "
           "the switch takes a moment.", _feed, _switched,
           lambda values: (values["cost"], values["kw"] * values["reserve_a_kw"])),
    Remedy("taps", "Transformer tap", "A higher steady voltage: dips do not go as deep.", _taps, _raised,
           lambda values: (values["cost"], 0.0)),
    Remedy("apart", "A transformer of its own for what starts hard", "Its starts no longer pull the voltage of the "
           "rest down.", _apart, _parted, lambda values: (values["cost"], 0.0)),
)  # fmt: skip


def remedies_for(site: Site) -> tuple[Remedy, ...]:
    """Those that they have not."""
    return tuple(one for one in REMEDIES if one.name not in site.have)
