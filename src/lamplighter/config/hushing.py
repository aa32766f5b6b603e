"""What a log never tells: the secret in the address of a link that a customer was sent."""

from __future__ import annotations

import logging
import re

SECRET = re.compile(r"^/(bill|pay|pay/autopay|replies/offer|replies/survey)/(?!autopay/)[^/\s]+")
HIDDEN = "…"


class Hushed(logging.Filter):
    """Whoever reads a log could else open the page of a customer whose request was refused."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(hushed(one) if isinstance(one, str) else one for one in record.args)
        return True


def hushed(path: str) -> str:
    """The path without what follows the name of a page that opens by a secret."""
    return SECRET.sub(rf"/\1/{HIDDEN}", path)
