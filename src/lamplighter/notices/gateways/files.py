"""A gateway that writes each notice as a file: email as RFC 5322 messages (.eml), texts and letters as plain text."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings

from lamplighter.notices.channels import Channel
from lamplighter.notices.gateways import Receipt
from lamplighter.notices.queries.outbox import Parcel


class OtherWords(Exception):
    """A file of this number holds another notice: the folder belongs to another database."""


@dataclass(frozen=True, slots=True)
class FileGateway:
    """Writes to `folder`/channel/N-331.eml or .txt. The file's time is the instant of handing over.

    A file is whole or not there, and is never written again, so a crash after writing sends nothing twice.
    """

    folder: Path

    def hand_over(self, parcel: Parcel, *, at: datetime) -> Receipt:
        path = self.folder / parcel.channel / f"{parcel.number}{'.eml' if parcel.channel is Channel.EMAIL else '.txt'}"
        at = _written_at(path) or at
        content = message(parcel, at) if parcel.channel is Channel.EMAIL else plain(parcel)
        if not path.exists():
            _write(path, content, at)
        elif path.read_bytes() != content:
            raise OtherWords(f"{path} holds another notice. Empty the folder, which belongs to another database.")
        digest = hashlib.sha256(content).hexdigest()[:16]
        return Receipt(f"file:{path.parent.name}/{path.name} sha256:{digest}", at)


def outbox_folder() -> Path:
    """Where the demo's notices go: the folder `outbox` of this installation's state."""
    return Path(settings.STATE) / "outbox"


def message(parcel: Parcel, at: datetime) -> bytes:
    """The notice as an RFC 5322 message, with the language of its words (RFC 3282) and an id made of its number."""
    found = EmailMessage(policy=policy.SMTP)
    found["From"] = Address(parcel.from_name, addr_spec=parcel.from_email)
    found["To"] = Address(addr_spec=parcel.address[0])
    found["Subject"] = parcel.sheets[0].subject
    found["Date"] = at
    found["Message-ID"] = f"<{parcel.number}@{parcel.from_email.rpartition('@')[2]}>"
    found.set_content(parcel.text, cte="quoted-printable")
    found["Content-Language"] = ", ".join(
        sheet.language for sheet in parcel.sheets
    )  # after the content, which clears it
    return bytes(found)


def plain(parcel: Parcel) -> bytes:
    """To whom, then the words, as UTF-8."""
    return ("\n".join(parcel.address) + "\n\n" + parcel.text).encode()


def _written_at(path: Path) -> datetime | None:
    return datetime.fromtimestamp(path.stat().st_mtime_ns // 1000 / 1_000_000, UTC) if path.exists() else None


def _write(path: Path, content: bytes, at: datetime) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    micros = int(at.timestamp()) * 1_000_000 + at.microsecond
    os.utime(part, ns=(micros * 1000, micros * 1000))
    part.replace(path)
