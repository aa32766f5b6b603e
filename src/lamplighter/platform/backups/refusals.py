"""Why a backup or a restoration is refused, in words that somebody at a terminal can act on."""

from __future__ import annotations


class CannotBackUp(Exception):
    """No backup was made; what was begun is removed."""


class CannotRestore(Exception):
    """Nothing was restored; the installation is as it was."""
