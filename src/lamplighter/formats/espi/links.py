"""Which entry belongs to which: Atom links as the standard has them, and as senders really write them."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable

from lamplighter.formats.espi.atom import Entry, ReadingType, parent_of
from lamplighter.formats.refusals import Findings

MOST_TYPES = 20  # different ones under one link; more are nonsense


class Family:
    """Parents of one kind (meter readings of blocks, usage points of meter readings), found by link."""

    def __init__(self, parents: Iterable[Entry], word: str, found: Findings) -> None:
        self.parents = list(parents)
        self.word = word
        self.found = found
        self._orders = [parent.order for parent in self.parents]
        self._by_related: dict[str, list[Entry]] = defaultdict(list)
        self._by_self: dict[str, list[Entry]] = defaultdict(list)
        for parent in self.parents:
            for key in dict.fromkeys(parent.related):
                self._by_related[key].append(parent)
            if parent.self:
                self._by_self[parent.self].append(parent)

    def parent(self, child: Entry) -> Entry | None:
        """The parent of an entry; None when there is none of this kind, or no way to tell."""
        linked = self._linked(child.self) or self._linked_up(child)
        if child.up and linked and (other := self._linked_up(child)) and other is not linked:
            self._tell(child, f"its self and up links name different {self.word}s; self was followed")
        if linked is not None:
            return linked
        if len(self.parents) == 1:
            return self.parents[0]
        before = bisect_left(self._orders, child.order)
        if before:
            self._tell(child, f"no link says which {self.word} it belongs to; the one before it was taken")
            return self.parents[before - 1]
        return None

    def _linked(self, key: str) -> Entry | None:
        """By the child's own link: a parent names it, or its collection, or stands above it in the path."""
        if not key:
            return None
        nearest = self._only(self._by_related.get(key)) or self._only(self._by_related.get(parent_of(key)))
        while nearest is None and (key := parent_of(key)):
            nearest = self._only(self._by_self.get(key))
        return nearest

    def _linked_up(self, child: Entry) -> Entry | None:
        if not child.up:
            return None
        return self._only(self._by_related.get(child.up)) or self._only(self._by_self.get(parent_of(child.up)))

    def _only(self, parents: list[Entry] | None) -> Entry | None:
        """Several parents under one link are one parent that was sent again."""
        return parents[0] if parents else None

    def _tell(self, child: Entry, message: str) -> None:
        self.found.warning("espi.link", f"{child.name}: {message}.", line=child.line, field="link")


class Types:
    """The ReadingTypes of a feed, found by the links of meter readings."""

    def __init__(self, entries: Iterable[Entry], found: Findings) -> None:
        self.found = found
        self.all: dict[ReadingType, None] = {}
        self._by_self: dict[str, dict[ReadingType, None]] = defaultdict(dict)
        for entry in entries:
            if entry.reading_type is not None:
                self.all[entry.reading_type] = None
                for key in {entry.self, _tail(entry.self)}:
                    if len(self._by_self[key]) < MOST_TYPES:
                        self._by_self[key][entry.reading_type] = None

    def of(self, meter_reading: Entry, durations: set[int]) -> ReadingType | None:
        """What the readings of a meter reading measure; None, with a finding, when nothing says so.

        Where two different types bear the same link, the one whose interval is the duration of the readings is meant.
        """
        links = [key for key in meter_reading.related if key]
        linked = [kind for key in links for kind in self._by_self.get(key, ())]
        linked = linked or [kind for key in links for kind in self._by_self.get(_tail(key), ())]
        choices = list(dict.fromkeys(linked)) or (list(self.all) if len(self.all) == 1 else [])
        fitting = [kind for kind in choices if {kind.interval} == durations]
        if linked and len(choices) > 1 and len(fitting) == 1:
            self.found.warning(
                "espi.type", f"{meter_reading.name}: its link leads to several ReadingTypes; the one whose interval is "
                "that of the readings was taken.", line=meter_reading.line, field="link",
            )  # fmt: skip
            return fitting[0]
        if len(choices) == 1:
            return choices[0]
        self.found.error(
            "espi.no-type", f"{meter_reading.name}: no single ReadingType says what its readings measure.",
            line=meter_reading.line, field="ReadingType",
            remedy="The readings are left out. Ask the sender for a feed in which it links to its ReadingType.",
        )  # fmt: skip
        return None


def _tail(key: str) -> str:
    """The last two parts of a link, `ReadingType/07`: senders mix long and short forms of one link."""
    return "/".join(key.split("/")[-2:])
