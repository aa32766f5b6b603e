"""Collect static files with hashed names, once for each state of their sources: compressing them takes seconds."""

from __future__ import annotations

import hashlib
from pathlib import Path

import lamplighter

UNSERVED = ["django_htmx"]
"""What apps bring along and no page asks for."""


def collect_statics() -> None:
    """Fill STATIC_ROOT unless it was filled from the same files by the same version. Django is set up."""
    from django.conf import settings
    from django.core.management import call_command

    mark = Path(settings.STATIC_ROOT) / ".collected-from"
    now = _sources()
    if not mark.exists() or mark.read_text() != now:
        mark.unlink(missing_ok=True)
        call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=UNSERVED)
        mark.write_text(now)


def _sources() -> str:
    """A digest of the names, sizes and times of all files that Django finds."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256(lamplighter.__version__.encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
