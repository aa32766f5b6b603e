"""Which rules of who belongs on a rate are in force, and which rates a customer may be on by them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from lamplighter.accounts.models import Agreement, AgreementRate
from lamplighter.ratestudies.models import RateRule
from lamplighter.ratestudies.rules import Limits
from lamplighter.tariffs.queries import newest


def rules_on(day: date) -> dict[str, Limits]:
    """The rules in force on a day, by schedule, with what each tariff lets customers ask for; two queries."""
    rules = {row.schedule_id: row.limits for row in RateRule.objects.filter(period__contains=day)}
    tariffs = newest(rules.keys(), on=day)
    return {
        key: replace(rule, optional_kw=tariffs[key].tariff.available.kw_optional_from) if key in tariffs else rule
        for key, rule in rules.items()
    }


def ruled_out(agreement: Agreement, *, on: date) -> dict[str, str]:
    """The schedules of its class that a rule stands for and that an agreement may not ask for, each with why."""
    rules, class_ = rules_on(on), agreement.account.customer_class
    may = may_choose(schedule_on(agreement, on=on), class_, rules)
    why = "Nobody asks for it: the utility's rules put customers on it by their use."
    return {key: why for key, rule in rules.items() if class_ in rule.classes and key not in may}


def schedule_on(agreement: Agreement, *, on: date) -> str:
    """The key of the schedule that it is on that day, else of its last; "" where it has none."""
    rates = AgreementRate.objects.filter(agreement=agreement, rider=False)
    live = rates.filter(period__contains=on).first() or rates.order_by("-period").first()
    return live.schedule_id if live else ""


def may_choose(own: str, customer_class: str, rules: dict[str, Limits]) -> list[str]:
    """The schedules that a customer may be on: their own, those of their class that anybody may choose, and, for who
    is on a chosen one, the usual one of the class. What the tariff itself opens to whoever asks from some demand on is
    among them, and whoever is on such a one may go to those that the rules assign. Whether the book is open to them is
    asked besides (billing.queries.comparing_rates.closed_to)."""
    mine = rules.get(own)
    free = mine is None or mine.chosen or mine.usual
    back = mine is not None and mine.optional_kw is not None
    found = [
        rule.schedule
        for rule in rules.values()
        if customer_class in rule.classes
        and rule.schedule != own
        and (rule.optional_kw is not None or (free and (rule.chosen or rule.usual)) or (back and rule.assigns))
    ]
    return [own, *found]
