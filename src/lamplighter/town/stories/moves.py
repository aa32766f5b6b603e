"""Places with a story: a flat where power is used and nobody has service."""

from __future__ import annotations

from lamplighter.town.loads import Home
from lamplighter.town.places import place
from lamplighter.town.plan import MeterPlan, Reading, Service


def vacant() -> tuple[Service, ...]:
    """Since its last tenant left, before the city's books begin, nobody signed up; somebody lives there."""
    meter = MeterPlan(Reading.HOURLY, badge="E-77098311")
    return (Service(place("912 Bay Ct", 15), "R-1", Home(20, 0.15, 0.7), meter),)
