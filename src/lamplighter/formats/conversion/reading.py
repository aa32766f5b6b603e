"""Read the files of a conversion: every good row, and a finding with line and column for every other."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from lamplighter.formats.conversion.tables import TABLES, Row
from lamplighter.formats.refusals import Unreadable
from lamplighter.kernel.findings import Finding, Place

R = TypeVar("R", bound=Row)
LONGEST = 10_000  # characters of a field: a quotation mark that nobody closed swallows the rest of a file


@dataclass(frozen=True, slots=True)
class Numbered(Generic[R]):
    """A row and the line of its file that it begins on."""

    line: int
    row: R


@dataclass(frozen=True, slots=True)
class Handover:
    """The rows of each table in the order of the file, and what could not be read. `broken` has the first field of each
    line that could not: what is told in several lines must not be taken by half."""

    tables: Mapping[str, tuple[Numbered[Row], ...]]
    broken: Mapping[str, tuple[str, ...]]
    findings: tuple[Finding, ...]


def read_folder(folder: Path) -> Handover:
    """The tables of a folder, `premises.csv` and so on; one that is not there is empty.

    Raises Unreadable for a folder without any, a file that is not UTF-8 CSV with a header, or a column unknown.
    """
    present = {name: folder / f"{name}.csv" for name in TABLES if (folder / f"{name}.csv").is_file()}
    if not present:
        names = ", ".join(f"{name}.csv" for name in TABLES)
        raise Unreadable(Finding("conversion.nothing", f"{folder} has none of the files {names}."))
    findings: list[Finding] = []
    tables: dict[str, tuple[Numbered[Row], ...]] = {}
    broken: dict[str, tuple[str, ...]] = {}
    for name, path in present.items():
        lines = list(_lines(path, TABLES[name]))
        tables[name] = tuple(one for one in lines if isinstance(one, Numbered))
        wrong = [one for one in lines if isinstance(one, _Broken)]
        broken[name] = tuple(one.first for one in wrong)
        findings += [finding for one in wrong for finding in one.findings]
    return Handover(tables, broken, tuple(findings))


@dataclass(frozen=True, slots=True)
class _Broken:
    first: str
    findings: list[Finding]


def _lines(path: Path, table: type[R]) -> Iterator[Numbered[R] | _Broken]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.DictReader(file, strict=True)
            _refuse_header(path, table, lines.fieldnames)
            for fields in lines:
                found = _row(table, fields, Place(path.name, lines.line_num))
                first = (fields.get(next(iter(table.model_fields))) or "").strip()
                yield Numbered(lines.line_num, found) if isinstance(found, Row) else _Broken(first, found)
    except UnicodeDecodeError as fault:
        raise _unreadable(path, "The file is not in UTF-8.", "Save it as CSV in UTF-8.") from fault
    except csv.Error as fault:
        raise _unreadable(
            path, f"Line {lines.line_num + 1} is not CSV: {fault}.", "Look at its quotation marks."
        ) from fault


def _refuse_header(path: Path, table: type[Row], header: object) -> None:
    columns = list(header) if isinstance(header, list) else []
    known, needed = table.model_fields, [name for name, field in table.model_fields.items() if field.is_required()]
    if (twice := next((name for name in columns if columns.count(name) > 1), None)) is not None:
        raise _unreadable(path, f"The column “{twice}” is there twice.", "Each column has a name of its own.")
    if (strange := next((name for name in columns if name not in known), None)) is not None:
        raise _unreadable(path, f"There is no column “{strange}”.", f"Columns are {', '.join(known)}.")
    if missing := [name for name in needed if name not in columns]:
        raise _unreadable(path, f"The column “{missing[0]}” is missing.", f"Needed are {', '.join(needed)}.")


def _row(table: type[R], fields: Mapping[str | None, str | None], place: Place) -> R | list[Finding]:
    if None in fields or None in fields.values():
        return [Finding("conversion.columns", "The line has not as many fields as the header.", place=place)]
    given = {name: said.strip() for name, said in fields.items() if name and said and said.strip()}
    if name := next((name for name, said in given.items() if len(said) > LONGEST), None):
        return [Finding("conversion.length", f"More than {LONGEST:,} characters.", place=_at(place, name))]
    try:
        return table.model_validate(given)
    except ValidationError as refused:
        return [_finding(error, place) for error in refused.errors(include_url=False)]


def _finding(error: ErrorDetails, place: Place) -> Finding:
    name = str(error["loc"][0]) if error["loc"] else ""
    if error["type"] == "missing":
        return Finding("conversion.missing", "Nothing is given.", place=_at(place, name), remedy="It is needed.")
    said = error["msg"].removeprefix("Value error, ")
    return Finding("conversion.value", f"“{str(error['input'])[:60]}”: {said}.", place=_at(place, name))


def _at(place: Place, name: str) -> Place:
    return Place(place.file, place.line, name)


def _unreadable(path: Path, message: str, remedy: str) -> Unreadable:
    return Unreadable(Finding("conversion.file", message, place=Place(path.name), remedy=remedy))
