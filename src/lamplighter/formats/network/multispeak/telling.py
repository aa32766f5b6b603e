"""What a head-end publishes: switches that changed, reads, power at meters, events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Any

from lamplighter.formats.network.messages import (
    EventKind,
    Happened,
    Login,
    Measured,
    NotDone,
    Notice,
    Power,
    Reads,
    Said,
    Switch,
    SwitchSeen,
)
from lamplighter.formats.network.multispeak.envelope import Version, add, add_meter, call, meter_of, opened
from lamplighter.formats.network.parsing import (
    child,
    children,
    figure,
    figure_or_none,
    inside,
    instant,
    local,
    needed,
    text_of,
    to_bytes,
    wrong,
)

SWITCHED = {Version.V3: "CDStateChangedNotification", Version.V4: "CDStatesChangedNotification"}
READ, POWER, EVENTS = "ReadingChangedNotification", "ODEventNotification", "MeterEventNotification"
STATES = {
    "Connect": Switch.ON, "Closed": Switch.ON, "Close": Switch.ON, "Disconnect": Switch.OFF, "Open": Switch.OFF,
    "Opened": Switch.OFF, "Armed": Switch.ARMED, "Arm": Switch.ARMED,
}  # fmt: skip
STATE_WORDS = {
    Version.V3: {Switch.ON: "Closed", Switch.OFF: "Open", Switch.ARMED: "Armed", None: "Unknown"},
    Version.V4: {Switch.ON: "Closed", Switch.OFF: "Opened", Switch.ARMED: "Armed", None: "Unknown"},
}
POWERED = {"Restoration": True, "PowerOn": True, "Outage": False, "PowerOff": False}
QUANTITIES = {"posKWh": ("kWh", False), "negKWh": ("kWh", True), "kW": ("kW", False)}
UNITS = {"kWh": "KWH", "kW": "KW", "V": "V", "kvarh": "KVARH"}
KINDS = frozenset(EventKind)
RECEIVED, VOLTAGE, MOMENT, DURATION = "Received", "voltage", "eventTime", "duration"


def write_notices(
    notice: Notice, version: Version, *, login: Login
) -> list[tuple[bytes, str]]:  # fmt: skip
    """The messages that carry a notice, one for each kind of thing said, each with its SOAPAction."""
    groups: dict[str, list[Said]] = {}
    for one in notice.said:
        groups.setdefault(_operation(one, version), []).append(one)
    return [_message(operation, said, notice, version, login) for operation, said in groups.items()]


def read_notice(body: bytes, *, zone: tzinfo, at: datetime) -> tuple[Notice, Version, str, Login]:
    """The notice, its version, the name of its operation and who sends it. Raises Unreadable.

    Times without an offset are in the head-end's `zone`; what says no time is dated `at`.
    """
    version, element, login, message = opened(body)
    operation = local(element)
    readers: dict[str, Callable[[Any, tzinfo, datetime], Iterator[Said]]] = {
        SWITCHED[Version.V3]: _switch, SWITCHED[Version.V4]: _switches, READ: _reads, POWER: _power, EVENTS: _events,
    }  # fmt: skip
    if operation not in readers:
        raise wrong(f"{operation} is no notification that is heard here.", element=element)
    said = tuple(readers[operation](element, zone, at))
    return Notice(message, text_of(element, "transactionID"), said), version, operation, login


def _operation(said: Said, version: Version) -> str:
    match said:
        case SwitchSeen() | NotDone():
            return SWITCHED[version]
        case Reads():
            return READ
        case Power():
            return POWER
        case Happened():
            return EVENTS


def _message(operation: str, said: Sequence[Said], notice: Notice, version: Version, login: Login) -> tuple[bytes, str]:
    envelope, element = call(version, operation, login=login, message=notice.message)
    match operation:
        case "CDStateChangedNotification":
            _write_switch(version, element, said[0])
        case "CDStatesChangedNotification":
            changes = add(version, element, "stateChanges")
            for one in said:
                _write_change(version, changes, one)
        case "ReadingChangedNotification":
            listed = add(version, element, "changedMeterReads")
            for one in said:
                assert isinstance(one, Reads)
                _write_reads(version, listed, one)
        case "ODEventNotification":
            listed = add(version, element, "ODEvents")
            for one in said:
                assert isinstance(one, Power)
                _write_power(version, listed, one)
        case _:
            instances = add(version, add(version, element, "events"), "eventInstances")
            for one in said:
                assert isinstance(one, Happened)
                _write_event(version, instances, one)
    add(version, element, "transactionID", notice.transaction)
    if version is Version.V3 and isinstance(said[0], NotDone):
        add(version, element, "errorString", said[0].words)
    return to_bytes(envelope), f'"{version.namespace}/{operation}"'


def _write_switch(version: Version, element: Any, said: Said) -> None:
    """3.0 tells of one meter in a message."""
    assert isinstance(said, SwitchSeen | NotDone)
    add(version, element, "meterNo", said.meter)
    state = said.state if isinstance(said, SwitchSeen) else None
    add(version, element, "stateChange", STATE_WORDS[version][state])


def _write_change(version: Version, changes: Any, said: Said) -> None:
    assert isinstance(said, SwitchSeen | NotDone)
    words = {"errorString": said.words} if isinstance(said, NotDone) else {}
    change = add(version, changes, "CDStateChange", objectID=said.meter, **words)
    if isinstance(said, SwitchSeen):
        _extend(version, change, MOMENT, said.at.isoformat())
    add_meter(version, change, "meterID", said.meter)
    state = said.state if isinstance(said, SwitchSeen) else None
    add(version, change, "stateChange", STATE_WORDS[version][state])


def _write_reads(version: Version, listed: Any, said: Reads) -> None:
    if version is Version.V3:
        read = add(version, listed, "meterRead", objectID=said.meter)
        for one in said.values:
            if one.unit == "V":
                _extend(version, read, VOLTAGE, str(one.value))
        add(version, read, "meterNo", said.meter)
        add(version, read, "readingDate", said.at.isoformat())
        for name, quantity in QUANTITIES.items():
            for one in said.values:
                if (one.unit, one.received) == quantity:
                    whole = one.unit == "kWh"  # an integer, as the standard has it
                    add(version, read, name, str(int(one.value)) if whole else str(one.value))
        return
    reading = add(version, listed, "meterReading", objectID=said.meter)
    add_meter(version, reading, "meterID", said.meter)
    values = add(version, reading, "readingValues")
    for one in said.values:
        value = add(version, values, "readingValue")
        add(version, value, "units", UNITS[one.unit])
        add(version, value, "value", str(one.value))
        add(version, value, "fieldName", f"{one.unit}{RECEIVED if one.received else ''}")
        add(version, value, "timeStamp", said.at.isoformat())


def _write_power(version: Version, listed: Any, said: Power) -> None:
    event = add(version, listed, "outageDetectionEvent", objectID=said.meter)
    if said.volts is not None:
        _extend(version, event, VOLTAGE, str(said.volts))
    add(version, event, "eventTime", said.at.isoformat())
    words = {True: "Restoration", False: "Outage", None: "NoResponse"}
    add(version, event, "outageEventType", words[said.on])
    add(version, event, "outageDetectDeviceID" if version is Version.V3 else "outageDetectionDeviceID", said.meter)
    where = add(version, event, "outageLocation")
    add_meter(version, where, "meterNo" if version is Version.V3 else "meterID", said.meter)


def _write_event(version: Version, instances: Any, said: Happened) -> None:
    instance = add(version, instances, "eventInstance")
    _extend(version, instance, MOMENT, said.at.isoformat())
    for name, value in ((VOLTAGE, said.volts), (DURATION, said.seconds)):
        if value is not None:
            _extend(version, instance, name, str(value))
    add_meter(version, instance, "meterID", said.meter)
    add(version, instance, "meterEvent", said.kind.value, code=said.code, description=said.words)


def _extend(version: Version, element: Any, name: str, value: str) -> None:
    """What the types have no element for goes into an extension, which every object may have."""
    listed = child(element, "extensionsList")
    item = add(version, add(version, element, "extensionsList") if listed is None else listed, "extensionsItem")
    add(version, item, "extName", name)
    add(version, item, "extValue", value)


def _extended(element: Any, name: str) -> str:
    items = children(child(element, "extensionsList"), "extensionsItem") if _has(element) else ()
    return next((text_of(item, "extValue") for item in items if text_of(item, "extName") == name), "")


def _has(element: Any) -> bool:
    return child(element, "extensionsList") is not None


def _moment(element: Any, zone: tzinfo, at: datetime) -> datetime:
    text = _extended(element, MOMENT)
    return instant(text, zone, field=MOMENT, element=element) if text else at


def _switch(element: Any, zone: tzinfo, at: datetime) -> Iterator[Said]:
    yield _state(element, needed(element, "meterNo"), text_of(element, "errorString"), zone, at)


def _switches(element: Any, zone: tzinfo, at: datetime) -> Iterator[Said]:
    for change in inside(element, "stateChanges"):
        error = change.get("errorString") or ""
        yield _state(change, meter_of(change, "meterID"), error, zone, at)


def _state(element: Any, meter: str, error: str, zone: tzinfo, at: datetime) -> Said:
    word = text_of(element, "stateChange")
    if error:
        return NotDone(meter, error)
    if word not in {*STATES, "Unknown", ""}:
        raise wrong(f"{word!r} is no state of a switch.", field="stateChange", element=element)
    return SwitchSeen(meter, STATES.get(word), _moment(element, zone, at))


def _reads(element: Any, zone: tzinfo, _at: datetime) -> Iterator[Said]:
    for read in inside(element, "changedMeterReads"):
        if read.get("errorString"):
            yield NotDone(meter_of(read, "meterNo", "meterID"), read.get("errorString"))
        elif local(read) == "meterRead":
            values = [
                Measured(figure(text_of(read, name), field=name, element=read), unit, received)
                for name, (unit, received) in QUANTITIES.items() if text_of(read, name)
            ]  # fmt: skip
            if volts := _extended(read, VOLTAGE):
                values.append(Measured(figure(volts, field=VOLTAGE, element=read), "V"))
            at = instant(needed(read, "readingDate"), zone, field="readingDate", element=read)
            yield Reads(meter_of(read, "meterNo"), at, tuple(values))
        else:
            yield from _readings(read, zone)


def _readings(reading: Any, zone: tzinfo) -> Iterator[Said]:
    """Values of one instant are one read."""
    units = {said: unit for unit, said in UNITS.items()}
    by_time: dict[datetime, list[Measured]] = {}
    for value in inside(reading, "readingValues"):
        unit = units.get(text_of(value, "units").upper())
        if unit is None:
            continue  # a quantity that nobody asked for
        at = instant(needed(value, "timeStamp"), zone, field="timeStamp", element=value)
        received = text_of(value, "fieldName").endswith(RECEIVED)
        by_time.setdefault(at, []).append(
            Measured(figure(needed(value, "value"), field="value", element=value), unit, received)
        )
    for at, values in by_time.items():
        yield Reads(meter_of(reading, "meterID"), at, tuple(values))


def _power(element: Any, zone: tzinfo, at: datetime) -> Iterator[Said]:
    for event in inside(element, "ODEvents"):
        where = child(event, "outageLocation")
        meter = meter_of(event if where is None else where, "meterNo", "meterID")
        when = text_of(event, "eventTime")
        said = _extended(event, VOLTAGE)
        volts = figure(said, field=VOLTAGE, element=event) if said else None
        found = instant(when, zone, field="eventTime", element=event) if when else at
        yield Power(meter, POWERED.get(text_of(event, "outageEventType")), found, volts)


def _events(element: Any, zone: tzinfo, at: datetime) -> Iterator[Said]:
    for instance in inside(element, "events", "eventInstances"):
        event = child(instance, "meterEvent")
        if event is None:
            raise wrong("An eventInstance has no meterEvent.", field="meterEvent", element=instance)
        word = (event.text or "").strip()
        kind = EventKind(word) if word in KINDS else EventKind.OTHER
        measured = {name: _extended(instance, name) for name in (VOLTAGE, DURATION)}
        figures = {name: figure_or_none(text) for name, text in measured.items()}
        others = [f"{name} {text}" for name, text in measured.items() if text and figures[name] is None]
        yield Happened(
            meter_of(instance, "meterID"), kind, _moment(instance, zone, at), event.get("code", "") or word,
            "; ".join(filter(None, [event.get("description", ""), *others])), figures[VOLTAGE], figures[DURATION],
        )  # fmt: skip
