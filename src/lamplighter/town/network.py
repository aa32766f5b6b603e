"""The meter network of the city as its first morning finds it: two head-ends, what meters showed last night, and what
some of them told in the last weeks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from django.conf import settings

from lamplighter.accounts.models import Account
from lamplighter.formats.network.messages import Act, EventKind, Happened, Login, Notice, Power, Said
from lamplighter.journeys import checking
from lamplighter.journeys.checking import Outcome
from lamplighter.kernel.actors import system
from lamplighter.metering.models import Installation, Meter
from lamplighter.network.models import Command, HeadEnd
from lamplighter.network.operations.commanding import answered, begin_try
from lamplighter.network.operations.heads import HeadEndIn, define_head_end
from lamplighter.network.operations.hearing import hear
from lamplighter.network.queries.checking import standing_of
from lamplighter.network.queries.knowing import standing_at
from lamplighter.network.rules.guiding import Conclusion
from lamplighter.network.types import Protocol
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.calendar import ZONE, at
from lamplighter.town.plan import Plan
from lamplighter.town.power import tell_power
from lamplighter.town.staff import ADMINISTRATOR, DANA
from lamplighter.town.stage import Stage

NETWORK = system("network")
STATE_FILE = "head-end.json"
BAY_COURT = "E-77098311"
HEAD_ENDS = (
    ("estuary", "Estuary mesh", "Estuary Metering", Protocol.MULTISPEAK_4, "Estuary", "/multispeak/4.1"),
    ("fathom", "Fathom cellular", "Fathom Instruments", Protocol.IEC_61968, "Fathom", "/cim"),
)
PORT = 8009


def logins(key: str) -> tuple[Login, Login]:
    """Ours there and theirs here: invented, as everything in the demo, and of no use outside it."""
    return Login("lamplighter", f"demo-{key}-in"), Login(f"{key}-head-end", f"demo-{key}-out")


def connect_network(plan: Plan, ids: dict[str, int], *, now: datetime) -> None:
    """Head-ends, last night's sightings, events of the last weeks, and a check that Dana made yesterday."""
    with unit_of_work(ADMINISTRATOR):
        heads = {maker: _define(one, at(plan.begins, 10)) for one in HEAD_ENDS for maker in [one[4]]}
    silent = frozenset(_silent(plan))
    _remember(silent)
    for maker, head_end in heads.items():
        meters = list(Meter.objects.filter(maker=maker, ami=True).order_by("pk"))
        with unit_of_work(NETWORK):
            night = min(at(plan.as_of, 2), now)
            said = tuple(_seen(meter, night) for meter in meters if meter.badge not in silent)
            _hear(head_end, f"night-{plan.as_of}", said, night)
            for number, told in enumerate(_events(plan, meters, maker)):
                _hear(head_end, f"event-{number}-{maker}", (told,), told.at + timedelta(seconds=40))
    tell_power(plan, heads, now=now)
    _check(Stage(plan, ids), plan)


def _define(one: tuple[str, str, str, Protocol, str, str], when: datetime) -> HeadEnd:
    key, name, vendor, protocol, maker, path = one
    ours, theirs = logins(key)
    return define_head_end(
        head_end=HeadEndIn(
            key=key, name=name, vendor=vendor, protocol=protocol, url=f"http://127.0.0.1:{PORT}{path}",
            reply_url="http://127.0.0.1:8000/network/", zone=ZONE.key, ours=ours, theirs=theirs, makers=(maker,),
        ),
        by=ADMINISTRATOR, at=when,
    )  # fmt: skip


def _silent(plan: Plan) -> Iterator[str]:
    """Meters of which nothing is heard."""
    for one in plan.customers:
        for service in one.services:
            if service.meter is not None and service.meter.silent_since is not None:
                yield service.meter.badge


def _remember(silent: frozenset[str]) -> None:
    """What only the air knows: the simulated head-end reads it when it starts."""
    path = Path(settings.STATE) / STATE_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"silent": sorted(silent)}), "utf-8")


def _seen(meter: Meter, night: datetime) -> Said:
    lot = Random(f"volts/{meter.badge}")  # noqa: S311 - a city, not a secret
    return Power(meter.badge, on=True, at=night, volts=Decimal(str(round(lot.gauss(121.2, 0.9), 1))))


def _events(plan: Plan, meters: list[Meter], maker: str) -> Iterator[Happened]:
    """A tampered meter at 912 Bay Ct; a street that was dark for an hour; a clock."""
    day = plan.as_of
    if maker == "Fathom":
        return
    yield Happened(BAY_COURT, EventKind.TAMPER, at(day - timedelta(days=12), 22, 41), "3.12.0.257", "cover removed")
    yield Happened(BAY_COURT, EventKind.REVERSE, at(day - timedelta(days=12), 22, 58), "3.12.93.219",
                   "energy flowed back for 4 minutes")  # fmt: skip
    for badge in _on("Heron Ct", meters)[:6]:
        yield Happened(badge, EventKind.LAST_GASP, at(day - timedelta(days=6), 17, 3), "3.26.0.85")
        yield Happened(badge, EventKind.RESTORED, at(day - timedelta(days=6), 18, 9), "3.26.0.216")
    if len(meters) > 40:
        yield Happened(meters[40].badge, EventKind.CLOCK, at(day - timedelta(days=2), 3, 1), "3.36.114.159",
                       "set back by 212 seconds")  # fmt: skip


def _on(street: str, meters: list[Meter]) -> list[str]:
    there = Installation.objects.filter(meter__in=meters, point__premise__street__endswith=street)
    return list(there.order_by("meter", "pk").values_list("meter__badge", flat=True))


def _hear(head_end: HeadEnd, message: str, said: tuple[Said, ...], when: datetime, transaction: str = "") -> None:
    notice = Notice(message, transaction, said)
    hear(head_end=head_end, notice=notice, operation="demo", body="", by=NETWORK, at=when)


def _check(stage: Stage, plan: Plan) -> None:
    """Fatima's lights flickered: power at the meter, a breaker had tripped, and it held."""
    account: Account = stage.account("fatima")
    meter = stage.channel("fatima").meter
    when = at(plan.as_of - timedelta(days=1), 10, 20)
    with unit_of_work(DANA):
        for question, answer, seconds in (("safety", "no", 0), ("ping", "done", 5)):
            checking.step(meter=meter, account=account, question=question, answer=answer, by=DANA,
                          at=when + timedelta(seconds=seconds))  # fmt: skip
        ping = Command.objects.get(meter=meter, act=Act.PING)
        begin_try(command=ping, by=NETWORK, at=when + timedelta(seconds=6))
        answered(command=ping, faults=(), by=NETWORK, at=when + timedelta(seconds=6))
        seen = Power(meter.badge, on=True, at=when + timedelta(seconds=17), volts=Decimal("120.8"))
        _hear(ping.head_end, "ping-fatima", (seen,), when + timedelta(seconds=18), str(ping.pk))
        for seconds, (question, answer) in enumerate((("extent", "part"), ("dim", "no"), ("breaker", "tripped"),
                                                      ("reset", "holds"))):  # fmt: skip
            checking.step(meter=meter, account=account, question=question, answer=answer, by=DANA,
                          at=when + timedelta(seconds=60 + 20 * seconds))  # fmt: skip
        end = when + timedelta(minutes=4)
        found = standing_of(meter, standing_at(meter, at=end), at=end, served=True)
        assert isinstance(found.step, Conclusion)
        checking.finish(
            meter=meter, account=account, on=plan.as_of - timedelta(days=1), by=DANA, at=end,
            outcome=Outcome("mended", "", None, urgent=False, conclusion=found.step, words="The garage circuit."),
        )  # fmt: skip
