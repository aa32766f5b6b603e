"""A second opinion on shut-offs for non-payment in California: written apart, slowly, from the statute and a calendar.

It knows nothing of the program's rules, packs or facts: it walks through the raw history day by day, with the closed
days of two years as a person copied them from the wall.
"""

from __future__ import annotations

from datetime import date, timedelta

from tests.credit.histories import ZONE, History

CLOSED = """
2026-01-01 2026-01-19 2026-02-12 2026-02-16 2026-03-31 2026-05-25 2026-06-19 2026-07-03 2026-09-07 2026-10-12
2026-11-11 2026-11-26 2026-11-27 2026-12-25 2027-01-01 2027-01-18 2027-02-12 2027-02-15 2027-03-31 2027-05-31
2027-06-18 2027-07-05 2027-09-06 2027-10-11 2027-11-11 2027-11-25 2027-11-26 2027-12-24 2027-12-31
"""
HEAT = ("Heat Advisory", "Excessive Heat Watch", "Excessive Heat Warning", "Extreme Heat Watch", "Extreme Heat Warning")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def wrongs(history: History) -> list[str]:
    """Everything that would make it wrong to turn the power off at that instant; none: it is lawful."""
    found = []
    here = history.at.astimezone(ZONE)
    today = here.date()
    if closed(today) or closed(today + DAY):
        found.append("closed today or tomorrow")
    if not 8 * 60 + 30 <= here.hour * 60 + here.minute < 17 * 60:
        found.append("outside office hours")
    for kind, start, end in history.protected:
        if start <= today and (end is None or today < end):
            found.append(f"protected: {kind}")
    if sum(cents for _, cents in late(history, today)) < 5000:
        found.append("owes too little")
    if not properly_told(history, today):
        found.append("not told")
    if history.tenants and not tenants_told(history):
        found.append("tenants not told")
    found += skies(history, today)
    if not any(start <= history.at and end >= history.at + 4 * HOUR for start, end in history.crews):
        found.append("nobody to reconnect")
    if history.read_at is not None and not 0 <= (history.at - history.read_at).total_seconds() <= 900:
        found.append("stale")
    return found


def closed(day: date) -> bool:
    return day.strftime("%a") in ("Sat", "Sun") or day.isoformat() in CLOSED.split()


def late(history: History, today: date) -> list[tuple[date, int]]:
    """Bills past due with what is unpaid of each: every cent paid goes to the oldest bill."""
    purse = sum(cents for _, cents in history.paid)
    left = []
    for day, cents in sorted(history.billed):
        spent = min(purse, cents)
        purse -= spent
        if cents > spent and (today - day).days > 21:
            left.append((day, cents - spent))
    return left


def properly_told(history: History, today: date) -> bool:
    """Some notice stood for long enough, and somebody was reached, or left a notice at the door, after the first."""
    ended = [end for _, _, end in history.protected if end is not None and end <= today]
    good = []
    for mailed, cents, returned in history.mailed:
        old_enough = sum(owed for day, owed in late(history, today) if (mailed - day).days >= 19)
        spent = any(mailed < end for end in ended)
        too_old = (today - mailed).days > 60
        if not (returned or spent or too_old or cents < 5000 or old_enough < 5000) and first_day(mailed) <= today:
            good.append(mailed)
    if not good:
        return False
    after = [(how, at, reached) for how, at, reached in history.contacted if at.astimezone(ZONE).date() >= min(good)]
    spoke = [at for how, at, reached in after if how in ("phone", "visit") and reached]
    tried = [at for how, at, _ in after if how in ("phone", "visit")]
    left = [at for how, at, _ in after if how == "posted"]
    a_day_ago, two_days_ago = history.at - 24 * HOUR, history.at - 48 * HOUR
    if any(at <= a_day_ago for at in spoke):
        return True
    return any(at <= a_day_ago for at in tried) and any(at <= two_days_ago for at in left)


def first_day(mailed: date) -> date:
    """Five days for the mail, ten of notice, the last one working; then the next day with an open one after it."""
    day = mailed
    for _ in range(5 + 10):
        day += DAY
    while closed(day):
        day += DAY
    day += DAY
    while closed(day) or closed(day + DAY):
        day += DAY
    return day


def tenants_told(history: History) -> bool:
    days = {"individually-metered": 10, "master-metered": 15}.get(history.tenants)
    today = history.day
    ended = [end for _, _, end in history.protected if end is not None and end <= today]
    told = [at for how, at, _ in history.contacted if how == "tenants" and at <= history.at]
    told = [at for at in told if all(at.astimezone(ZONE).date() >= end for end in ended)]
    return days is not None and any(history.at - at >= days * DAY for at in told)


def skies(history: History, today: date) -> list[str]:
    if history.asked_weather is None:
        return ["no weather"]
    asked, last, alerts = history.asked_weather
    found = []
    if not 0 <= (history.at - asked).total_seconds() <= 6 * 3600:
        found.append("stale weather")
    if not asked.astimezone(ZONE).date() <= today <= max(last, asked.astimezone(ZONE).date()):
        found.append("weather of other days")
    if any(name in HEAT and day == today for name, day in alerts):
        found.append("heat")
    return found
