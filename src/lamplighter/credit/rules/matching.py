"""Open items: which credits pay which bills. Pure; docs/algorithms/open-items.md.

A bill's part on one agreement is what that was asked for at one age; what is charged again for a cancelled bill keeps
its age, and so its matches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import groupby

from lamplighter.kernel.money import ZERO, Money, total

Place = tuple[int, date]
"""An agreement, and the day from which a debt of it ages."""


class CannotMatch(Exception):
    """A match, or its undoing, is refused; the message is fit to be read aloud."""


class Style(StrEnum):
    FORWARD = "forward"
    OPEN = "open"

    @property
    def label(self) -> str:
        return {Style.FORWARD: "Balance forward", Style.OPEN: "Open items"}[self]


class Rule(StrEnum):
    """Why a credit pays a bill, the surest first; and why it does so no more."""

    NAMED = "named"
    EXACT = "exact"
    OLDEST = "oldest"
    HAND = "hand"
    GONE = "gone"
    STYLE = "style"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Rule.NAMED: "Names the bill", Rule.EXACT: "Its exact amount", Rule.OLDEST: "The oldest bill",
    Rule.HAND: "By hand", Rule.GONE: "Taken back or billed again", Rule.STYLE: "Aged another way",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """What an agreement was asked for at one age, net of what was taken back; by which bill, "" before there is one."""

    agreement: int
    owed_on: date
    bill: str
    amount: Money

    @property
    def place(self) -> Place:
        return self.agreement, self.owed_on


@dataclass(frozen=True, slots=True)
class Credit:
    """What an agreement was credited with. `group`: what came together; `named`: what the payer wrote; `held`:
    somebody undid its match, and it waits for a person."""

    posting: int
    agreement: int
    group: int
    on: date
    amount: Money
    named: frozenset[str] = frozenset()
    held: bool = False


@dataclass(frozen=True, slots=True)
class Tie:
    """A match that stands, by its `key`; or one to be made, which has none yet."""

    credit: int
    agreement: int
    owed_on: date
    amount: Money
    rule: Rule
    key: int = 0

    @property
    def place(self) -> Place:
        return self.agreement, self.owed_on


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A credit that went again, from an agreement: a transfer, a refund; of which payment, where that is known."""

    agreement: int
    amount: Money
    receipt: str = ""


def worth(credits: Sequence[Credit], taken: Iterable[TakenBack], receipts: Mapping[int, str]) -> list[Credit]:
    """What credits are still worth: what was taken back leaves the payment that it was of, else the newest."""
    left = {one.posting: one.amount for one in credits}
    for back in taken:
        wanted = back.amount
        of_it = [one for one in reversed(credits) if one.agreement == back.agreement]
        for one in sorted(of_it, key=lambda each: receipts.get(each.posting, "") != back.receipt or not back.receipt):
            part = min(wanted, left[one.posting])
            left[one.posting] -= part
            wanted -= part
    return [replace(one, amount=left[one.posting]) for one in credits]


def outgrown(items: Iterable[Item], credits: Iterable[Credit], ties: Sequence[Tie]) -> list[Tie]:
    """Matches for which the bill is too small by now, or the credit, oldest kept first."""
    asked = {one.place: one.amount for one in items}
    given = {one.posting: one.amount for one in credits}
    gone = []
    for tie in sorted(ties, key=lambda each: each.key):
        if tie.amount > min(asked.get(tie.place, ZERO), given.get(tie.credit, ZERO)):
            gone.append(tie)
            continue
        asked[tie.place] -= tie.amount
        given[tie.credit] -= tie.amount
    return gone


class _Open:
    """What is open of each item while credits are given to them."""

    def __init__(self, items: Iterable[Item], ties: Iterable[Tie]) -> None:
        self.items = sorted(items, key=lambda one: (one.owed_on, one.agreement))
        self.left = {one.place: one.amount for one in self.items}
        for tie in ties:
            self.left[tie.place] -= tie.amount

    def bill(self, number: str, *, by: date) -> Money:
        return total(self.left[one.place] for one in self.items if one.bill == number and one.owed_on <= by)

    def exact(self, amount: Money, *, by: date) -> str:
        """The oldest bill of which exactly so much is open; "" for none."""
        numbers = dict.fromkeys(one.bill for one in self.items if one.bill)
        return next((number for number in numbers if self.bill(number, by=by) == amount), "")


def propose(
    items: Sequence[Item], credits: Sequence[Credit], ties: Sequence[Tie], undone: Sequence[Tie] = ()
) -> list[Tie]:
    """Matches to be made, credit by credit as they came: to the bill that it paid before that was billed again, to the
    bill that it names, to the one of exactly its amount, to the oldest. What stood already is left as it is."""
    left, free = _Open(items, ties), {one.posting: one.amount for one in credits}
    for tie in ties:
        free[tie.credit] -= tie.amount
    made: list[Tie] = []
    waiting = [one for one in credits if free[one.posting] > ZERO]
    carried: dict[int, list[Tie]] = defaultdict(list)
    for tie in undone:
        carried[tie.credit].append(tie)
    for one in waiting:
        for tie in carried[one.posting]:
            made += _give([one], left, free, lambda item, place=tie.place: item.place == place, tie.rule)  # type: ignore[misc]
    loose = sorted((one for one in waiting if not one.held), key=lambda one: (one.on, one.group, one.posting))
    for _, several in groupby(loose, key=lambda one: (one.on, one.group)):
        made += _by_rule(list(several), left, free)
    made += _give(loose, left, free, lambda _: True, Rule.OLDEST)
    return made


def _by_rule(group: Sequence[Credit], left: _Open, free: dict[int, Money]) -> Iterator[Tie]:
    """What came together, among what was owed by then."""
    by, named = group[0].on, group[0].named
    yield from _give(group, left, free, lambda item: item.bill in named, Rule.NAMED)
    exact = left.exact(total(free[one.posting] for one in group), by=by)
    if exact:
        yield from _give(group, left, free, lambda item: item.bill == exact and item.owed_on <= by, Rule.EXACT)
    yield from _give(group, left, free, lambda item: item.owed_on <= by, Rule.OLDEST)


def _give(
    credits: Iterable[Credit], left: _Open, free: dict[int, Money], fits: Callable[[Item], bool], rule: Rule
) -> list[Tie]:
    """To the items that fit, the oldest first, as far as both go; each credit on its own agreement."""
    made = []
    for one in credits:
        for item in left.items:
            part = min(free[one.posting], left.left[item.place])
            if part > ZERO and item.agreement == one.agreement and fits(item):
                free[one.posting] -= part
                left.left[item.place] -= part
                made.append(Tie(one.posting, *item.place, part, rule))
    return made
