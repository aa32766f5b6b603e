"""Words of senders as a database can keep them."""

from __future__ import annotations

from dataclasses import replace

from lamplighter.formats.meterdata import Identity, MeterFile
from lamplighter.kernel.findings import Finding


def storable(words: str) -> str:
    """The same without characters that PostgreSQL refuses: NUL, and halves of surrogate pairs."""
    return words.encode("utf-8", "replace").decode().replace("\x00", "\N{REPLACEMENT CHARACTER}")


def storable_file(file: MeterFile) -> MeterFile:
    """A meter file all of whose words can be kept."""
    return replace(
        file,
        name=storable(file.name),
        channels=tuple(replace(channel, identity=_identity(channel.identity)) for channel in file.channels),
        findings=tuple(_finding(finding) for finding in file.findings),
    )


def _identity(said: Identity) -> Identity:
    return Identity(storable(said.id), storable(said.meter), storable(said.point), storable(said.register))


def _finding(found: Finding) -> Finding:
    place = replace(found.place, file=storable(found.place.file), field=storable(found.place.field))
    return replace(found, message=storable(found.message), place=place, remedy=storable(found.remedy))
