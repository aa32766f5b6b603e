"""XML from outside, read strictly: no document types, no entities, no networks, within a size; and its times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import Any

from lxml import etree

from lamplighter.formats.digits import number
from lamplighter.formats.refusals import MIB, Unreadable, refusal

MOST = 4 * MIB
REMEDY = "Send a message of this interface, in UTF-8, without a document type."


def element_in(namespace: str, name: str, parent: Any = None, *, own: bool = False) -> Any:
    """A new element; `own` makes its namespace the one without a prefix."""
    spaces: dict[Any, str] | None = {None: namespace} if own else None
    tag = f"{{{namespace}}}{name}"
    return etree.Element(tag, nsmap=spaces) if parent is None else etree.SubElement(parent, tag, nsmap=spaces)


def to_bytes(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def parse(body: bytes, *, most: int = MOST) -> Any:
    """The root element. Raises Unreadable with what is wrong and where."""
    if len(body) > most:
        raise refusal("network.too-large", f"The message has {len(body):,} bytes; {most:,} are taken.", remedy=REMEDY)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise refusal("network.encoding", f"The message is not UTF-8 at byte {fault.start}.", remedy=REMEDY) from None
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise refusal("network.hostile", "The message declares a document type or an entity.", remedy=REMEDY)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True, encoding="utf-8",
    )  # fmt: skip
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as fault:
        line = fault.lineno or 0
        raise refusal("network.not-xml", f"The message is not XML: {fault.msg}.", line=line, remedy=REMEDY) from None


def wrong(message: str, *, field: str = "", element: Any = None) -> Unreadable:
    """What is wrong with an element, as a refusal with its line."""
    line = getattr(element, "sourceline", 0) or 0
    return refusal("network.message", message, line=line, field=field, remedy=REMEDY)


def local(element: Any) -> str:
    """A tag without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child(element: Any, name: str) -> Any:
    """The first child of this name in any namespace, or None."""
    return next((one for one in element if local(one) == name), None)


def children(element: Any, name: str) -> Iterator[Any]:
    return (one for one in element if local(one) == name)


def inside(element: Any, *path: str) -> list[Any]:
    """What stands inside the element down a path; nothing where the path ends before."""
    for name in path:
        element = child(element, name) if element is not None else None
    return [] if element is None else list(element)


def text_of(element: Any, *path: str) -> str:
    """The text down a path of children; "" where there is none."""
    for name in path:
        element = child(element, name) if element is not None else None
    return (element.text or "").strip() if element is not None else ""


def needed(element: Any, *path: str) -> str:
    """The same, refused where it is empty."""
    if not (found := text_of(element, *path)):
        raise wrong(f"{local(element)} does not say its {path[-1]}.", field="/".join(path), element=element)
    return found


def instant(text: str, zone: tzinfo, *, field: str, element: Any = None) -> datetime:
    """An xs:dateTime; one without an offset is in the sender's zone."""
    try:
        found = datetime.fromisoformat(_microseconds(text.strip()))
    except ValueError:
        raise wrong(
            f"{text[:40]!r} is no time such as 2026-11-20T09:02:00-08:00.", field=field, element=element
        ) from None
    aware = found if found.tzinfo else found.replace(tzinfo=zone)
    return aware.astimezone(UTC)


def figure(text: str, *, field: str, element: Any = None) -> Decimal:
    try:
        return Decimal(number(text))
    except ValueError:
        raise wrong(f"{text[:40]!r} is no number.", field=field, element=element) from None


def figure_or_none(text: str) -> Decimal | None:
    """Of a detail that a sender need not give: one that is no number is left to its words."""
    try:
        return Decimal(number(text))
    except ValueError:
        return None


def _microseconds(text: str) -> str:
    """Senders write seven and more digits of a second; six are kept."""
    head, dot, rest = text.partition(".")
    if not dot:
        return text
    digits = len(rest) - len(rest.lstrip("0123456789"))
    return f"{head}.{rest[: min(digits, 6)]}{rest[digits:]}"
