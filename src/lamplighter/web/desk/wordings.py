"""The shape of an event's words on a timeline, and the families that its filter knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lamplighter.web.ui.parts import Tone

Sentence = Callable[[Mapping[str, Any], date], str]
MONEY, SERVICE, CONTACT, NOTICE, CHANGE = "money", "service", "contacts", "notices", "changes"


@dataclass(frozen=True, slots=True)
class Wording:
    """`link` is the word of a link to the event's subject, if it has a page."""

    kind: str
    tone: Tone
    family: str
    sentence: Sentence
    link: str = ""
    detail: Sentence = lambda _data, _on: ""
