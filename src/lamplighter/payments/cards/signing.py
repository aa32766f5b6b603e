"""Signatures of webhooks: `t=EPOCH,v1=HEX`, HMAC-SHA256 over `EPOCH.BODY`, good for five minutes. Pure."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

TOLERANCE_SECONDS = 300


class NotGenuine(Exception):
    """Whoever sent it does not hold our secret, or says it again long after; the message is for the log."""


def sign(body: bytes, secret: str, *, at: datetime) -> str:
    """The header that goes with a body."""
    epoch = int(at.timestamp())
    return f"t={epoch},v1={_hex(body, secret, epoch)}"


def check(body: bytes, header: str, secret: str, *, at: datetime) -> None:
    """Raises NotGenuine. Several `v1` may stand in a header while a secret is turned over."""
    parts = [part.partition("=")[::2] for part in header.split(",")]
    epochs = [value for name, value in parts if name == "t" and value.isdigit() and len(value) <= 12]
    if not secret or len(epochs) != 1:
        raise NotGenuine("The signature is missing or has another form.")
    epoch = int(epochs[0])
    right = _hex(body, secret, epoch)
    if not any(hmac.compare_digest(right, value) for name, value in parts if name == "v1"):
        raise NotGenuine("The signature does not fit the body.")
    if abs(at.timestamp() - epoch) > TOLERANCE_SECONDS:
        raise NotGenuine(f"It was signed {abs(at.timestamp() - epoch):.0f} seconds ago.")


def _hex(body: bytes, secret: str, epoch: int) -> str:
    return hmac.new(secret.encode(), f"{epoch}.".encode() + body, hashlib.sha256).hexdigest()
