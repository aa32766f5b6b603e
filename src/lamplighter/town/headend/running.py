"""The city's head-end as a process beside the demo: it listens, says where, and tells what happens on the air."""

from __future__ import annotations

import json
import logging
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
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
from lamplighter.town.calendar import ZONE
from lamplighter.town.headend.network import Device, MeterNetwork
from lamplighter.town.headend.nights import plan_of_city, send_nights
from lamplighter.town.headend.server import HeadEndServer
from lamplighter.town.network import HEAD_ENDS, STATE_FILE, logins

BY = system("founding")
EVERY_SECONDS, SITE_SECONDS = 600, 60
UNASKED: tuple[tuple[EventKind, str, Decimal | None, Decimal | None], ...] = (
    (EventKind.LOW_VOLTAGE, "112.8 V for 20 seconds", Decimal("112.8"), Decimal(20)),
    (EventKind.CLOCK, "set back by 31 seconds", None, None),
    (EventKind.HIGH_VOLTAGE, "126.9 V for 15 seconds", Decimal("126.9"), Decimal(15)),
    (EventKind.TAMPER, "cover removed", None, None),
)
Clock = Callable[[], datetime]
log = logging.getLogger(__name__)


def run(*, site_port: int, clock: Clock) -> None:
    """Serve the meters of every head-end of the city until interrupted. Django is set up."""
    running = dict(_start(site_port, clock))
    _wait_for_site(site_port)
    number = 0
    while True:
        send_readings(running, at=clock())
        time.sleep(EVERY_SECONDS)
        number += 1
        for head_end, server in running.items():
            _happen(head_end, server, number, at=clock())


def send_readings(running: Mapping[HeadEnd, HeadEndServer], *, at: datetime) -> int:
    """Each head-end's files of the nights that are over; how many were taken."""
    plan, on = plan_of_city(), at.astimezone(ZONE).date()
    if plan is None:
        return 0
    makers = {key: maker for key, _, _, _, maker, _ in HEAD_ENDS}
    return sum(
        send_nights(plan, head_end, maker=makers[head_end.key], on=on, send=partial(_send, server))
        for head_end, server in running.items()
    )


def _send(server: HeadEndServer, head_end: HeadEnd, name: str, content: bytes) -> bool:
    return server.send_file(name, content, head_end.reply_url)


def _wait_for_site(port: int) -> None:
    """Until somebody listens there, a minute at most: the site is started at the same time."""
    for _ in range(SITE_SECONDS):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(1)


def _start(site_port: int, clock: Clock) -> Iterator[tuple[HeadEnd, HeadEndServer]]:
    """Every head-end of the city, listening, and known to listen there."""
    paths = {key: path for key, *_, path in HEAD_ENDS}
    for head_end, server in servers(clock):
        path = paths[head_end.key]
        server.start()
        with unit_of_work(BY):
            move_head_end(
                head_end=head_end, url=server.url(path), reply_url=f"http://127.0.0.1:{site_port}/network/", by=BY,
                at=clock(),
            )  # fmt: skip
        yield head_end, server


def servers(clock: Clock) -> Iterator[tuple[HeadEnd, HeadEndServer]]:
    """Every head-end of the city with its meters; none listens yet."""
    silent = _silent()
    for key, _, _, _, maker, _ in HEAD_ENDS:
        head_end = HeadEnd.objects.filter(pk=key).first()
        if head_end is not None:
            ours, theirs = logins(key)
            network = MeterNetwork.of(devices(maker, silent), seed=key)
            yield head_end, HeadEndServer(network, expects=ours, gives=theirs, clock=clock)


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
    kind, words, volts, seconds = UNASKED[0 if lot.random() < 0.6 else lot.randrange(len(UNASKED))]
    told = Happened(lot.choice(badges), kind, at - timedelta(seconds=20), "", words, volts, seconds)
    path = next(path for key, *_, path in HEAD_ENDS if key == head_end.pk)
    head_end.refresh_from_db()
    if not server.tell(path, Notice(f"live-{at:%Y%m%d%H%M%S}", "", (told,)), head_end.reply_url):
        log.warning("Nobody heard an event of %s.", head_end.name)
