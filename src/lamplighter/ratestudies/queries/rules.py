"""Which rules of who belongs on a rate are in force, and which rates a customer may be on by them."""

from __future__ import annotations

from datetime import date

from lamplighter.ratestudies.models import RateRule
from lamplighter.ratestudies.rules import Limits


def rules_on(day: date) -> dict[str, Limits]:
    """The rules in force on a day, by schedule; one query."""
    return {row.schedule_id: row.limits for row in RateRule.objects.filter(period__contains=day)}


def may_choose(own: str, customer_class: str, rules: dict[str, Limits]) -> list[str]:
    """The schedules that a customer may be on: their own, those of their class that anybody may choose, and, for who
    is on a chosen one, the usual one of the class."""
    mine = rules.get(own)
    free = mine is None or mine.chosen or mine.usual
    found = [
        rule.schedule
        for rule in rules.values()
        if customer_class in rule.classes and rule.schedule != own and (rule.chosen or (rule.usual and free))
    ]
    return [own, *(found if free else ())]
