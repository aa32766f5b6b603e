"""Make content fit for type: clean text, letters without a glyph replaced and told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lamplighter.billing.documents.words import printable

REPLACEMENT = "\ufffd"
LATIN = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180)))) | set(
    "\u2013\u2014\u2018\u2019\u201c\u201d\u2212×"
)


@dataclass(frozen=True, slots=True)
class Missing:
    """Letters that no font has, and in which field of the content they stood first."""

    field: str
    letters: tuple[str, ...]


def settable(content: Mapping[str, Any], shows: Callable[[str], bool]) -> tuple[dict[str, Any], tuple[Missing, ...]]:
    """The content with every text printable, and what `shows` has no glyph for, by field."""
    found: dict[str, Any] = {}
    missing: list[Missing] = []
    for field, value in content.items():
        lacking: dict[str, None] = {}
        found[field] = _set(value, shows, lacking)
        if lacking:
            missing.append(Missing(field, tuple(lacking)))
    return found, tuple(missing)


def _set(value: Any, shows: Callable[[str], bool], lacking: dict[str, None]) -> Any:
    if isinstance(value, str):
        return _text(value, shows, lacking)
    if isinstance(value, list):
        if set(map(type, value)) == {int}:
            return value  # bars, or the modules of a QR code
        return [_set(one, shows, lacking) for one in value]
    if isinstance(value, dict):
        return {name: _set(one, shows, lacking) for name, one in value.items()}
    return value


def _text(text: str, shows: Callable[[str], bool], lacking: dict[str, None]) -> str:
    clean = printable(text)
    if clean.isascii():
        return clean
    unusual = set(clean) - LATIN
    for letter in sorted(unusual):
        if not shows(letter):
            lacking[letter] = None
            clean = clean.replace(letter, REPLACEMENT)
    return clean
