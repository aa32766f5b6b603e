"""Who belongs on which rate of Marisol Bay by the board's rules, a study for the hearing, and a review."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from lamplighter.platform.transactions import unit_of_work
from lamplighter.ratestudies.models import Study
from lamplighter.ratestudies.operations.reviews import keep_review
from lamplighter.ratestudies.operations.rules import set_rule
from lamplighter.ratestudies.operations.studies import begin_study, keep_study, studied
from lamplighter.ratestudies.queries.reviewing import reviewed
from lamplighter.ratestudies.queries.studying import worked
from lamplighter.ratestudies.rules import Limits
from lamplighter.tariffs.models import Schedule, Version
from lamplighter.town.calendar import at
from lamplighter.town.staff import ADMINISTRATOR, ANALYST, RENEE

HOMES, TRADE = frozenset({"residential"}), frozenset({"commercial", "government", "industrial"})
BY = "Resolution 2024-11 of the Public Utilities Board, rule 4"
RULES: dict[str, Limits] = {
    "R-1": Limits("", HOMES, usual=True),
    "R-TOU": Limits("", HOMES, chosen=True),
    "R-EV": Limits("", HOMES, chosen=True, requires="a registered electric vehicle"),
    "GS-1": Limits("", TRADE, usual=True),
    "GS-2": Limits("", TRADE, rank=2, kw=Decimal(50), kwh=Decimal(12_000), months=4, stay=2, notice_days=45),
    "GS-3": Limits("", TRADE, rank=3, kw=Decimal(500), months=3, stay=1, notice_days=45),
}


def set_rate_rules(*, begins: date) -> None:
    """As they stood when the books began."""
    day = begins - timedelta(days=40)
    with unit_of_work(ADMINISTRATOR):
        for schedule in Schedule.objects.filter(code__in=RULES).order_by("code"):
            rule = RULES[schedule.code]
            limits = Limits(
                schedule.pk, rule.classes, rule.rank, rule.usual, rule.chosen, rule.kw, rule.kwh, rule.months,
                rule.stay, rule.requires, rule.notice_days,
            )  # fmt: skip
            set_rule(schedule=schedule, limits=limits, citation=BY, on=begins, by=ADMINISTRATOR, at=at(day, 10))


def watch_rates(as_of: date) -> None:
    """Yesterday Renee held everybody to the rules, and Iris studied what the car owners' new prices did."""
    on = as_of - timedelta(days=1)
    until, when = on.replace(day=1), at(on, 14)
    found = reviewed(until=until, on=on, progress=_quietly)
    with unit_of_work(RENEE):
        keep_review(found=found, until=until, on=on, by=RENEE, at=when)
    before = Version.objects.filter(schedule__code="R-EV", state=Version.State.ADOPTED).order_by("period").first()
    if before is not None:
        _study(before, until=until, on=on)


def _study(version: Version, *, until: date, on: date) -> None:
    text, when = version.source.text, at(on, 15)
    with unit_of_work(ANALYST):
        study = begin_study(
            name="R-EV at the prices of before July", schedule=version.schedule, text=text, scope=Study.Scope.RATE,
            until=until, by=ANALYST, at=when, queued=False,
        )  # fmt: skip
    made = worked(study, studied(text), on=on, progress=_quietly)
    with unit_of_work(ANALYST):
        keep_study(study=study, worked=made, by=ANALYST, at=when)


def _quietly(done: int, of: int) -> None:
    """Nobody waits for it."""
