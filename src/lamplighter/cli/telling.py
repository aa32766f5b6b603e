"""How commands tell what they found: findings with file and line, rows in columns, JSON, and progress on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from lamplighter.kernel.findings import Finding

RIGHT = ("$", "−$")


def as_json(data: object) -> None:
    """JSON alone on standard output; dates, money and decimals as text."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False, default=str))


def finding_data(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.name.lower(),
        "line": finding.place.line,
        "field": finding.place.field,
        "message": finding.message,
        "remedy": finding.remedy,
    }


def finding_line(finding: Finding, file: str) -> str:
    """`r-1.toml:14: error: rounding.rule: ...`, as editors know it."""
    line = f":{finding.place.line}" if finding.place.line else ""
    field = f"{finding.place.field}: " if finding.place.field else ""
    remedy = f" {finding.remedy}" if finding.remedy else ""
    return f"{file}{line}: {finding.severity.name.lower()}: {field}{finding.message}{remedy}"


def columns(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Rows under their heads; amounts of money to the right."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(len(row[i]) for row in [list(heads), *cells]) for i in range(len(heads))]
    money = [bool(cells) and all(not row[i] or row[i].startswith(RIGHT) for row in cells) for i in range(len(heads))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, money, strict=True)
        ).rstrip()
        for row in [heads, *cells]
    )


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, where that is a terminal; to be told how many of how many are done."""
    with click.progressbar(length=1, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def tell(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        yield tell


def _cell(value: object) -> str:
    return "" if value is None else str(value)
