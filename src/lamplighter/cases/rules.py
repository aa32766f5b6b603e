"""How mail and texts are read: what a mail answers, and which texts are commands. Pure."""

from __future__ import annotations

import re
from enum import StrEnum

SUBJECT_PREFIX = re.compile(r"^\s*((re|fw|fwd|aw|sv)\s*:\s*)+", re.IGNORECASE)
OURS = re.compile(r"<(?P<kind>[MN])-(?P<key>\d{1,18})@[^<>@\s]+>")
"""The Message-IDs that we give: M-12 of a message, N-12 of a notice."""


class Command(StrEnum):
    """What a text may order by one word."""

    STOP = "stop"
    START = "start"
    HELP = "help"


STOP_WORDS = frozenset({"stop", "stopall", "quit", "end", "revoke", "opt out", "optout", "cancel", "unsubscribe"})
"""Words that take consent back: 47 CFR 64.1200(a)(10), with the industry's STOPALL."""
START_WORDS = frozenset({"start", "unstop", "yes"})
HELP_WORDS = frozenset({"help", "info"})


def command_in(text: str) -> Command | None:
    """The command that a text is, alone and in any case; a sentence that only contains the word is none."""
    said = re.sub(r"[^a-z ]", "", text.casefold()).strip()
    if said in STOP_WORDS:
        return Command.STOP
    if said in START_WORDS:
        return Command.START
    return Command.HELP if said in HELP_WORDS else None


def bare_subject(subject: str) -> str:
    """Without Re: and Fwd:."""
    return SUBJECT_PREFIX.sub("", subject).strip()


def reply_subject(subject: str) -> str:
    return f"Re: {bare_subject(subject)}"[:250] if subject.strip() else "Your message"


def answers_to(references: tuple[str, ...], *, kind: str) -> list[int]:
    """The keys of our messages (`M`) or notices (`N`) among a mail's references, the nearest first."""
    found = (OURS.fullmatch(one.strip()) for one in reversed(references))
    return [int(one["key"]) for one in found if one and one["kind"] == kind]
