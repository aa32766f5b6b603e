"""Who belongs on a schedule by a year of use, and bands of change. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lamplighter.kernel.money import Money

BANDS = (-20, -10, -5, -2, 2, 5, 10, 20)


@dataclass(frozen=True, slots=True)
class Limits:
    """A rule's limits: a customer comes in with `months` of the last twelve at or over `kw` or `kwh`, and stays while
    `stay` of them are. `usual`: for all whom no other rule of their class claims. `chosen`: only who asks for it.
    `rank`: of several rules that claim somebody the highest counts. `optional_kw` is not the rule's but the tariff's:
    from so many kW on its availability clause lets a customer ask for it."""

    schedule: str
    classes: frozenset[str]
    rank: int = 0
    usual: bool = False
    chosen: bool = False
    kw: Decimal | None = None
    kwh: Decimal | None = None
    months: int = 0
    stay: int = 0
    requires: str = ""
    notice_days: int = 30
    optional_kw: Decimal | None = None

    @property
    def assigns(self) -> bool:
        """Whether a customer is put on it without asking."""
        return not self.chosen


@dataclass(frozen=True, slots=True)
class Used:
    """One billed month: kWh, and the highest kW where a meter tells it."""

    month: date
    kwh: Decimal
    kw: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """Where a customer belongs, and why in words; no schedule where that cannot be told."""

    schedule: str
    why: str
    months: tuple[Used, ...] = ()


def belongs(own: str, customer_class: str, months: Sequence[Used], rules: Mapping[str, Limits]) -> Judged:
    """The schedule on which a customer belongs by the rules of their class.

    Who is on a schedule of their own choice, or on one without a rule, stays (docs/algorithms/rate-lab.md).
    """
    mine = rules.get(own)
    if mine is None:
        return Judged(own, "This schedule has no rule.")
    if why := _by_choice(mine, months):
        return Judged(own, why)
    here = [rule for rule in rules.values() if customer_class in rule.classes and rule.assigns]
    claims = [rule for rule in here if not rule.usual and over(rule, months) >= _needed(rule, own)]
    if claims:
        best = max(claims, key=lambda rule: rule.rank)
        return Judged(best.schedule, said(best, months, own), tuple(months))
    unknown = [rule for rule in here if rule.kw is not None and rule.kwh is None and not _any_kw(months)]
    if unknown and own in {rule.schedule for rule in unknown}:
        return Judged("", "No meter tells the demand by which the rule goes.")
    usual = next((rule for rule in sorted(here, key=lambda r: -r.rank) if rule.usual), None)
    if usual is None:
        return Judged(own, "No other schedule takes this class.")
    return Judged(usual.schedule, said(mine, months, own) if not mine.usual else "No limit is reached.", tuple(months))


def _by_choice(mine: Limits, months: Sequence[Used]) -> str:
    """Why somebody may stay on their schedule whatever the rules claim; "" where nothing lets them."""
    if mine.chosen:
        return "The customer chose it."
    if mine.optional_kw is None or not any(one.kw is not None and one.kw >= mine.optional_kw for one in months):
        return ""
    return f"The tariff opens it to whoever reaches {mine.optional_kw.normalize():,f} kW and asks for it."


def over(rule: Limits, months: Sequence[Used]) -> int:
    """In how many months a limit was reached."""
    return sum(
        (rule.kw is not None and used.kw is not None and used.kw >= rule.kw)
        or (rule.kwh is not None and used.kwh >= rule.kwh)
        for used in months
    )


def said(rule: Limits, months: Sequence[Used], own: str) -> str:
    limits = " or ".join(
        f"{value.normalize():,f} {unit}" for value, unit in ((rule.kw, "kW"), (rule.kwh, "kWh")) if value is not None
    )
    needed = _needed(rule, own)
    return f"{over(rule, months)} of {len(months)} months at or over {limits}; the rule asks for {needed}."


def _needed(rule: Limits, own: str) -> int:
    return max(rule.stay if rule.schedule == own else rule.months, 1)


def _any_kw(months: Sequence[Used]) -> bool:
    return any(used.kw is not None for used in months)


def split(budget_kwh: Decimal, budget: Money, kwh: Decimal) -> Money:
    """Of a difference in revenue, what other use than budgeted is worth at the budgeted price of a kWh."""
    if not budget_kwh:
        return Money(0)
    return Money.nearest((kwh - budget_kwh) * budget.cents / budget_kwh / 100)


def band(present: int, proposed: int) -> int:
    """The number of the band of a change in percent, 0 to len(BANDS); whoever paid nothing before is in the middle
    band with nothing still, and in the last one otherwise."""
    if present <= 0:
        return len(BANDS) // 2 if proposed == present else (len(BANDS) if proposed > present else 0)
    change = (proposed - present) * 100
    return sum(change >= limit * present if limit > 0 else change > limit * present for limit in BANDS)


def band_words(number: int) -> str:
    """`2% to 5% more`, `within 2%`."""
    if number == 0:
        return f"over {-BANDS[0]}% less"
    if number == len(BANDS):
        return f"{BANDS[-1]}% more or over"
    low, high = BANDS[number - 1], BANDS[number]
    if low < 0 < high:
        return f"within {high}%"
    return f"{low}% to {high}% more" if low > 0 else f"{-high}% to {-low}% less"


def band_mark(number: int) -> str:
    """The same for the axis of a chart: `+2 to +5%`."""
    if number in (0, len(BANDS)):
        return f"{'under' if number == 0 else 'over'} {BANDS[min(number, len(BANDS) - 1)]:+}%".replace("-", "\u2212")
    return f"{BANDS[number - 1]:+} to {BANDS[number]:+}%".replace("-", "\u2212")
