"""Check tariff files as an adoption would: read them, look for what cannot be priced, work their own bills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lamplighter.cli.telling import finding_data
from lamplighter.kernel.findings import Finding, Place, Severity, worst
from lamplighter.rating import check_book, parse, verify
from lamplighter.rating.files.positions import line_of, positions
from lamplighter.rating.tariff import Tariff

SOUND, WRONG, UNREADABLE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Checked:
    """A tariff file and everything that is amiss with it; no tariff where it cannot be read."""

    file: str
    tariff: Tariff | None
    findings: tuple[Finding, ...]
    status: int

    def data(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "sound": self.status == SOUND,
            "code": self.tariff.code if self.tariff else None,
            "valid_from": self.tariff.valid.start if self.tariff else None,
            "bills": len(self.tariff.bills) if self.tariff else 0,
            "findings": [finding_data(finding) for finding in self.findings],
        }


def check_files(paths: Sequence[Path]) -> list[Checked]:
    """Each file by itself, then versions of one schedule beside each other; of a folder, its *.toml."""
    checked = [check_file(file) for path in paths for file in _files(path)]
    return _beside(checked)


def check_file(path: Path) -> Checked:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        why = fault.strerror if isinstance(fault, OSError) and fault.strerror else "it is not UTF-8 text"
        broken = Finding("tariff.unreadable", f"The file cannot be read: {why}.")
        return Checked(str(path), None, (broken,), UNREADABLE)
    read = parse(text, str(path))
    if read.tariff is None:
        broken_text = any(finding.code == "tariff.syntax" for finding in read.findings)
        return Checked(str(path), None, read.findings, UNREADABLE if broken_text else WRONG)
    findings = (*read.findings, *_bills(read.tariff, text))
    return Checked(str(path), read.tariff, findings, WRONG if worst(findings) is Severity.ERROR else SOUND)


def _bills(tariff: Tariff, text: str) -> list[Finding]:
    """What is wrong with the worked bills, each with the line on which it begins."""
    lines = positions(text)
    order = [bill.name for bill in tariff.bills]
    return [
        replace(found, place=Place(line=line_of(lines, ("bill", order.index(found.place.field)))))
        for found in verify(tariff)
    ]


def _beside(checked: list[Checked]) -> list[Checked]:
    """Overlaps and gaps between versions are told with the later file."""
    tariffs = [one.tariff for one in checked if one.tariff is not None]
    amiss = check_book(tariffs)
    return [_with_amiss(one, amiss) for one in checked]


def _with_amiss(one: Checked, amiss: Sequence[Finding]) -> Checked:
    if one.tariff is None:
        return one
    name = f"{one.tariff.utility}, {one.tariff.version}"
    mine = [replace(found, place=Place()) for found in amiss if found.place.field == name]
    status = WRONG if worst(mine) is Severity.ERROR else SOUND
    return replace(one, findings=(*one.findings, *mine), status=max(one.status, status))


def _files(path: Path) -> list[Path]:
    return sorted(path.rglob("*.toml")) if path.is_dir() else [path]
