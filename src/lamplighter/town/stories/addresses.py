"""An address with a story: Bea Lindqvist is in Safe at Home, and nobody may learn where she lives."""

from __future__ import annotations

from datetime import date

from lamplighter.journeys.protecting import protect
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.calendar import at, days_after
from lamplighter.town.plan import Plan, Scene
from lamplighter.town.staff import RENEE
from lamplighter.town.stage import Stage

BOX = "P.O. Box 846\nSacramento CA 95812"


def scenes(plan: Plan) -> list[Scene]:
    return [Scene("bea", days_after(plan.as_of, -12), shows_her_card)]


def shows_her_card(stage: Stage, day: date) -> None:
    """At the counter she shows her participant card, good for four years, and asks for Renee."""
    with unit_of_work(RENEE):
        protect(
            account=stage.account("bea"), program="safe-at-home", evidence="Participant card 10482",
            substitute=BOX, until=days_after(day, 4 * 365), on=day, by=RENEE, at=at(day, 14, 10),
        )  # fmt: skip
