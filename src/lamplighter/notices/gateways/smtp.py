"""A gateway that sends email by SMTP (RFC 5321), with STARTTLS or TLS from the start, as its address says."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from urllib.parse import SplitResult, unquote, urlsplit

from lamplighter.notices.gateways import Receipt, Undeliverable
from lamplighter.notices.gateways.files import message
from lamplighter.notices.queries.outbox import Parcel

SECONDS = 20


@dataclass(frozen=True, slots=True)
class SmtpGateway:
    """`url` is smtp://name:password@host:587 (STARTTLS where the host offers it; it must where there is a password) or
    smtps://host:465. The same parcel always has the same Message-ID, by which receivers know a repeat."""

    url: str

    def hand_over(self, parcel: Parcel, *, at: datetime) -> Receipt:
        parsed = BytesParser(policy=SMTP).parsebytes(message(parcel, at))
        assert isinstance(parsed, EmailMessage)
        return Receipt(self.send(parsed), at)

    def send(self, mail: EmailMessage) -> str:
        """Give one mail to the server; its answer. Raises Undeliverable where the server refuses it for good."""
        named = str(mail["Message-ID"])
        try:
            with self._open() as server:
                refused = server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as refusal:
            code, words = next(iter(refusal.recipients.values()))
            raise _refused(code, words, named) from refusal
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refusal:
            raise _refused(refusal.smtp_code, refusal.smtp_error, named) from refusal
        assert not refused, "one recipient is taken or refused"
        return f"smtp:{urlsplit(self.url).hostname} {named}"[:120]

    @contextmanager
    def _open(self) -> Iterator[smtplib.SMTP]:
        where = urlsplit(self.url)
        with self._connected(where) as server:
            server.ehlo()
            if where.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
            elif where.scheme == "smtp" and where.password:
                raise ConnectionError("The mail server offers no STARTTLS; the password is not sent in clear.")
            if where.username and where.password:
                server.login(unquote(where.username), unquote(where.password))
            yield server

    def _connected(self, where: SplitResult) -> smtplib.SMTP:
        host = where.hostname or "localhost"
        if where.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, where.port or 465, timeout=SECONDS, context=context)
        return smtplib.SMTP(host, where.port or 587, timeout=SECONDS)


def _refused(code: int, words: bytes | str, named: str) -> Exception:
    """For good (5xx) or, as it may be taken later (4xx), a failure of the line."""
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    if code >= 500:
        return Undeliverable(f"{code} {said}"[:500], proof=f"smtp {code} {named}"[:120])
    return ConnectionError(f"{code} {said}")
