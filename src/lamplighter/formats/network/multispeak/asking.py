"""Commands: connect and disconnect, a read on demand, and whether there is power at a meter."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lamplighter.formats.network.messages import Act, Ask, Login
from lamplighter.formats.network.multispeak.envelope import Version, add, add_meter, call, meter_of, opened
from lamplighter.formats.network.parsing import child, figure, local, needed, text_of, to_bytes, wrong

SWITCH = "InitiateConnectDisconnect"
READ = {Version.V3: "InitiateMeterReadByMeterNumber", Version.V4: "InitiateMeterReadingsByMeterID"}
STATE = "InitiateCDStateRequest"
PING = "InitiateOutageDetectionEventRequest"
LOAD_ACTION = {Act.CONNECT: "Connect", Act.DISCONNECT: "Disconnect"}


def operation_of(act: Act, version: Version) -> str:
    match act:
        case Act.CONNECT | Act.DISCONNECT:
            return SWITCH
        case Act.READ:
            return READ[version]
        case Act.PING:
            return PING
        case Act.STATE:
            return STATE


def write_ask(ask: Ask, version: Version, *, login: Login, message: str, at: datetime) -> tuple[bytes, str]:
    """The SOAP message, and what its SOAPAction says."""
    operation = operation_of(ask.act, version)
    envelope, element = call(version, operation, login=login, message=message)
    if operation == SWITCH:
        event = add(version, add(version, element, "cdEvents"), "connectDisconnectEvent", objectID=ask.meter)
        add_meter(version, event, "meterID", ask.meter)
        add(version, event, "loadActionCode", LOAD_ACTION[ask.act])
    elif operation == STATE:
        state = add(version, add(version, element, "states"), "CDState", objectID=ask.meter)
        add_meter(version, state, "meterID", ask.meter)
    elif version is Version.V3:
        add(version, add(version, element, "meterNos"), "string", ask.meter)
    else:
        add_meter(version, add(version, element, "meterIDs"), "meterID", ask.meter)
    if operation == PING:
        add(version, element, "requestDate", at.isoformat())
    add(version, element, "responseURL", ask.reply_to)
    add(version, element, "transactionID", ask.transaction)
    if version is Version.V3:
        add(version, element, "expirationTime", str(ask.seconds))
    else:
        add(version, element, "expTime", str(ask.seconds), units="Seconds")
    return to_bytes(envelope), f'"{version.namespace}/{operation}"'


def read_ask(body: bytes) -> tuple[Ask, Version, str, Login, str]:
    """The command, its version, the name of its operation, who sends it, and the message's id. Raises Unreadable."""
    version, element, login, message = opened(body)
    operation = local(element)
    acts = {SWITCH: None, READ[version]: Act.READ, PING: Act.PING, STATE: Act.STATE}
    if operation not in acts:
        raise wrong(f"{operation} is no command that is spoken here.", element=element)
    act, meter = (acts[operation], _first(element)) if acts[operation] else _switched(element)
    assert act is not None
    expiry = text_of(element, "expirationTime") or text_of(element, "expTime") or "60"
    seconds = int(figure(expiry, field="expirationTime", element=element))
    ask = Ask(act, meter, needed(element, "transactionID"), needed(element, "responseURL"), seconds)
    return ask, version, operation, login, message


def _switched(element: Any) -> tuple[Act, str]:
    events = child(element, "cdEvents")
    if events is None or len(events) != 1:
        raise wrong("One connectDisconnectEvent is taken in a call.", field="cdEvents", element=element)
    code = needed(events[0], "loadActionCode")
    act = next((act for act, said in LOAD_ACTION.items() if said == code), None)
    if act is None:
        raise wrong(f"{code!r} is neither Connect nor Disconnect.", field="loadActionCode", element=events[0])
    return act, meter_of(events[0], "meterID", "meterNo")


def _first(element: Any) -> str:
    named = (child(element, name) for name in ("meterNos", "meterIDs", "states"))
    listed = next((one for one in named if one is not None), None)
    if listed is None or len(listed) != 1:
        raise wrong("One meter is taken in a call.", field="meterNos", element=element)
    return meter_of(listed[0] if local(listed) == "states" else listed, "string", "meterID")
