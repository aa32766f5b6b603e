"""The files that the city's head-ends send each night: one of each for every day since the city was built."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings

from lamplighter.network.models import HeadEnd
from lamplighter.platform.models import Run
from lamplighter.town import BUILT
from lamplighter.town.census import plan_city
from lamplighter.town.nightly import night_file
from lamplighter.town.plan import DEFAULT, FULL, Plan

SENT_FILE = "head-end-nights.json"
log = logging.getLogger(__name__)
Send = Callable[[HeadEnd, str, bytes], bool]


def plan_of_city() -> Plan | None:
    """The plan of the city that stands here, made again: its meters go on by it. None without a city."""
    run = Run.objects.filter(kind=BUILT, state=Run.State.DONE).order_by("-pk").first()
    if run is None:
        return None
    size = FULL if run.result["homes"] == FULL.homes else DEFAULT
    return plan_city(date.fromisoformat(run.result["as_of"]), size)


def send_nights(plan: Plan, head_end: HeadEnd, *, maker: str, on: date, send: Send) -> int:
    """Every file up to yesterday's that was not sent yet, the oldest first, until one is not taken; how many were."""
    taken = 0
    for day in _days_to_send(plan, head_end, on=on):
        made = night_file(plan, maker, day)
        if made is not None and not send(head_end, made[0], made[1].encode("ascii")):
            log.warning("Nobody took the readings of %s from %s; they are sent again later.", day, head_end.name)
            break
        taken += made is not None
        _remember(head_end, day)
    return taken


def _days_to_send(plan: Plan, head_end: HeadEnd, *, on: date) -> Iterator[date]:
    sent = _sent().get(head_end.key)
    day = date.fromisoformat(sent) + timedelta(days=1) if sent else plan.as_of - timedelta(days=1)
    while day < on:
        yield day
        day += timedelta(days=1)


def _sent() -> dict[str, str]:
    """The last day that each head-end has sent."""
    path = Path(settings.STATE) / SENT_FILE
    found: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return found


def _remember(head_end: HeadEnd, day: date) -> None:
    told = _sent() | {head_end.key: day.isoformat()}
    (Path(settings.STATE) / SENT_FILE).write_text(json.dumps(told), "utf-8")
