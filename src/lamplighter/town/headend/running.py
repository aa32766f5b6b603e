"""The city's head-end as a process beside the demo: it listens, says where, and tells what happens on the air."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from zlib import crc32

from django.conf import settings

from lamplighter.formats.network.messages import EventKind, Happened, Notice
from lamplighter.kernel.actors import system
from lamplighter.metering.models import Meter, SwitchState
from lamplighter.network.models import HeadEnd
from lamplighter.network.operations.heads import move_head_end
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.headend.network import Device, MeterNetwork
from lamplighter.town.headend.server import HeadEndServer
from lamplighter.town.network import HEAD_ENDS, STATE_FILE, logins

BY = system("founding")
EVERY_SECONDS = 600
UNASKED = (
    (EventKind.LOW_VOLTAGE, "112.8 V for 20 seconds"), (EventKind.CLOCK, "set back by 31 seconds"),
    (EventKind.HIGH_VOLTAGE, "126.9 V for 15 seconds"), (EventKind.TAMPER, "cover removed"),
)  # fmt: skip
Clock = Callable[[], datetime]
log = logging.getLogger(__name__)


def run(*, site_port: int, clock: Clock) -> None:
    """Serve the meters of every head-end of the city until interrupted. Django is set up."""
    running = dict(_start(site_port, clock))
    number = 0
    while True:
        time.sleep(EVERY_SECONDS)
        number += 1
        for head_end, server in running.items():
            _happen(head_end, server, number, at=clock())


def _start(site_port: int, clock: Clock) -> Iterator[tuple[HeadEnd, HeadEndServer]]:
    silent = _silent()
    for key, _, _, _, maker, path in HEAD_ENDS:
        head_end = HeadEnd.objects.filter(pk=key).first()
        if head_end is None:
            continue
        ours, theirs = logins(key)
        server = HeadEndServer(
            MeterNetwork.of(devices(maker, silent), seed=key), expects=ours, gives=theirs, clock=clock
        )
        server.start()
        with unit_of_work(BY):
            move_head_end(
                head_end=head_end, url=server.url(path), reply_url=f"http://127.0.0.1:{site_port}/network/", by=BY,
                at=clock(),
            )  # fmt: skip
        yield head_end, server


def devices(maker: str, silent: frozenset[str]) -> list[Device]:
    """The network meters of a maker as they stand: some clocks are wrong, and one switch in a hundred is jammed."""
    meters = Meter.objects.filter(maker=maker, ami=True).order_by("pk")
    off = set(
        SwitchState.objects.filter(state="off", span__endswith__isnull=True)
        .values_list("point__installations__meter__badge", flat=True)
    )  # fmt: skip
    return [_device(meter.badge, on=meter.badge not in off, silent=meter.badge in silent) for meter in meters]


def _device(badge: str, *, on: bool, silent: bool) -> Device:
    lot = Random(f"device/{badge}")  # noqa: S311 - a city, not a secret
    drift = timedelta(seconds=lot.choice((0, 0, 0, 0, 4, -7, 31, -90)))
    volts = Decimal(str(round(lot.gauss(121.2, 0.9), 1)))
    return Device(badge, on=on, silent=silent, kwh=crc32(badge.encode()) % 90_000, volts=volts, drift=drift,
                  jammed=lot.random() < 0.01)  # fmt: skip


def _silent() -> frozenset[str]:
    path = Path(settings.STATE) / STATE_FILE
    return frozenset(json.loads(path.read_text("utf-8"))["silent"]) if path.exists() else frozenset()


def _happen(head_end: HeadEnd, server: HeadEndServer, number: int, *, at: datetime) -> None:
    """One meter tells something unasked: which and what is decided by its number."""
    lot = Random(f"{head_end.pk}/{number}")  # noqa: S311 - a city, not a secret
    badges = sorted(server.network.devices)
    if not badges:
        return
    kind, words = UNASKED[0 if lot.random() < 0.6 else lot.randrange(len(UNASKED))]
    told = Happened(lot.choice(badges), kind, at - timedelta(seconds=20), words=words)
    path = next(path for key, *_, path in HEAD_ENDS if key == head_end.pk)
    head_end.refresh_from_db()
    if not server.tell(path, Notice(f"live-{at:%Y%m%d%H%M%S}", "", (told,)), head_end.reply_url):
        log.warning("Nobody heard an event of %s.", head_end.name)
