"""Commands as EndDeviceControls; a read on demand as a request to get MeterReadings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lamplighter.formats.network.cim.codes import Codes
from lamplighter.formats.network.cim.envelope import envelope, opened
from lamplighter.formats.network.messages import Act, Ask
from lamplighter.formats.network.parsing import child, element_in, figure, local, needed, text_of, to_bytes, wrong

CONTROLS = "http://iec.ch/TC57/2011/EndDeviceControls#"
GET = "http://iec.ch/TC57/2011/GetMeterReadings#"
NOUN = {Act.READ: "MeterReadings"}


def write_ask(ask: Ask, codes: Codes, *, message: str, at: datetime) -> bytes:
    """The request. The transaction is its CorrelationID."""
    noun = NOUN.get(ask.act, "EndDeviceControls")
    root, payload = envelope(
        "RequestMessage", verb="get" if ask.act is Act.READ else "create", noun=noun, message=message,
        correlation=ask.transaction, at=at, reply_to=ask.reply_to,
    )  # fmt: skip
    if ask.act is Act.READ:
        _device(GET, _add(GET, payload, "GetMeterReadings"), ask.meter)
    else:
        control = _add(CONTROLS, _add(CONTROLS, payload, "EndDeviceControls"), "EndDeviceControl")
        timing = _add(CONTROLS, control, "scheduledInterval")
        _add(CONTROLS, timing, "duration", str(ask.seconds))
        _add(CONTROLS, control, "EndDeviceControlType").set("ref", codes.controls[ask.act])
        _device(CONTROLS, control, ask.meter)
    return to_bytes(root)


def read_ask(body: bytes, codes: Codes) -> tuple[Ask, str, str]:
    """The command, its noun, and the message's id. Raises Unreadable."""
    kind, head, root = opened(body)
    payload = child(root, "Payload")
    if kind != "RequestMessage" or payload is None or not len(payload):
        raise wrong(f"{kind} asks for nothing.", element=root)
    act, element, seconds = _asked(payload[0], codes)
    ask = Ask(act, _meter(element), needed(head, "CorrelationID"), needed(head, "ReplyAddress"), seconds)
    return ask, needed(head, "Noun"), needed(head, "MessageID")


def _asked(element: Any, codes: Codes) -> tuple[Act, Any, int]:
    if local(element) == "GetMeterReadings":
        return Act.READ, element, 60
    control = child(element, "EndDeviceControl")
    named = child(control, "EndDeviceControlType") if control is not None else None
    if named is None:
        raise wrong(f"{local(element)} controls nothing.", field="EndDeviceControlType", element=element)
    act = codes.act(named.get("ref", ""))
    if act is None:
        raise wrong(f"{named.get('ref')!r} is no control of this head-end's table.", field="ref", element=named)
    seconds = text_of(control, "scheduledInterval", "duration") or "60"
    return act, control, int(figure(seconds, field="duration", element=control))


def _meter(element: Any) -> str:
    for name in ("EndDevices", "EndDevice"):
        device = child(element, name)
        if device is not None:
            return text_of(device, "mRID") or needed(device, "Names", "name")
    raise wrong(f"{local(element)} names no meter.", field="EndDevices/mRID", element=element)


def _device(namespace: str, parent: Any, meter: str) -> None:
    device = _add(namespace, parent, "EndDevices" if namespace == CONTROLS else "EndDevice")
    _add(namespace, device, "mRID", meter)


def _add(namespace: str, parent: Any, name: str, text: str = "") -> Any:
    element = element_in(namespace, name, parent, own=True)
    element.text = text or None
    return element
