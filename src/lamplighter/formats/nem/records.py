"""What the records of NEM12 and NEM13 have in common: fields and the header."""

from __future__ import annotations

from lamplighter.formats.refusals import refusal
from lamplighter.formats.textlines import text


def fields_of(line: bytes) -> list[str]:
    return [part.strip('" ') for part in text(line).split(",")]


def check_header(fields: list[str], version: str, file: str, line: int) -> None:
    """Raises Unreadable unless these are the fields of the 100 record that begins a file of this version."""
    if fields[0] != "100" or len(fields) < 2 or fields[1].upper() != version:
        raise refusal(
            f"{version.lower()}.header",
            f"the file must begin with the record 100,{version}; it begins with {','.join(fields[:2])[:40]!r}.",
            file=file,
            line=line,
            field="VersionHeader",
            remedy="Ask the sender for the whole file.",
        )
