"""Reads the XML of a feed, entry by entry, with bounded memory; refuses what XML can be abused for."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from lamplighter.formats.espi.atom import UNSAID, Entry
from lamplighter.formats.espi.elements import Wrong, block_start, local, reading_of, service_of, type_of
from lamplighter.formats.refusals import Findings, Unreadable, refusal
from lamplighter.formats.sources import Delivery
from lamplighter.formats.textlines import encoding_of

HELD = ("UsagePoint", "MeterReading", "ReadingType", "IntervalBlock")
WHOLE = {"UsagePoint", "ReadingType", "MeterReading", "IntervalReading", "interval"}  # understood when they end
TAGS = [f"{{*}}{name}" for name in ("entry", "link", "id", "interval", "IntervalReading", *HELD)]
HOSTILE = re.compile(r"depth|entit|amplification|huge|too long|size|xmlSAX2Characters", re.IGNORECASE)
DECLARED = re.compile(r"""<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)""")
CHUNK = 1 << 16
IDLE, IDLE_INSIDE = 16 << 20, 1 << 20  # bytes without an element of ESPI; and inside one that is kept until its end
LINES_COUNTED = 65_535  # libxml2 counts no further for elements


class Feed:
    """The entries of one feed, as far as the document is well-formed."""

    def __init__(self, delivery: Delivery, found: Findings) -> None:
        self.delivery = delivery
        self.found = found
        self.entries: list[Entry] = []
        self._entry = Entry(0)
        self._block: int | None = None  # when the current interval block begins
        self._told = 0  # readings of it without a time of their own
        self._seen = 0  # readings so far: what names one in a file of more lines than the parser counts
        self._source = Trimmed(delivery)
        if self._source.encoding:
            message = f"the text is in another encoding than it says; it was read as {self._source.encoding}."
            found.warning("espi.encoding", message, line=1)

    def read(self) -> None:
        """Read to the end, or to where the document breaks off. Raises Unreadable when it is hostile or no XML."""
        if "<!DOCTYPE" in self._source.start:
            raise _doctype_refusal(self.delivery.name)
        try:
            for element in self._elements():
                self._take(local(element.tag), element)
        except etree.XMLSyntaxError as error:
            self._broken(error)
        self._close()

    def _elements(self) -> Iterator[Any]:
        parser: Any = etree.XMLPullParser(
            events=("end",),
            tag=TAGS,
            encoding=self._source.encoding,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        root, idle = None, 0
        while chunk := self._source.read(CHUNK):
            idle += len(chunk)
            broken = _fed(parser, chunk)
            for _, element in parser.read_events():
                if root is None and element.getroottree().docinfo.doctype:
                    raise _doctype_refusal(self.delivery.name)
                root, idle = element.getroottree().getroot(), 0
                yield element
            if broken is not None:
                raise broken
            if idle > IDLE or (root is not None and not _pruned(root, idle)):
                raise refusal(
                    "espi.hostile", "the XML goes on and on without anything of ESPI in it.", file=self.delivery.name,
                    remedy="Do not read it. Ask who sent it.",
                )  # fmt: skip
        parser.close()

    def _broken(self, error: etree.XMLSyntaxError) -> None:
        line = (error.lineno or 0) + self._source.skipped
        message = re.sub(r",? line \d+, column \d+.*", "", str(error.msg))[:200]
        if HOSTILE.search(message):
            raise refusal(
                "espi.hostile", f"the XML is built to overload its reader ({message}).", file=self.delivery.name,
                line=line, remedy="Do not read it. Ask who sent it.",
            ) from None  # fmt: skip
        if not self.entries and not len(self._entry.readings):
            raise refusal(
                "espi.xml", f"the file is no well-formed XML ({message}).", file=self.delivery.name, line=line,
                remedy="Ask the sender to send it again.",
            ) from None  # fmt: skip
        self.found.error(
            "espi.truncated", f"the XML breaks off here ({message}).", line=line,
            remedy="What came before is kept. Ask the sender to send it again.",
        )  # fmt: skip

    def _take(self, name: str, element: Any) -> None:
        entry = self._entry
        match name:
            case "IntervalReading":
                self._reading(element)
            case "interval":
                self._block, self._told = block_start(element), 0
            case "link" if _in_entry(element):
                entry.link(element.get("rel", ""), element.get("href", ""))
            case "id" if _in_entry(element):
                entry.id = entry.id or (element.text or "").strip()
            case "entry":
                entry.line = entry.line or self._line(element)
                self._close()
            case _ if name in HELD:
                self._held(name, element)
        if name in {"IntervalReading", "IntervalBlock", "entry"}:
            _forget(element)

    def _held(self, name: str, element: Any) -> None:
        entry = self._entry
        entry.kind = entry.kind or name
        entry.line = entry.line or self._line(element)
        if name == "ReadingType":
            entry.reading_type = type_of(element)
        elif name == "UsagePoint":
            entry.service = service_of(element)
        elif name == "IntervalBlock":
            self._block, self._told = None, 0

    def _close(self) -> None:
        """An entry ends; the feed's own id and links belong to none."""
        entry = self._entry
        if len(entry.readings):
            entry.kind = "IntervalBlock"
        if entry.kind:
            self.entries.append(entry)
        self._entry = Entry(entry.order + 1)
        self._block, self._told = None, 0

    def _reading(self, element: Any) -> None:
        line = self._line(element)
        self._seen += 1
        try:
            reading = reading_of(element)
            start, seconds = reading.start, reading.seconds
            if start is None or seconds is None:
                if self._block is None:
                    raise Wrong("timePeriod", "the reading has no time, and its block no interval to tell it by.")
                start, seconds = self._block, UNSAID - self._told
                self._told += 1
        except Wrong as wrong:
            where = "" if line else f"reading {self._seen:,}: "
            self.found.error(
                f"espi.{wrong.field}", where + wrong.message, line=line, field=wrong.field, remedy=wrong.remedy
            )
            return
        if reading.value is None:
            message = "the reading has no value: missing, not zero."
            self.found.warning("espi.no-value", message, line=line, field="value")
        self._entry.readings.append(reading, start=start, seconds=seconds, line=line)

    def _line(self, element: Any) -> int:
        line = int(element.sourceline or 0)
        return line + self._source.skipped if line < LINES_COUNTED else 0


class Trimmed:
    """A delivery as XML wants it: nothing before the declaration, and the encoding that it really has."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        head = delivery.head
        encoding, mark = encoding_of(head)
        self.start = head.decode(encoding, "replace")
        self.encoding = _override(self.start, head) if encoding == "utf-8" else None
        bare = head.lstrip(b" \t\r\n") if encoding == "utf-8" and not mark else head
        self.skipped = head[: len(head) - len(bare)].count(b"\n")
        delivery.read(len(head) - len(bare))

    def read(self, size: int = -1) -> bytes:
        return self._delivery.read(size)


def _in_entry(element: Any) -> bool:
    """A feed has a link and an id of its own."""
    parent = element.getparent()
    return parent is not None and local(parent.tag) == "entry"


def _override(start: str, head: bytes) -> str | None:
    """The encoding of bytes that cannot be what the document says: Windows text without a word, UTF-8 called UTF-16."""
    declared = DECLARED.match(start.lstrip("\ufeff \t\r\n"))
    name = declared[1].lower() if declared else "utf-8"
    if name not in {"utf-8", "utf8", "us-ascii", "ascii"}:
        return "utf-8" if name.startswith(("utf-16", "utf-32", "ucs")) else None
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return None


def _forget(element: Any) -> None:
    """Free an element that was understood, and its elder siblings, so that a feed of any length fits in memory."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _fed(parser: Any, chunk: bytes) -> etree.XMLSyntaxError | None:
    """What is wrong with the document, when this chunk shows it; what came before it in the chunk can still be read."""
    try:
        parser.feed(chunk)
    except etree.XMLSyntaxError as error:
        return error
    return None


def _pruned(root: Any, idle: int) -> bool:
    """Free what is closed and of no use along the elements that are open; False when one keeps more than it may."""
    node = root
    while len(node):
        if local(node.tag) in WHOLE:
            return idle < IDLE_INSIDE
        del node[:-1]
        node = node[-1]
    return True


def _doctype_refusal(name: str) -> Unreadable:
    return refusal(
        "espi.doctype",
        "the XML brings a document type of its own, which ESPI never needs and attackers do.",
        file=name,
        remedy="Do not read it. Ask who sent it.",
    )
