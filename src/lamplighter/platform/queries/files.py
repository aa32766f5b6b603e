"""Where the bytes of a stored file lie."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def store_root() -> Path:
    return Path(settings.STATE) / "files"


def path_of(sha256: str) -> Path:
    return store_root() / sha256[:2] / sha256
