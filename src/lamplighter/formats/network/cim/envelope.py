"""The 61968-100 envelope: a header that says verb, noun and whose answer it is, a payload, or a reply."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lamplighter.formats.network.messages import Fault, Login
from lamplighter.formats.network.parsing import child, children, element_in, local, parse, text_of, to_bytes, wrong

MESSAGE = "http://iec.ch/TC57/2011/schema/message"
SOURCE = "Lamplighter"
KINDS = ("RequestMessage", "EventMessage", "ResponseMessage")


def envelope(
    kind: str, *, verb: str, noun: str, message: str, correlation: str, at: datetime, reply_to: str = ""
) -> tuple[Any, Any]:
    """A message, and its payload to be filled (a ResponseMessage has a reply instead)."""
    root = element_in(MESSAGE, kind, own=True)
    head = _add(root, "Header")
    said = {
        "Verb": verb, "Noun": noun, "Revision": "2.0", "Timestamp": at.isoformat(), "Source": SOURCE,
        "AsyncReplyFlag": "true" if reply_to else "", "ReplyAddress": reply_to, "MessageID": message,
        "CorrelationID": correlation,
    }  # fmt: skip
    for name, text in said.items():
        if text:
            _add(head, name, text)
    return root, _add(root, "Payload" if kind != "ResponseMessage" else "Reply")


def opened(body: bytes) -> tuple[str, Any, Any]:
    """The kind of message, its header, and the message itself; out of a SOAP envelope too. Raises Unreadable."""
    root = parse(body)
    if local(root) == "Envelope":
        inside = child(root, "Body")
        root = inside[0] if inside is not None and len(inside) else root
    head = child(root, "Header") if local(root) in KINDS else None
    if head is None:
        raise wrong(f"{local(root)} is no message of IEC 61968 with a header.", element=root)
    return local(root), head, root


def write_answer(*, message: str, correlation: str, noun: str, faults: Sequence[Fault] = (), at: datetime) -> bytes:
    """The answer to a request or an event."""
    root, reply = envelope(
        "ResponseMessage", verb="reply", noun=noun, message=message, correlation=correlation, at=at
    )  # fmt: skip
    _add(reply, "Result", "FAILED" if faults else "OK")
    for fault in faults:
        error = _add(reply, "Error")
        _add(error, "code", "5.6")
        _add(error, "level", "FATAL")
        _add(error, "details", fault.words)
        if fault.meter:
            _add(error, "ID", fault.meter)
    return to_bytes(root)


def read_answer(body: bytes) -> tuple[Fault, ...]:
    """What was not taken; nothing when all was. Raises Unreadable."""
    kind, _, root = opened(body)
    reply = child(root, "Reply")
    if kind != "ResponseMessage" or reply is None:
        raise wrong(f"{kind} answers nothing.", element=root)
    result = text_of(reply, "Result")
    if result == "OK":
        return ()
    errors = [Fault(text_of(one, "details") or text_of(one, "code"), text_of(one, "ID"))
              for one in children(reply, "Error")]  # fmt: skip
    return tuple(errors) or (Fault(f"answered {result or 'nothing'}"),)


def basic(login: Login) -> str:
    """What an Authorization header says: these messages carry no login, the request does (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{login.user}:{login.password}".encode()).decode()


def login_of(header: str) -> Login:
    """Who an Authorization header says it is; nobody when it says nothing that is understood."""
    scheme, _, told = header.partition(" ")
    try:
        clear = base64.b64decode(told, validate=True).decode() if scheme.lower() == "basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        clear = ""
    user, _, password = clear.partition(":")
    return Login(user, password)


def _add(parent: Any, name: str, text: str = "") -> Any:
    element = element_in(MESSAGE, name, parent)
    element.text = text or None
    return element
