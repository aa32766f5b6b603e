"""The mailbox into which customers write, read by IMAP (RFC 3501): what is new, and what was taken in."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

SECONDS = 20
MOST = 100


class Unreadable(Exception):
    """The mailbox answered what it should not; the message is its own words."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in the box: its number there, and its bytes."""

    uid: bytes
    raw: bytes


@dataclass(frozen=True, slots=True)
class Mailbox:
    """`url` is imaps://name:password@host/INBOX; imap:// without the s only for a server on this machine."""

    url: str

    @contextmanager
    def open(self) -> Iterator[OpenMailbox]:
        where = urlsplit(self.url)
        host = where.hostname or "localhost"
        if where.scheme == "imaps":
            context = ssl.create_default_context()
            box: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, where.port or 993, ssl_context=context, timeout=SECONDS)
        elif host in {"localhost", "127.0.0.1", "::1"}:
            box = imaplib.IMAP4(host, where.port or 143, timeout=SECONDS)
        else:
            raise Unreadable("A mailbox on another machine is read by imaps:// alone.")
        try:
            box.login(unquote(where.username or ""), unquote(where.password or ""))
            _said(box.select(where.path.lstrip("/") or "INBOX"))
            yield OpenMailbox(box)
        except imaplib.IMAP4.error as refused:
            raise Unreadable(str(refused)) from refused
        finally:
            box.shutdown()


@dataclass(frozen=True, slots=True)
class OpenMailbox:
    box: imaplib.IMAP4

    def unread(self) -> Iterator[Letter]:
        """Mail that was not taken in, the oldest first; reading does not mark it."""
        found = _said(self.box.uid("SEARCH", "UNSEEN"))
        uids = found[0].split() if found and isinstance(found[0], bytes) else []
        for uid in uids[:MOST]:
            parts = _said(self.box.uid("FETCH", uid.decode(), "(BODY.PEEK[])"))
            raw = next((part[1] for part in parts if isinstance(part, tuple)), None)
            if isinstance(raw, bytes):
                yield Letter(uid, raw)

    def took(self, letter: Letter) -> None:
        """It is kept here: the box may show it as read."""
        _said(self.box.uid("STORE", letter.uid.decode(), "+FLAGS", r"(\Seen)"))


def _said(answer: tuple[str, Sequence[object]]) -> Sequence[object]:
    kind, data = answer
    if kind != "OK":
        raise Unreadable(str(data))
    return data
