"""The SOAP envelope with MultiSpeak's header, the answer that every call gets, and what the versions name otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from lxml import etree

from lamplighter.formats.network.messages import Fault, Login
from lamplighter.formats.network.parsing import child, children, element_in, local, parse, text_of, to_bytes, wrong

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
HEADER = "MultiSpeakMsgHeader"
APP = "Lamplighter"


class Version(StrEnum):
    """A version of the standard. 3.0 names a meter by its number, 4.1 by an element with attributes."""

    V3 = "3.0"
    V4 = "4.1"

    @property
    def namespace(self) -> str:
        names = {"3.0": "http://www.multispeak.org/Version_3.0", "4.1": "http://www.multispeak.org/Version_4.1_Release"}
        return names[self.value]

    @property
    def written(self) -> str:
        """As the header says it."""
        return {"3.0": "3.0", "4.1": "4.1.6"}[self.value]


def call(version: Version, operation: str, *, login: Login, message: str) -> tuple[Any, Any]:
    """An envelope, and the element of its operation, to be filled."""
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP})
    head = etree.SubElement(envelope, f"{{{SOAP}}}Header")
    header = element_in(version.namespace, HEADER, head, own=True)
    said = {"Version": version.written, "UserID": login.user, "Pwd": login.password, "AppName": APP,
            "AppVersion": "1", "Company": "", "MessageID": message}  # fmt: skip
    for name, value in said.items():
        header.set(name, value)
    body = etree.SubElement(envelope, f"{{{SOAP}}}Body")
    return envelope, element_in(version.namespace, operation, body, own=True)


def add(version: Version, parent: Any, name: str, text: str = "", **attributes: str) -> Any:
    element = element_in(version.namespace, name, parent)
    for key, value in attributes.items():
        element.set(key, value)
    element.text = text or None
    return element


def add_meter(version: Version, parent: Any, name: str, meter: str) -> None:
    """A meter as an element of this name."""
    if version is Version.V3:
        add(version, parent, name, meter)
    else:
        add(version, parent, name, meterNo=meter, serviceType="Electric")


def meter_of(element: Any, *names: str) -> str:
    """The meter that an element names, by number, by an element with attributes, or by its own object id."""
    for name in names:
        named = child(element, name)
        if named is not None:
            found = named.get("meterNo") or text_of(named, "meterNo") or (named.text or "").strip()
            if found:
                return str(found)
    found = element.get("meterNo") or element.get("objectID") or ""
    if not found:
        raise wrong(f"{local(element)} names no meter.", field=names[0] if names else "meterNo", element=element)
    return str(found)


def opened(body: bytes) -> tuple[Version, Any, Login, str]:
    """Version, the operation's element, who sends it and the message's own id. Raises Unreadable."""
    envelope = parse(body)
    if local(envelope) != "Envelope":
        raise wrong(f"This is {local(envelope)}, not a SOAP envelope.", element=envelope)
    inside = child(envelope, "Body")
    operation = inside[0] if inside is not None and len(inside) else None
    if operation is None:
        raise wrong("The envelope has no body.", field="Body", element=envelope)
    version = next((one for one in Version if one.namespace == etree.QName(operation).namespace), None)
    if version is None:
        raise wrong(f"{local(operation)} is of no version of MultiSpeak that is spoken here.", element=operation)
    head = child(envelope, "Header")
    header = child(head, HEADER) if head is not None else None
    said = header.attrib if header is not None else {}
    return version, operation, Login(said.get("UserID", ""), said.get("Pwd", "")), said.get("MessageID", "")


def write_answer(version: Version, operation: str, faults: Sequence[Fault] = (), *, at: str = "") -> bytes:
    """The answer to a call: an empty list of errorObject when everything was taken."""
    envelope, element = call(version, f"{operation}Response", login=Login("", ""), message="")
    result = add(version, element, f"{operation}Result")
    for fault in faults:
        attributes = {"objectID": fault.meter, "errorString": fault.words, "nounType": "meter", "eventTime": at}
        add(version, result, "errorObject", **{name: value for name, value in attributes.items() if value})
    return to_bytes(envelope)


def read_answer(body: bytes) -> tuple[Fault, ...]:
    """What the other side could not take; nothing when it took everything. Raises Unreadable."""
    envelope = parse(body)
    inside = child(envelope, "Body")
    answer = inside[0] if inside is not None and len(inside) else None
    if answer is None:
        raise wrong("The answer has no body.", field="Body", element=envelope)
    if local(answer) == "Fault":
        return (Fault(text_of(answer, "faultstring") or "SOAP fault without words"),)
    if not local(answer).endswith("Response"):
        raise wrong(f"{local(answer)} answers nothing.", element=answer)
    errors = (error for result in answer for error in children(result, "errorObject"))
    return tuple(
        Fault(error.get("errorString") or text_of(error, "errorString") or "refused without words",
              error.get("objectID") or text_of(error, "objectID"))
        for error in errors
    )  # fmt: skip
