"""`lamplighter read`: what a meter file says, for people or as JSON, without a database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from lamplighter.formats.meterdata import Channel, MeterFile, Spell
    from lamplighter.formats.settings import Settings
    from lamplighter.kernel.findings import Finding

FORMATS = ("espi", "cmep", "nem12", "nem13", "csv")
WHOLE, WRONG, UNREADABLE = 0, 1, 2
SHOWN, FEW = 40, 5  # channels and findings of one file on the screen, and stretches of time of one channel
TITLES = {
    "espi": "Green Button (ESPI)",
    "cmep": "CMEP",
    "nem12": "NEM12",
    "nem13": "NEM13",
    "csv": "table (CSV)",
}
COLOURS = {"INFO": "dim", "WARNING": "yellow", "ERROR": "red"}


@dataclass(frozen=True, slots=True)
class Result:
    """One file read, or the finding why it was not."""

    name: str
    outcome: MeterFile | Finding


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, and nothing else, on standard output.")
@click.option("--format", "format_", type=click.Choice(FORMATS), help="Do not detect the format; read as this one.")
@click.option("--mapping", type=click.Path(path_type=Path), help="What the columns of a CSV file are, as TOML.")
@click.option("--timezone", help="The clock of the feed, where its format leaves it open: a zone, UTC or +10:00.")
def read(
    files: tuple[Path, ...], *, as_json: bool, format_: str | None, mapping: Path | None, timezone: str | None
) -> None:
    """Say what meter files hold: Green Button (ESPI), CMEP, NEM12, NEM13, CSV with a mapping; also in .zip and .gz.

    \b
    JSON: {"files": [{"file", "format", "whole", "channels": [...], "errors": [...]}]}; when one file is read, its
    keys also stand beside "files". A channel has "id", "meter", "commodity", "flow", "kind", "unit", "readings",
    "missing", "total" (in that unit; of a register the last read less the first), "total_wh", "first", "last",
    "interval_seconds", "gaps", "irregular_durations", "overlaps", "duplicates" and "cost" (hundred-thousandths of
    the currency). An error has "code", "severity", "line", "field", "message" and "remedy".

    \b
    Exit codes: 0 every file was read whole, 1 something was wrong and left out, 2 a file could not be read.
    """
    settings = _settings(format_, mapping, timezone)
    results = [result for path in files for result in _results(path, settings)]
    if as_json:
        click.echo(json.dumps(_json(results), indent=2, ensure_ascii=False))
    else:
        from rich.console import Console

        console = Console(highlight=False)
        for result in results:
            _show(result, console)
    raise SystemExit(max(_status(result) for result in results))


def _settings(format_: str | None, mapping: Path | None, timezone: str | None) -> Settings:
    from lamplighter.formats.mapped.mapping import load_mapping
    from lamplighter.formats.meterdata import Format
    from lamplighter.formats.settings import Settings
    from lamplighter.formats.walltime import zone_named

    try:
        return Settings(
            format=Format(format_) if format_ else Format.CSV if mapping else None,
            zone=zone_named(timezone) if timezone else None,
            mapping=load_mapping(mapping) if mapping else None,
        )
    except (ValueError, OSError) as error:
        raise click.UsageError(str(error)) from None


def _results(path: Path, settings: Settings) -> Iterator[Result]:
    from lamplighter.formats.reading import read_files
    from lamplighter.formats.refusals import Unreadable

    try:
        for file in read_files(path, settings):
            yield Result(str(path.parent / file.name), file)
    except Unreadable as refused:
        yield Result(str(path), refused.finding)


def _status(result: Result) -> int:
    from lamplighter.kernel.findings import Finding

    if isinstance(result.outcome, Finding):
        return UNREADABLE
    return WHOLE if result.outcome.whole else WRONG


def _json(results: list[Result]) -> dict[str, Any]:
    from lamplighter.formats.summaries import refused, summary
    from lamplighter.kernel.findings import Finding

    said = [
        refused(result.name, result.outcome)
        if isinstance(result.outcome, Finding)
        else {**summary(result.outcome), "file": result.name}
        for result in results
    ]
    return {**said[0], "files": said} if len(said) == 1 else {"files": said}


def _show(result: Result, console: Console) -> None:
    from lamplighter.kernel.findings import Finding

    file = result.outcome
    if isinstance(file, Finding):
        console.print(f"[bold]{_safe(result.name)}[/]: [red]cannot be read[/]")
        console.print(f"  {_safe(str(file))}")
        return
    console.print(f"[bold]{_safe(result.name)}[/]: {TITLES[file.format.value]}")
    for channel in file.channels[:SHOWN]:
        console.print(_table(channel))
    if (more := len(file.channels) - SHOWN) > 0:
        console.print(f"  and {more:,} more channels")
    if not file.channels:
        console.print("  no readings that can be used")
    for finding in file.findings[:SHOWN]:
        console.print(f"  [{COLOURS[finding.severity.name]}]{finding.severity.name.lower()}[/]: {_safe(str(finding))}")
    if (more := len(file.findings) - SHOWN) > 0:
        console.print(f"  and {more:,} more findings")


def _table(channel: Channel) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=True)
    table.add_column("Channel", style="bold")
    table.add_column(_safe(channel.identity.id), overflow="fold")
    for heading, value in _facts(channel):
        table.add_row(heading, value)
    return table


def _facts(channel: Channel) -> Iterator[tuple[str, str]]:
    from lamplighter.formats.summaries import plain

    if channel.identity.meter != channel.identity.id:
        yield "Meter", _safe(channel.identity.meter)
    yield "Measures", f"{channel.commodity.value}, {channel.flow.value}, {_length(channel)}"
    yield "Readings", f"{channel.readings:,}" + (f", and {channel.missing:,} missing" if channel.missing else "")
    if (total := plain(channel.total)) is not None:
        yield "Total", f"{_grouped(total)} {channel.measure.unit.value}"
    if channel.total_cost is not None:
        cost = _grouped(f"{Decimal(channel.total_cost).scaleb(-5):.5f}")
        yield "Cost", f"{cost} (currency {channel.currency or 'not named'})"
    if channel.first and channel.last:
        yield "From", f"{channel.first:%Y-%m-%d %H:%M} UTC"
        yield "To", f"{channel.last:%Y-%m-%d %H:%M} UTC"
    for heading, spells in (
        ("Gaps", channel.gaps()),
        ("Irregular durations", channel.irregular_durations()),
        ("Overlaps", channel.overlaps()),
    ):
        if spells:
            yield heading, _listed(spells)


def _listed(spells: tuple[Spell, ...]) -> str:
    shown = [f"{spell.start:%Y-%m-%d %H:%M} UTC for {spell.seconds:,} s" for spell in spells[:FEW]]
    more = [f"and {len(spells) - FEW:,} more"] if len(spells) > FEW else []
    return "\n".join([*shown, *more])


def _length(channel: Channel) -> str:
    if channel.kind.value == "register":
        return "register reads"
    seconds = channel.nominal_seconds
    if seconds % 86_400 == 0:
        return f"intervals of {seconds // 86_400} days" if seconds > 86_400 else "daily intervals"
    return f"intervals of {seconds // 60} minutes" if seconds % 60 == 0 else f"intervals of {seconds} seconds"


def _grouped(number: str) -> str:
    whole, point, rest = number.partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-')):,}{point}{rest}"


def _safe(text: str) -> str:
    """Text of a sender's file is shown as it is, never obeyed as markup or terminal commands."""
    from rich.markup import escape

    return escape("".join(character if character.isprintable() else "?" for character in text))
