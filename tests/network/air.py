"""A head-end in this process that speaks the real wire formats; what it says arrives by the web. One clock for all."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

import pytest
from django.db.models import Min
from django.test import Client

from lamplighter.formats.network.messages import Act, Login, Notice
from lamplighter.journeys import commanding
from lamplighter.kernel.actors import system
from lamplighter.metering.models import Meter
from lamplighter.network import certificates
from lamplighter.network.models import Command, HeadEnd
from lamplighter.network.operations.commanding import ask
from lamplighter.network.operations.heads import HeadEndIn, define_head_end
from lamplighter.network.transport import Unreachable
from lamplighter.network.types import Protocol
from lamplighter.town.headend.network import Air, Device, MeterNetwork
from lamplighter.town.headend.server import CIM, MULTISPEAK_3, MULTISPEAK_4, HeadEndServer
from tests.town import DANA, Home

OURS, THEIRS = Login("lamplighter", "tell me"), Login("ridgeline", "it is me")
PATHS = {Protocol.MULTISPEAK_3: MULTISPEAK_3, Protocol.MULTISPEAK_4: MULTISPEAK_4, Protocol.IEC_61968: CIM}
QUIET = Air(lost=0, repeated=0, fastest=1, slowest=1)
NETWORK = system("network")


@dataclass
class World:
    """The utility, its head-end, and a clock that both share. What the head-end says arrives by the web."""

    homes: Mapping[str, Home]
    head_end: HeadEnd
    server: HeadEndServer
    client: Client
    now: datetime
    monkeypatch: pytest.MonkeyPatch
    mail: list[tuple[datetime, int, Notice]] = field(default_factory=list)
    serial: count = field(default_factory=count)

    def __post_init__(self):
        self.server._say_all = lambda _path, later: [self._later(one.seconds, one.notice) for one in later]
        self.server.clock = lambda: self.now
        self.monkeypatch.setattr("lamplighter.web.network.views.timezone.now", lambda: self.now)
        self.monkeypatch.setattr(
            certificates, "_checks", [lambda number, _point, _at: "" if number == "C-1" else "No."]
        )

    @property
    def path(self) -> str:
        return PATHS[Protocol(self.head_end.protocol)]

    @property
    def devices(self) -> dict[str, Device]:
        return self.server.network.devices

    def meter(self, who: str) -> Meter:
        return self.homes[who].channel.meter

    def asks(self, act: Act, who: str, **more) -> Command:
        certificate = "C-1" if act is Act.DISCONNECT else ""
        return ask(act=act, meter=self.meter(who), by=DANA, at=self.now, certificate=certificate, **more)

    def post(self, _url: str, body: bytes, headers) -> bytes:
        answer = self.server.answer(self.path, body, headers.get("Authorization", ""))
        if answer is None:
            raise Unreachable("connection closed")
        return answer

    def send(self, command: Command) -> Command:
        commanding.send(command=command, post=self.post, by=NETWORK, at=self.now)
        return Command.objects.get(pk=command.pk)

    def passes(self, seconds: int) -> None:
        """Time passes, from one thing that is due to the next: what is due is sent again, what was said arrives."""
        end = self.now + timedelta(seconds=seconds)
        while self.now < end:
            self.now = max(min(end, self._next(end)), self.now + timedelta(milliseconds=1))
            for command in commanding.due(at=self.now):
                self.send(command)
            while self.mail and self.mail[0][0] <= self.now:
                self.tells(heapq.heappop(self.mail)[2])

    def _next(self, end: datetime) -> datetime:
        due = Command.objects.filter(next_at__isnull=False).aggregate(first=Min("next_at"))["first"]
        return min(moment for moment in (due, self.mail[0][0] if self.mail else None, end) if moment is not None)

    def tells(self, notice: Notice) -> list[int]:
        """The head-end calls; the status of each answer."""
        return [
            self.client.post("/network/", body, content_type="text/xml", headers=headers).status_code
            for body, headers in self.server.written(self.path, notice)
        ]

    def ends(self, command: Command, seconds: int = 400) -> Command:
        limit = self.now + timedelta(seconds=seconds)
        while self.now < limit:
            if not (found := Command.objects.get(pk=command.pk)).is_open:
                return found
            self.passes(max(round((self._next(limit) - self.now).total_seconds()), 1))
        return Command.objects.get(pk=command.pk)

    def _later(self, seconds: float, notice: Notice) -> None:
        heapq.heappush(self.mail, (self.now + timedelta(seconds=seconds), next(self.serial), notice))


def connect(
    homes: Mapping[str, Home], monkeypatch, *, now: datetime, protocol: Protocol = Protocol.MULTISPEAK_4,
    air: Air = QUIET,
) -> World:  # fmt: skip
    """A head-end for the meters of these homes, all of which have switches."""
    badges = [home.channel.meter.badge for home in homes.values()]
    Meter.objects.filter(badge__in=badges).update(switch=True)
    for home in homes.values():
        home.channel.meter.refresh_from_db()
    head_end = define_head_end(
        head_end=HeadEndIn(
            key="ridgeline", name="Ridgeline", vendor="Ridgeline Networks", protocol=protocol,
            url="http://127.0.0.1:9/x", reply_url="http://testserver/network/", zone="America/Los_Angeles",
            ours=OURS, theirs=THEIRS,
        ),
        by=DANA, at=now,
    )  # fmt: skip
    server = HeadEndServer(
        MeterNetwork.of([Device(badge, kwh=1600) for badge in badges], air=air), OURS, THEIRS, lambda: now
    )
    return World(homes, head_end, server, Client(), now, monkeypatch)
