"""Internet mail (RFC 5322, MIME) as it comes from a mailbox: who, what, in answer to which, with which files.

Nothing in a mail is trusted: what is too large, has no sender or can't be read is refused by name; a wrong charset or a
broken part costs that part alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.parser import BytesParser
from html.parser import HTMLParser

MOST_BYTES = 25 * 1024 * 1024
MOST_WORDS = 100_000
MOST_FILES = 50
REFERENCE = re.compile(r"<[^<>\s]{1,240}>")


LIBRARY_FAULTS = (ValueError, IndexError, AttributeError, LookupError, TypeError, OverflowError)
"""What the library's parsers raise, against their word, on some headers."""


class BadMail(Exception):
    """A mail can't be taken in; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class MailFile:
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """One message. `references` are Message-IDs, the nearest last. `automatic`: no person wrote it (RFC 3834).

    `returned` are the Message-IDs of what a delivery report (RFC 3464) says did not arrive, and `why` its words.
    """

    message_id: str
    sender: str
    sender_name: str
    subject: str
    body: str
    sent_at: datetime | None
    references: tuple[str, ...] = ()
    automatic: bool = False
    files: tuple[MailFile, ...] = ()
    returned: tuple[str, ...] = ()
    why: str = ""


def read_mail(raw: bytes) -> Mail:
    """The message in `raw`. Raises BadMail."""
    if len(raw) > MOST_BYTES:
        raise BadMail(f"The mail has {len(raw):,} bytes; at most {MOST_BYTES:,} are taken.")
    parsed = BytesParser(policy=policy.default).parsebytes(raw)
    assert isinstance(parsed, EmailMessage)
    try:
        return _read(parsed)
    except LIBRARY_FAULTS as fault:  # the parser of headers falls over some that are broken in the right place
        raise BadMail("A header of the mail is broken, so that it cannot be read.") from fault


def _read(parsed: EmailMessage) -> Mail:
    sender, name = _sender(parsed)
    ids = REFERENCE.findall(_text(parsed, "Message-ID"))
    if not ids:
        raise BadMail("The mail has no Message-ID, by which it would be known again.")
    returned, why = _returned(parsed)
    return Mail(
        message_id=ids[0], sender=sender, sender_name=name, subject=_line(_text(parsed, "Subject"))[:250],
        body=_body(parsed)[:MOST_WORDS], sent_at=_sent(parsed), references=_references(parsed),
        automatic=_automatic(parsed), files=tuple(_files(parsed)), returned=returned, why=why,
    )  # fmt: skip


def _text(mail: Message, name: str) -> str:
    """A header as text; one that the library can't read is as good as absent."""
    try:
        return str(mail[name] or "")
    except LIBRARY_FAULTS:
        return ""


def _line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _sender(mail: EmailMessage) -> tuple[str, str]:
    try:
        addresses: tuple[Address, ...] = mail["From"].addresses if mail["From"] else ()
        found = [(one.addr_spec, one.display_name) for one in addresses if one.username and one.domain]
    except LIBRARY_FAULTS:
        found = []
    if not found:
        if mail.get_content_type() == "multipart/report":  # a delivery report may come from nobody
            return "", ""
        raise BadMail("The mail has no sender's address in From.")
    spec, name = found[0]
    local, _, domain = spec.rpartition("@")
    return f"{local}@{domain.lower()}"[:254], _line(name)[:120]


def _sent(mail: EmailMessage) -> datetime | None:
    try:
        at = mail["Date"].datetime if mail["Date"] else None
    except LIBRARY_FAULTS:
        return None
    return None if at is None else at.replace(tzinfo=at.tzinfo or UTC)


def _references(mail: EmailMessage) -> tuple[str, ...]:
    return tuple(REFERENCE.findall(f"{_text(mail, 'References')} {_text(mail, 'In-Reply-To')}")[-50:])


def _automatic(mail: EmailMessage) -> bool:
    said = _text(mail, "Auto-Submitted").strip().lower()
    return (bool(said) and said != "no") or _text(mail, "Precedence").strip().lower() in {"bulk", "junk", "list"}


def _returned(mail: EmailMessage) -> tuple[tuple[str, ...], str]:
    """Of a delivery report that says `failed`: the ids of the mail that it returns, and the reason."""
    if mail.get_content_type() != "multipart/report":
        return (), ""
    failed, why, ids = False, "", []
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            for block in _parts(part):
                failed = failed or _text(block, "Action").strip().lower() == "failed"
                why = why or _line(_text(block, "Diagnostic-Code") or _text(block, "Status"))
        elif part.get_content_type() in {"message/rfc822", "text/rfc822-headers"}:
            ids += REFERENCE.findall(_headers_of(part))
    return (tuple(ids) if failed else ()), why[:200]


def _parts(part: Message) -> list[Message]:
    """The messages inside a part; none where it is one of bytes."""
    inner = part.get_payload()
    return [one for one in inner if isinstance(one, Message)] if isinstance(inner, list) else []


def _headers_of(part: Message) -> str:
    if part.is_multipart():
        return " ".join(_text(inner, "Message-ID") for inner in _parts(part))
    found = re.search(r"^message-id:\s*(\S+)", _decoded(part), re.IGNORECASE | re.MULTILINE)
    return found[1] if found else ""


def _body(mail: EmailMessage) -> str:
    """The words for a person to read: the plain part, else the text of the HTML part."""
    part = mail.get_body(preferencelist=("plain", "html"))
    if part is None or part.is_multipart():
        return ""
    text = _decoded(part)
    text = _words_of(text) if part.get_content_subtype() == "html" else text
    kept = "".join(c for c in text.replace("\r\n", "\n") if c in "\n\t" or c.isprintable())
    return re.sub(r"\n{3,}", "\n\n", kept).strip()


def _decoded(part: Message) -> str:
    raw = part.get_payload(decode=True)
    raw = raw if isinstance(raw, bytes) else b""
    try:
        return raw.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")


def _files(mail: EmailMessage) -> list[MailFile]:
    found: list[MailFile] = []
    for part in mail.iter_attachments() if mail.is_multipart() else ():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content and len(found) < MOST_FILES:
            name = _line(part.get_filename() or "").replace("/", "_").replace("\\", "_")[:200]
            found.append(MailFile(name or f"file-{len(found) + 1}", part.get_content_type(), content))
    return found


def _words_of(html: str) -> str:
    reader = _Words()
    reader.feed(html)
    reader.close()
    return re.sub(r"[ \t]+", " ", "".join(reader.words))


class _Words(HTMLParser):
    """The text of a page, without scripts and styles."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the library's
        if tag in {"script", "style", "title"}:
            self.silent += 1
        elif tag in {"br", "p", "div", "tr", "li", "h1", "h2", "h3"}:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style", "title"}:
            self.silent = max(0, self.silent - 1)

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)
