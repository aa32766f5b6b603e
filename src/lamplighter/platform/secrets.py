"""Encryption of identity numbers and bank data at rest, and a keyed digest by which one can be found again."""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def encrypt(clear: str) -> str:
    return _fernet(tuple(settings.DATA_KEYS)).encrypt(clear.encode()).decode()


def decrypt(sealed: str) -> str:
    """Raises cryptography.fernet.InvalidToken when no key of ours sealed it."""
    return _fernet(tuple(settings.DATA_KEYS)).decrypt(sealed.encode()).decode()


def digest(clear: str) -> str:
    """The same clear text has the same digest, which tells nothing without the key."""
    key = hashlib.sha256(b"digest:" + settings.DATA_KEYS[-1].encode()).digest()
    return hmac.new(key, clear.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    """The first key seals; every key opens, so that keys can be turned over."""
    return MultiFernet([Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in keys])
