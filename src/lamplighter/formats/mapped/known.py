"""Mappings of exports that are common, each recognised by the names of its columns."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import resources

from lamplighter.formats.mapped.mapping import CsvMapping, mapping_from


def known_mapping(columns: Iterable[str]) -> CsvMapping | None:
    """The mapping for a table with these columns; None when it is no export that is known."""
    names = set(columns)
    return next((mapping for mapping in known_mappings() if names.issuperset(mapping.recognised_by)), None)


@cache
def known_mappings() -> tuple[CsvMapping, ...]:
    folder = resources.files(__package__) / "exports"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return tuple(mapping_from(file.read_text(encoding="utf-8"), file.name) for file in files)
