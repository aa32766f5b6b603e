"""The one refusal of this package, in words that somebody at a terminal can act on."""

from __future__ import annotations


class CannotRunPostgres(Exception):
    """PostgreSQL is missing, unfit or does not start. The message says why and what to do."""
