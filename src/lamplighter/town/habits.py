"""How people pay: most of them on time by several ways, some late, some in part, a few no longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from lamplighter.town.plan import Habit

AUTOPAY = Habit("electronic", "transfer", (21, 21))
ONLINE = Habit("electronic", "card", (2, 19))
BANK = Habit("electronic", "transfer", (9, 20))
MAIL = Habit("lockbox", "check", (7, 18))
COUNTER = Habit("drawer-2", "cash", (4, 19))
COUNTER_CHECK = Habit("drawer-2", "check", (4, 19))
WAYS = ((AUTOPAY, 22), (ONLINE, 19), (BANK, 8), (MAIL, 35), (COUNTER, 11), (COUNTER_CHECK, 5))
DRAWERS = (("drawer-1", 5), ("drawer-2", 5), ("drawer-3", 2))


def household_habit(random: Random, as_of: date) -> Habit:
    way = random.choices([way for way, _ in WAYS], [weight for _, weight in WAYS])[0]
    if way.source == "drawer-2":
        way = replace(way, source=random.choices([k for k, _ in DRAWERS], [w for _, w in DRAWERS])[0])
    if way is AUTOPAY:
        return way
    fate = random.random()
    if fate < 0.12:
        return replace(way, after=(22, 28))
    if fate < 0.19:
        return replace(way, after=(14, 26), skips=25)
    if fate < 0.22:
        return replace(way, percent=random.choice((40, 55, 65, 75)))
    if fate < 0.255:
        return replace(way, until=as_of - timedelta(days=random.randrange(20, 150)))
    return way


def business_habit(random: Random) -> Habit:
    way = random.choices((MAIL, BANK, AUTOPAY), (5, 3, 3))[0]
    return replace(way, after=(22, 27)) if way is not AUTOPAY and random.random() < 0.06 else way
