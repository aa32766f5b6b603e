"""Post a message to a head-end and return its answer: no redirects, no proxies, a time limit, a size limit."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

SECONDS = 10.0
MOST = 1 << 20
Post = Callable[[str, bytes, Mapping[str, str]], bytes]


class Unreachable(Exception):
    """Nobody took the message, as far as we know: it is sent again."""


def post(url: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """What the other side answered. Raises Unreachable, in words for the log."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    assert parts.hostname, url
    connection = kind(parts.hostname, parts.port, timeout=SECONDS)
    try:
        connection.request("POST", parts.path or "/", body, dict(headers))
        answer = connection.getresponse()
        content = answer.read(MOST + 1)
    except (OSError, http.client.HTTPException) as fault:
        raise Unreachable(f"{type(fault).__name__}: {fault}".strip(": ")) from fault
    finally:
        connection.close()
    if len(content) > MOST:
        raise Unreachable("The answer is too large.")
    if answer.status >= 500 and b"Envelope" not in content:
        raise Unreachable(f"answered {answer.status}")
    return content
