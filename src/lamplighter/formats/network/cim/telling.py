"""MeterReadings and EndDeviceEvents, asked for or not; Landis+Gyr's array of events among them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Any

from lamplighter.formats.network.cim.codes import READING_TYPES, RECEIVED, UNITS, Codes
from lamplighter.formats.network.cim.envelope import envelope, opened
from lamplighter.formats.network.messages import (
    EventKind,
    Happened,
    Measured,
    NotDone,
    Notice,
    Power,
    Reads,
    Said,
    Switch,
    SwitchSeen,
)
from lamplighter.formats.network.parsing import (
    child,
    children,
    element_in,
    figure,
    figure_or_none,
    instant,
    needed,
    text_of,
    to_bytes,
    wrong,
)

READINGS = "http://iec.ch/TC57/2011/MeterReadings#"
EVENTS = "http://iec.ch/TC57/2011/EndDeviceEvents#"
SWITCHES = {EventKind.SWITCHED_ON: Switch.ON, EventKind.SWITCHED_OFF: Switch.OFF}
POWERS = {EventKind.RESTORED: True, EventKind.LAST_GASP: False}
NO_ANSWER, NOT_DONE, ARMED = "NO_RESPONSE", "FAILED", "ARMED"
VOLTAGE, DURATION = "voltage", "duration"
"""Names of details, in volts and in seconds: the standard leaves them to the vendor."""


def write_notices(notice: Notice, codes: Codes, *, at: datetime) -> list[bytes]:
    """The messages that carry a notice: readings in one, everything else as events in another."""
    reads = [one for one in notice.said if isinstance(one, Reads)]
    others = [one for one in notice.said if not isinstance(one, Reads)]
    written: list[bytes] = []
    write: tuple[tuple[str, Sequence[Said], Callable[[Any, Any, Codes], None]], ...] = (
        ("MeterReadings", reads, _write_reads), ("EndDeviceEvents", others, _write_event),
    )  # fmt: skip
    for noun, said, add in write:
        if said:
            root, payload = envelope(
                "EventMessage", verb="created", noun=noun, message=notice.message, correlation=notice.transaction, at=at
            )
            space = READINGS if noun == "MeterReadings" else EVENTS
            listed = element_in(space, noun, payload, own=True)
            for one in said:
                add(listed, one, codes)
            written.append(to_bytes(root))
    return written


def read_notice(body: bytes, codes: Codes, *, zone: tzinfo, at: datetime) -> tuple[Notice, str]:
    """The notice and its noun. Raises Unreadable. An event that answers a command tells a switch, or power."""
    _, head, root = opened(body)
    payload, noun = child(root, "Payload"), needed(head, "Noun")
    listed = payload[0] if payload is not None and len(payload) else None
    if listed is None:
        raise wrong("The message has no payload.", field="Payload", element=root)
    answers = text_of(head, "CorrelationID")
    said: tuple[Said, ...]
    match noun:
        case "MeterReadings":
            said = tuple(one for reading in children(listed, "MeterReading") for one in _reads(reading, zone))
        case "EndDeviceEvents":
            told = (_event(event, codes, zone, at) for event in children(listed, "EndDeviceEvent"))
            said = tuple(_as_answer(one) if answers else one for one in told)
        case _:
            raise wrong(f"{noun} is not heard here.", field="Noun", element=head)
    return Notice(needed(head, "MessageID"), answers, said), noun


def _write_reads(listed: Any, said: Any, _codes: Codes) -> None:
    reading = _add(READINGS, listed, "MeterReading")
    device = _add(READINGS, reading, "Meter")
    _add(READINGS, device, "mRID", said.meter)
    for one in said.values:
        value = _add(READINGS, reading, "Readings")
        _add(READINGS, value, "timeStamp", said.at.isoformat())
        _add(READINGS, value, "value", str(one.value))
        _add(READINGS, value, "ReadingType").set("ref", READING_TYPES[one.unit, one.received])


def _write_event(listed: Any, said: Any, codes: Codes) -> None:
    event = _add(EVENTS, listed, "EndDeviceEvent")
    kind, word, details = _shown(said)
    if not isinstance(said, NotDone):
        _add(EVENTS, event, "createdDateTime", said.at.isoformat())
    device = _add(EVENTS, event, "Assets")
    _add(EVENTS, device, "mRID", said.meter)
    for name, value in details.items():
        detail = _add(EVENTS, event, "EndDeviceEventDetails")
        _add(EVENTS, detail, "name", name)
        _add(EVENTS, detail, "value", value)
    code = said.code if isinstance(said, Happened) and said.code else codes.code(kind)
    _add(EVENTS, event, "EndDeviceEventType").set("ref", code)
    status = _add(EVENTS, event, "status")
    _add(EVENTS, status, "value", word)


def _shown(said: Any) -> tuple[EventKind, str, dict[str, str]]:
    """Kind of event, the word of its status, and details."""
    match said:
        case SwitchSeen(state=state):
            kind = EventKind.SWITCHED_ON if state is Switch.ON else EventKind.SWITCHED_OFF
            return kind, {None: "UNKNOWN", Switch.ARMED: ARMED}.get(state, "OK"), {}
        case Power(on=on, volts=volts):
            kind = EventKind.RESTORED if on else EventKind.LAST_GASP
            return kind, NO_ANSWER if on is None else "OK", {} if volts is None else {VOLTAGE: str(volts)}
        case NotDone(words=words):
            return EventKind.OTHER, NOT_DONE, {"reason": words}
        case Happened(kind=kind, words=words, volts=volts, seconds=seconds):
            told = {"description": words, VOLTAGE: volts, DURATION: seconds}
            return kind, "OK", {name: str(value) for name, value in told.items() if value not in {None, ""}}
    raise AssertionError(said)


def _reads(reading: Any, zone: tzinfo) -> Iterator[Reads]:
    """Readings of one instant are one read; interval blocks too. Quantities of other units are left out."""
    named = child(reading, "Meter")
    if named is None:
        raise wrong("A MeterReading names no meter.", field="Meter", element=reading)
    meter = text_of(named, "mRID") or needed(named, "Names", "name")
    by_time: dict[datetime, list[Measured]] = {}
    for value, kind in _values(reading):
        found = _measured(needed(value, "value"), kind.get("ref", "") if kind is not None else "", value)
        if found is not None:
            at = instant(needed(value, "timeStamp"), zone, field="timeStamp", element=value)
            by_time.setdefault(at, []).append(found)
    for at, values in by_time.items():
        yield Reads(meter, at, tuple(values))


def _values(reading: Any) -> Iterator[tuple[Any, Any]]:
    """Each value with its reading type."""
    for value in children(reading, "Readings"):
        yield value, child(value, "ReadingType")
    for block in children(reading, "IntervalBlocks"):
        for value in children(block, "IntervalReadings"):
            yield value, child(block, "ReadingType")


def _measured(text: str, ref: str, element: Any) -> Measured | None:
    """In thousands of the unit, but volts as they are."""
    parts = ref.split(".")
    if len(parts) != 18:
        raise wrong(f"{ref!r} is no reading type of 18 numbers.", field="ReadingType", element=element)
    unit, flow, power = UNITS.get(parts[16]), parts[4], parts[15]
    if unit is None or not power.lstrip("-").isdigit():
        return None
    value = figure(text, field="value", element=element).scaleb(int(power))
    if unit == "V":
        return Measured(value, "V")
    kilo = value.scaleb(-3)
    return Measured(kilo.normalize() if kilo == kilo.to_integral_value() else kilo, f"k{unit}", flow in RECEIVED)


def _event(event: Any, codes: Codes, zone: tzinfo, at: datetime) -> Said:
    kind_of = child(event, "EndDeviceEventType")
    code = kind_of.get("ref", "") if kind_of is not None else needed(event, "category")
    asset = child(event, "Assets")
    device = asset if asset is not None else child(event, "EndDevice")
    if device is None:
        raise wrong("An EndDeviceEvent names no meter.", field="Assets", element=event)
    meter = needed(device, "mRID")
    when = text_of(event, "createdDateTime")
    found = instant(when, zone, field="createdDateTime", element=event) if when else at
    word = text_of(event, "status", "value")
    details = {text_of(one, "name"): text_of(one, "value") for one in children(event, "EndDeviceEventDetails")}
    if word == NOT_DONE:
        return NotDone(meter, details.get("reason") or "failed without words")
    kind = codes.events.get(code, EventKind.OTHER)
    measured = {name: figure_or_none(details.get(name, "")) for name in (VOLTAGE, DURATION)}
    others = [f"{name} {details[name]}" for name, value in measured.items() if value is None and details.get(name)]
    words = "; ".join(filter(None, [_words(word, details), *others]))
    return Happened(meter, kind, found, code, words, measured[VOLTAGE], measured[DURATION])


def _as_answer(said: Said) -> Said:
    """What an event says when it answers a command: a switch that was seen, or power at the meter."""
    match said:
        case Happened(meter=meter, kind=kind, at=at, words=words) if kind in SWITCHES:
            state = Switch.ARMED if words.startswith(ARMED) else SWITCHES[kind]
            return SwitchSeen(meter, None if words.startswith("UNKNOWN") else state, at)
        case Happened(meter=meter, kind=kind, at=at, words=words, volts=volts) if kind in POWERS:
            return Power(meter, None if words.startswith(NO_ANSWER) else POWERS[kind], at, volts)
    return said


def _words(word: str, details: dict[str, str]) -> str:
    """`OK` says nothing."""
    told = [details["description"]] if details.get("description") else []
    return "; ".join([*([word] if word not in {"", "OK"} else []), *told])


def _add(namespace: str, parent: Any, name: str, text: str = "") -> Any:
    element = element_in(namespace, name, parent)
    element.text = text or None
    return element
