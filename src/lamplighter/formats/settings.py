"""What a reader must be told about a feed, because the file does not say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from lamplighter.formats.mapped.mapping import CsvMapping
from lamplighter.formats.meterdata import Format
from lamplighter.formats.refusals import DEFAULT_LIMITS, Limits


@dataclass(frozen=True, slots=True)
class Settings:
    """`format` None: by content. `zone` None: what the format has by default (CMEP UTC, NEM UTC+10, CSV its mapping).

    `mapping` says what the columns of a CSV file are.
    """

    format: Format | None = None
    zone: tzinfo | None = None
    mapping: CsvMapping | None = None
    limits: Limits = DEFAULT_LIMITS


DEFAULT_SETTINGS = Settings()
