"""Say in plain words why a bill differs from another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lamplighter.billing.queries.comparison import Cause, Why
from lamplighter.billing.queries.reading_lines import number
from lamplighter.billing.queries.reading_view import CauseView, Compared
from lamplighter.kernel.money import Money

SMALL = Money(100)
SMALL_SHARE = 50  # a fiftieth, 2 %


@dataclass(frozen=True, slots=True)
class Told:
    """What the words need to know of the two bills. `last_year` is False for the bill before; `carried`: the bill
    asks for more, or less, than its own charges; `by_hours`: the rate has prices by the hour."""

    then: Compared
    now: Compared
    last_year: bool
    month: str
    carried: bool = False
    rates_then: tuple[str, ...] = ()
    rates_now: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    peak_then: Decimal | None = None
    peak_now: Decimal | None = None
    estimated: bool = False
    by_hours: bool = False


def in_words(causes: Sequence[Cause], told: Told) -> tuple[CauseView, ...]:
    """Each cause with its line of words."""
    return tuple(CauseView(cause.why, _capital(_words(cause.why, told)), cause.amount) for cause in causes)


def sentence(causes: Sequence[Cause], told: Told) -> str:
    """ "Your bill is $44.80 more than last October. Most of it is more use: 18 kWh a day instead of 14." """
    change = told.now.charges - told.then.charges
    other = f"last {told.month}" if told.last_year else "the bill before"
    if abs(change) < SMALL or abs(change).cents * SMALL_SHARE < abs(told.then.charges).cents:
        return f"{_begin(told)} about the same as {other}."
    direction = "more" if change.cents > 0 else "less"
    same_way = [cause for cause in causes if (cause.amount.cents > 0) == (change.cents > 0)]
    largest = max(same_way, key=lambda cause: abs(cause.amount))
    share = "Most of it is" if abs(largest.amount).cents * 2 >= abs(change).cents else "The largest part is"
    return f"{_begin(told)} {abs(change)} {direction} than {other}. {share} {_words(largest.why, told)}."


def _begin(told: Told) -> str:
    return "Your new charges are" if told.carried else "Your bill is"


def _words(why: Sequence[Why], told: Told) -> str:
    if len(why) == 1 and why[0] in _WORDS:
        return _WORDS[why[0]](told)
    parts = [_SHORT[one] for one in why]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _rate(told: Told) -> str:
    if told.rates_then == told.rates_now:
        return "new prices"
    return f"rate {' and '.join(told.rates_now)} instead of {' and '.join(told.rates_then)}"


def _programs(told: Told) -> str:
    return " and ".join(told.programs) or _SHORT[Why.PROGRAMS]


def _days(told: Told) -> str:
    more = told.now.days - told.then.days
    if not more:
        return "the way in which part months are charged"
    count = f"{abs(more)} {'more' if more > 0 else 'fewer'} {'day' if abs(more) == 1 else 'days'}"
    return f"{count}: {told.now.days} instead of {told.then.days}"


def _use(told: Told) -> str:
    then, now = told.then.kwh_a_day, told.now.kwh_a_day
    mark = ", part of it estimated" if told.estimated else ""
    if then is None or now is None:
        return f"{_SHORT[Why.USE]}{mark}"
    before, after = number(then, 1), number(now, 1)
    if before == after:
        return f"{'use at other times' if told.by_hours else 'about the same use'}{mark}"
    return f"{'more' if now > then else 'less'} use: {after} kWh a day instead of {before}{mark}"


def _peak(told: Told) -> str:
    then, now = told.peak_then, told.peak_now
    if then is None or now is None or number(then, 1) == number(now, 1):
        return _SHORT[Why.PEAK]
    return f"a {'higher' if now > then else 'lower'} peak: {number(now, 1)} kW instead of {number(then, 1)}"


_SHORT = {
    Why.RATE: "new prices",
    Why.PROGRAMS: "discounts and programs",
    Why.SEASON: "seasonal prices",
    Why.DAYS: "the number of days",
    Why.USE: "use",
    Why.PEAK: "peak demand",
    Why.BROUGHT_FORWARD: "credits and peaks of earlier bills",
    Why.SERVICE: "service that was added or ended",
    Why.ONE_OFF: "late charges, fees and other one-time items",
}
_WORDS: dict[Why, Callable[[Told], str]] = {
    Why.RATE: _rate,
    Why.PROGRAMS: _programs,
    Why.DAYS: _days,
    Why.USE: _use,
    Why.PEAK: _peak,
}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
