"""What the sender's file does not say and an import must be told; kept with the import, so that it can be repeated."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import tzinfo

from lamplighter.formats.mapped.mapping import CsvMapping, MappingError, mapping_from
from lamplighter.formats.meterdata import Format
from lamplighter.formats.refusals import refusal
from lamplighter.formats.settings import Settings
from lamplighter.formats.walltime import zone_named

WEEK = 7 * 86_400
FARTHEST = 5_200
"""Weeks: a century, within which every instant that a file may name stays one that the store can hold."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """`format`, `zone` and `mapping` (TOML text) as `lamplighter read` has them; empty: by the file's content.

    `meter` is the badge of the meter that a file without meter numbers is of, such as a usage point of Green Button.
    `shift_weeks` moves every reading by whole weeks, for samples and tests: an explicit untruth that stays on record.
    """

    format: str = ""
    zone: str = ""
    mapping: str = ""
    meter: str = ""
    shift_weeks: int = 0

    @property
    def key(self) -> str:
        """The same for the same options, and for no others."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    @property
    def shift_seconds(self) -> int:
        return self.shift_weeks * WEEK

    def settings(self) -> Settings:
        """For the readers. Raises Unreadable when an option is not understood."""
        if self.format and self.format not in list(Format):
            raise refusal(
                "import.option", f"{self.format!r} is no format that can be read.", field="format",
                remedy=f"Use one of {', '.join(Format)}, or leave it out.",
            )  # fmt: skip
        if abs(self.shift_weeks) > FARTHEST:
            raise refusal(
                "import.option", f"Readings are moved by at most {FARTHEST:,} weeks, not {self.shift_weeks:,}.",
                field="weeks", remedy="Give fewer weeks.",
            )  # fmt: skip
        chosen = self.format or ("csv" if self.mapping else "")
        return Settings(format=Format(chosen) if chosen else None, zone=self._zone(), mapping=self._mapping())

    def _zone(self) -> tzinfo | None:
        try:
            return zone_named(self.zone) if self.zone else None
        except ValueError as error:
            raise refusal("import.option", f"{error}.", field="timezone") from None

    def _mapping(self) -> CsvMapping | None:
        try:
            return mapping_from(self.mapping) if self.mapping else None
        except MappingError as error:
            raise refusal(
                "import.option", f"{error}.", field="mapping", remedy="Correct the mapping and import the file again."
            ) from None
