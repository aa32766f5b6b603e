"""What keeps power on whatever is owed: protections, promises, tenants, the calendar, the weather, empty crews.

Each judge answers whether its condition holds at a moment, in words, and where that stands.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from lamplighter.credit.law.days import why_not_at
from lamplighter.credit.law.parameters import POLICY, HoldKind, Pack
from lamplighter.credit.rules.facts import Held, How
from lamplighter.kernel.instants import Span

if TYPE_CHECKING:
    from lamplighter.credit.rules.certificate import Moment

Answer = tuple[bool, str, str]
HAZARD_HOURS = 24
PROTECT_PEOPLE = frozenset({HoldKind.LIFE_SUPPORT, HoldKind.MEDICAL, HoldKind.LEGAL})


def fresh(moment: Moment) -> Answer:
    """The account was read just now."""
    rule = moment.pack.fact_age_minutes
    age = moment.at - moment.facts.read_at
    return timedelta() <= age <= timedelta(minutes=rule.value), rule.says, rule.cites


def holds(moment: Moment) -> Answer:
    """No protection of any kind runs for this class of customer."""
    for held in _running(moment):
        rule = moment.pack.holds.get(held.kind)
        return False, f"{held.kind.label}{_until(held)}.", rule.cites if rule else POLICY
    return True, "No dispute, review, medical certificate, pledge, bankruptcy or other protection runs.", POLICY


def protected(moment: Moment) -> Answer:
    """For reasons other than debt: nobody's life hangs on the power, and counsel asks for nothing."""
    for held in _running(moment):
        if held.kind in PROTECT_PEOPLE:
            rule = moment.pack.holds.get(held.kind)
            return False, f"{held.kind.label}{_until(held)}.", rule.cites if rule else POLICY
    return True, "No medical certificate, life support or legal hold runs.", POLICY


def arrangement(moment: Moment) -> Answer:
    if any(moment.day in period for period in moment.facts.arranged):
        return False, "A payment arrangement runs.", moment.pack.plan_months.cites
    return True, "No payment arrangement runs.", moment.pack.plan_months.cites


def extension(moment: Moment) -> Answer:
    cites = moment.pack.extension_request_days.cites
    for period in moment.facts.promised:
        if moment.day in period:
            until = f" until {period.last_day:%b %-d}" if period.end else ""
            return False, f"More time to pay was given{until}.", cites
    return True, "No more time to pay was given.", cites


def tenants(moment: Moment) -> Answer:
    """Where tenants live on the customer's account, they were told in time."""
    how = moment.facts.tenants
    if not how:
        return True, "No tenants depend on this account.", POLICY
    rule = moment.pack.tenant_notice_days.get(how)
    if rule is None:
        return False, f"Tenants are {how}, for which no rule is known.", POLICY
    told = [each.at for each in moment.facts.contacts if each.how is How.TENANTS and each.at >= _clear_since(moment)]
    long_enough = timedelta(days=rule.value)
    return any(moment.at - at >= long_enough for at in told), rule.says, rule.cites


def calendar(moment: Moment) -> Answer:
    if rule := why_not_at(moment.local, moment.pack):
        return False, rule.says, rule.cites
    return True, "The office is open today and tomorrow.", moment.pack.calendar.cites


def weather(moment: Moment) -> Answer:
    """The weather service was asked lately, for this day, and tells of no heat."""
    seen, age = moment.facts.weather, moment.pack.weather_age_hours
    if seen is None:
        return False, "Nothing is known of the weather.", age.cites
    if not timedelta() <= moment.at - seen.asked_at <= timedelta(hours=age.value) or moment.day not in seen.covers:
        return False, f"The weather is known only as of {seen.asked_at:%b %-d %H:%M} UTC ({seen.owner}).", age.cites
    rule = moment.pack.heat_alerts
    for alert in seen.alerts:
        if alert.name in rule.value and moment.day in alert.days:
            return False, f"{alert.name} today.", rule.cites
    return True, f"No heat alert today ({seen.owner}).", rule.cites


def reconnection(moment: Moment) -> Answer:
    """Somebody can turn the power on again, today."""
    rule = moment.pack.reconnect_hours
    until = moment.at + timedelta(hours=rule.value)
    return any(_covers(span, moment.at, until) for span in moment.facts.staffed), rule.says, rule.cites


def served(moment: Moment) -> Answer:
    """Whoever owes, or asks for it, has service here today: nobody goes without power for who lived there before."""
    if moment.day in moment.facts.served:
        return True, "The customer has service here today.", POLICY
    return False, "The customer has no service here today.", POLICY


def stopped(moment: Moment) -> Answer:
    end = moment.facts.served.end
    if end is None or end > moment.day:
        return False, "The customer's service goes on.", POLICY
    return True, "The customer's service has ended.", POLICY


def successor(moment: Moment) -> Answer:
    if moment.facts.successor:
        return False, "Somebody else has or begins service here.", POLICY
    return True, "Nobody else has or begins service here.", POLICY


def hazard(moment: Moment) -> Answer:
    """A person saw the danger within a day; where life support runs, a second person decides."""
    seen = moment.facts.evidence
    if seen is None or not timedelta() <= moment.at - seen.seen_at <= timedelta(hours=HAZARD_HOURS):
        return False, "Nobody has reported the danger within the last day.", POLICY
    if any(held.kind in PROTECT_PEOPLE for held in _running(moment)) and not _second(moment):
        return False, "Somebody's health depends on the power: a second person decides.", POLICY
    return True, f"Danger reported by {seen.seen_by} ({seen.reference}).", POLICY


def investigation(moment: Moment) -> Answer:
    """Unauthorized use was found by one person and decided on by another."""
    seen = moment.facts.evidence
    if seen is None or seen.seen_at > moment.at:
        return False, "No evidence of unauthorized use is on file.", POLICY
    return _second(moment), f"Found by {seen.seen_by} ({seen.reference}), decided by a second person.", POLICY


def asked(moment: Moment) -> Answer:
    """The customer asked for it, and the day has come."""
    seen = moment.facts.evidence
    if seen is None or seen.for_day is None or seen.seen_at > moment.at:
        return False, "The customer has not asked for it.", POLICY
    return seen.for_day <= moment.day, f"The customer asked for it from {seen.for_day:%b %-d} on.", POLICY


def cleared_on(moment: Moment) -> datetime | None:
    """The start of the day on which the last protection, promise or plan ended: notices before it are spent."""
    periods = [*moment.facts.arranged, *moment.facts.promised, *(held.period for held in moment.facts.holds)]
    ends = [period.end for period in periods if period.end is not None and period.end <= moment.day]
    if not ends:
        return None
    return datetime.combine(max(ends), datetime.min.time(), moment.local.tzinfo)


def _clear_since(moment: Moment) -> datetime:
    return cleared_on(moment) or datetime.min.replace(tzinfo=moment.at.tzinfo)


def _running(moment: Moment) -> list[Held]:
    return [held for held in moment.facts.holds if moment.day in held.period and _protects(held, moment)]


def _protects(held: Held, moment: Moment) -> bool:
    """What the pack does not know protects all the same; winter protection runs in winter."""
    pack: Pack = moment.pack
    if held.kind is HoldKind.WINTER and pack.winter is not None and moment.day not in pack.winter.value:
        return False
    rule = pack.holds.get(held.kind)
    return rule is None or moment.facts.customer_class in rule.value


def _second(moment: Moment) -> bool:
    seen = moment.facts.evidence
    return seen is not None and bool(seen.decided_by) and seen.decided_by != seen.seen_by


def _covers(span: Span, start: datetime, end: datetime) -> bool:
    return span.start <= start and (span.end is None or end <= span.end)


def _until(held: Held) -> str:
    return f" until {held.period.last_day:%b %-d, %Y}" if held.period.end else ""
