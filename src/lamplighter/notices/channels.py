"""The ways on which a notice goes out, and what an address on each looks like."""

from __future__ import annotations

import re
from enum import StrEnum


class BadAddress(Exception):
    """An address can't be used on a channel; the message is fit to be read aloud."""


class Channel(StrEnum):
    """A page behind a link is written, translated and adopted as a notice is, and goes to nobody."""

    LETTER = "letter"
    EMAIL = "email"
    TEXT = "text"
    PAGE = "page"

    @property
    def label(self) -> str:
        return {"letter": "Letter", "email": "Email", "text": "Text message", "page": "Page"}[self.value]


WAYS = (Channel.LETTER, Channel.EMAIL, Channel.TEXT)
"""On which something goes out."""

ENVELOPE_LINES = 6  # what the window of a #10 envelope shows
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL = re.compile(rf"(?P<local>{_ATOM}(?:\.{_ATOM})*)@(?P<domain>(?:{_LABEL}\.)+{_LABEL})")
"""A dot-atom (RFC 5322) at a host's name (RFC 1123): what any gateway can put on a message."""


def checked_address(channel: Channel, lines: tuple[str, ...]) -> tuple[str, ...]:
    """The address as the channel needs it: the lines of an envelope, one email address, one number as +15105550142.

    Raises BadAddress.
    """
    if any(not line.strip() or not line.isprintable() for line in lines):
        raise BadAddress("An address has no empty lines and no control characters.")
    match channel:
        case Channel.LETTER:
            if not 2 <= len(lines) <= ENVELOPE_LINES:
                raise BadAddress(
                    f"A letter's address has 2 to {ENVELOPE_LINES} lines, name first; this has {len(lines)}."
                )
            return tuple(line.strip() for line in lines)
        case Channel.EMAIL:
            return (_email(lines),)
        case Channel.TEXT:
            return (_number(lines),)
        case Channel.PAGE:
            raise BadAddress("A page is sent to nobody: who has its link opens it.")


def _email(lines: tuple[str, ...]) -> str:
    address = EMAIL.fullmatch(lines[0].strip()) if len(lines) == 1 else None
    if address is None:
        raise BadAddress("An email goes to one address, such as name@example.net.")
    return f"{address['local']}@{address['domain'].lower()}"


def _number(lines: tuple[str, ...]) -> str:
    digits = re.sub(r"[ ().-]", "", lines[0]) if len(lines) == 1 else ""
    if re.fullmatch(r"\+\d{8,15}", digits):
        return digits
    if us := re.fullmatch(r"1?([2-9]\d{2}[2-9]\d{6})", digits):
        return f"+1{us[1]}"
    raise BadAddress("A text goes to one telephone number, such as (510) 555-0142.")
