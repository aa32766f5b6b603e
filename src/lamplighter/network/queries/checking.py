"""Where a check of a meter stands: what is known, what was answered, and the next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lamplighter.formats.network.messages import Act
from lamplighter.metering.models import Meter
from lamplighter.network.models import CheckAnswer, Command, MeterCheck
from lamplighter.network.operations.commanding import head_end_of
from lamplighter.network.queries.knowing import Neighbours, events_of, last_power, neighbours_of, switch_of
from lamplighter.network.rules.guiding import Conclusion, Known, Question, next_step
from lamplighter.network.rules.knowing import SwitchView
from lamplighter.network.types import ALARMS, OPEN
from lamplighter.premises.models import ServicePoint

FRESH = timedelta(minutes=10)
LATELY = timedelta(days=7)
NONE = Neighbours((), (), ())


@dataclass(frozen=True, slots=True)
class Standing:
    """A meter under check. `ping` is the newest one of this check, open or not; `step` what comes next."""

    check: MeterCheck | None
    known: Known
    switch: SwitchView
    neighbors: Neighbours
    ping: Command | None
    answers: tuple[CheckAnswer, ...]
    step: Question | Conclusion | None

    @property
    def waits(self) -> bool:
        """Whether the network still owes an answer."""
        return self.known.ping == "waiting" or self.known.asking


def standing_of(meter: Meter, point: ServicePoint | None, *, at: datetime, served: bool) -> Standing:
    """What is known now, and what to do next."""
    check = MeterCheck.objects.filter(meter=meter, ended_at__isnull=True).first()
    answers = tuple(check.answers.order_by("id")) if check else ()
    ping = _newest_ping([meter.pk], since=check.begun_at - FRESH if check else at - FRESH)
    switch = switch_of(meter, at=at)
    neighbors = neighbours_of(point, at=at) if point is not None else NONE
    asking = Command.objects.filter(meter__badge__in=neighbors.badges, act=Act.PING, state__in=OPEN, expires_at__gt=at)
    power = last_power(meter)
    told = {one.question: one.answer for one in answers}
    known = Known(
        reachable=meter.ami and head_end_of(meter) is not None, switch=switch.state, ping=_ping(ping, at),
        volts=power.volts if power is not None and power.at >= at - FRESH else None, dark=len(neighbors.dark),
        lit=len(neighbors.now), asking=asking.exists(), served=served, answers=told,
        tampered=any(event.kind in ALARMS for event in events_of(meter, since=at - LATELY)),
    )  # fmt: skip
    return Standing(check, known, switch, neighbors, ping, answers, next_step(known))


def _newest_ping(meters: Sequence[int], *, since: datetime) -> Command | None:
    rows = Command.objects.filter(meter__in=meters, act=Act.PING, asked_at__gte=since)
    return rows.order_by("-asked_at").first()


def _ping(command: Command | None, at: datetime) -> str:
    """How it ended; what has expired is silent, whether or not a worker has said so yet."""
    if command is None:
        return ""
    if command.is_open:
        return "waiting" if at < command.expires_at else "silent"
    if command.state != Command.State.COMPLETED:
        return "silent"
    return "dark" if command.words.startswith("no power") else "power"
