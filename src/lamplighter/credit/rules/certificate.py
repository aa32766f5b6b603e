"""Whether a service may be turned off, for one reason at one instant: every condition checked, none left out.

Pure: facts and a pack in, a decision out. All checks of the reason must pass; what is not known fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from lamplighter.credit.law.parameters import POLICY, Pack
from lamplighter.credit.rules import bars, notices
from lamplighter.credit.rules.facts import Facts, Reason


@dataclass(frozen=True, slots=True)
class Check:
    """One condition: its code, whether it holds, in words, and where it stands."""

    code: str
    passed: bool
    says: str
    cites: str = POLICY


@dataclass(frozen=True, slots=True)
class Moment:
    """What every rule looks at: the facts, the law in force, and the instant with its local time."""

    facts: Facts
    pack: Pack
    at: datetime
    local: datetime

    @property
    def day(self) -> date:
        return self.local.date()


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome, with every check. `off_on` is the first day that the counted notice allows, if there is one."""

    reason: Reason
    pack: str
    at: datetime
    checks: tuple[Check, ...]
    off_on: date | None = None

    @property
    def allowed(self) -> bool:
        return bool(self.checks) and all(check.passed for check in self.checks)

    @property
    def refusals(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if not check.passed)


def decide(facts: Facts, *, reason: Reason, pack: Pack, at: datetime, zone: ZoneInfo) -> Decision:
    """Check every rule of the reason at the instant `at` (aware)."""
    assert at.tzinfo is not None, "an instant has a zone"
    moment = Moment(facts, pack, at, at.astimezone(zone))
    checks = tuple(_check(code, rule, moment) for code, rule in RULES[reason])
    off_on = notices.off_on(moment) if reason is Reason.NON_PAYMENT else None
    return Decision(reason, pack.name, at, checks, off_on)


Judge = Callable[[Moment], tuple[bool, str, str]]


def _check(code: str, judge: Judge, moment: Moment) -> Check:
    return Check(code, *judge(moment))


def _of(*names: str) -> tuple[tuple[str, Judge], ...]:
    return tuple((name, JUDGES[name]) for name in names)


JUDGES: dict[str, Judge] = {
    "fresh": bars.fresh,
    "debt": notices.debt,
    "notice": notices.notice,
    "contact": notices.contact,
    "arrangement": bars.arrangement,
    "extension": bars.extension,
    "holds": bars.holds,
    "protected": bars.protected,
    "tenants": bars.tenants,
    "calendar": bars.calendar,
    "weather": bars.weather,
    "reconnection": bars.reconnection,
    "served": bars.served,
    "stopped": bars.stopped,
    "successor": bars.successor,
    "hazard": bars.hazard,
    "investigation": bars.investigation,
    "asked": bars.asked,
}
RULES: dict[Reason, Iterable[tuple[str, Judge]]] = {
    Reason.NON_PAYMENT: _of("fresh", "served", "successor", "debt", "holds", "arrangement", "extension", "notice",
                            "contact", "tenants", "calendar", "weather", "reconnection"),
    Reason.MOVE_OUT: _of("fresh", "stopped", "successor", "protected", "tenants", "calendar", "weather"),
    Reason.HAZARD: _of("fresh", "hazard"),
    Reason.UNAUTHORIZED_USE: _of("fresh", "investigation", "successor", "protected", "tenants", "calendar", "weather",
                                 "reconnection"),
    Reason.REQUEST: _of("fresh", "asked", "served", "successor", "protected", "tenants", "calendar"),
}  # fmt: skip
