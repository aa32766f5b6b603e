"""A tiny Marisol Bay: the stories, the key accounts, and a few neighbors."""

from itertools import count

import pytest
from django.db import connection

from lamplighter.town.build import build
from lamplighter.town.calendar import at
from lamplighter.town.census import plan_city
from lamplighter.town.plan import Size

TINY = Size(homes=30, hourly=16, shops=2, medium=1, months=3)


@pytest.fixture
def places(settings, tmp_path):
    """Intervals, files and letters of a test go into folders of its own."""
    settings.INTERVAL_STORE, settings.STATE = str(tmp_path / "intervals"), tmp_path
    return tmp_path


@pytest.fixture
def city(db, places, settings):
    """Builds a tiny city as of a day; its plan and the stages that were told."""

    def built(day, size=TINY, **kwargs):
        settings.INTERVAL_STORE = str(places / f"intervals-{next(serial)}")
        told = []
        with connection.cursor() as cursor:  # which rebates are inspected is drawn by their numbers
            cursor.execute("SELECT setval('number_rebate', 1, false)")
        plan = plan_city(day, size)
        build(plan, now=at(day, 10), tell=lambda stage, *_: told.append(stage), **kwargs)
        return plan, list(dict.fromkeys(told))

    serial = count(1)

    return built
