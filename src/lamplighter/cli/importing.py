"""`lamplighter import`: meter files into the store; what cannot be used waits for a person."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lamplighter.cli.read import FORMATS

if TYPE_CHECKING:
    from rich.console import Console

    from lamplighter.journeys.reading import Delivery, Imported
    from lamplighter.kernel.findings import Finding
    from lamplighter.usage.intake.options import ImportOptions

WHOLE, WAITING, UNREADABLE = 0, 1, 2
SHOWN = 10  # findings of one file on the screen


@dataclass(frozen=True, slots=True)
class Result:
    """One path: what it brought, or why it could not be read."""

    name: str
    outcome: Delivery | Finding


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--format", "format_", type=click.Choice(FORMATS), help="Do not detect the format; read as this one.")
@click.option("--timezone", default="", help="The clock of the feed, where its format leaves it open.")
@click.option("--mapping", type=click.Path(path_type=Path), help="What the columns of a CSV file are, as TOML.")
@click.option("--meter", default="", help="Badge of the meter that a file without meter numbers is of.")
@click.option("--shift-weeks", default=0, help="Move every reading by whole weeks. For samples and tests.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, and nothing else, on standard output.")
def import_files(
    files: tuple[Path, ...],
    *,
    format_: str | None,
    timezone: str,
    mapping: Path | None,
    meter: str,
    shift_weeks: int,
    as_json: bool,
) -> None:
    """Take in meter files: Green Button (ESPI), CMEP, NEM12, NEM13, CSV with a mapping; also in .zip and .gz.

    The same file twice changes nothing. Unknown meters, bad lines and readings that contradict others wait in a
    worklist; the rest goes in, is validated, and its gaps are estimated.

    \b
    JSON: {"files": [{"file", "readable", "members": [{"import", "name", "format", "readings", "taken", "unchanged",
    "duplicates", "estimated", "waiting", "exceptions", "unknown_meters", "rebills", "again", "findings"}],
    "errors": [...]}]}.

    \b
    Exit codes: 0 everything is in, 1 something waits for a person, 2 a file could not be read.
    """
    from lamplighter.cli.booting import boot

    boot()
    options = _options(format_, timezone, mapping, meter, shift_weeks)
    results = [_imported(path, options, quiet=as_json) for path in files]
    if as_json:
        click.echo(json.dumps({"files": [_json(result) for result in results]}, indent=2, ensure_ascii=False))
    else:
        from rich.console import Console

        console = Console(highlight=False, soft_wrap=True)
        for result in results:
            _show(result, console)
    raise SystemExit(max(_status(result) for result in results))


def _options(format_: str | None, timezone: str, mapping: Path | None, meter: str, weeks: int) -> ImportOptions:
    from lamplighter.formats.refusals import Unreadable
    from lamplighter.usage.intake.options import ImportOptions

    try:
        text = mapping.read_text() if mapping else ""
        options = ImportOptions(format_ or "", timezone, text, meter, weeks)
        options.settings()
    except (OSError, UnicodeDecodeError, Unreadable) as refused:
        raise click.UsageError(str(refused)) from None
    return options


def _imported(path: Path, options: ImportOptions, *, quiet: bool) -> Result:
    from django.utils import timezone
    from rich.console import Console
    from rich.progress import Progress

    from lamplighter.formats.refusals import Unreadable
    from lamplighter.journeys.reading import import_file
    from lamplighter.kernel.actors import system

    with Progress(console=Console(stderr=True), transient=True, disable=quiet) as bars:
        bar = bars.add_task(_safe(path.name), total=None)

        def progress(done: int, total: int) -> None:
            bars.update(bar, completed=done, total=total)

        try:
            delivery = import_file(
                path=path, options=options, by=system("import"), at=timezone.now(), progress=progress
            )
        except Unreadable as refused:
            return Result(str(path), refused.finding)
    return Result(str(path), delivery)


def _status(result: Result) -> int:
    from lamplighter.kernel.findings import Finding

    if isinstance(result.outcome, Finding) or result.outcome.unreadable:
        return UNREADABLE
    return WAITING if any(one.waits for one in result.outcome.imported) else WHOLE


def _json(result: Result) -> dict[str, Any]:
    from lamplighter.formats.summaries import finding_summary
    from lamplighter.kernel.findings import Finding

    if isinstance(result.outcome, Finding):
        return {"file": result.name, "readable": False, "members": [], "errors": [finding_summary(result.outcome)]}
    return {
        "file": result.name,
        "readable": not result.outcome.unreadable,
        "members": [_member(one) for one in result.outcome.imported],
        "errors": [finding_summary(one) for one in result.outcome.unreadable],
    }


def _member(one: Imported) -> dict[str, Any]:
    file = one.file
    return {
        "import": file.pk, "name": file.name, "format": file.format, "readings": file.readings, "taken": file.taken,
        "unchanged": file.unchanged, "duplicates": file.duplicates, "estimated": file.estimated,
        "waiting": file.waiting, "exceptions": one.exceptions, "unknown_meters": file.unknown,
        "rebills": len(one.rebills), "again": one.again, "findings": file.findings,
    }  # fmt: skip


def _show(result: Result, console: Console) -> None:
    from lamplighter.kernel.findings import Finding

    if isinstance(result.outcome, Finding):
        console.print(f"[bold]{_safe(result.name)}[/]: [red]cannot be read[/]")
        console.print(f"  {_safe(str(result.outcome))}")
        return
    for one in result.outcome.imported:
        _show_member(one, console)
    for unreadable in result.outcome.unreadable:
        console.print(f"  [red]cannot be read[/]: {_safe(str(unreadable))}")


def _show_member(one: Imported, console: Console) -> None:
    file = one.file
    if one.again:
        console.print(f"[bold]{_safe(file.name)}[/] was taken in before; nothing has changed.")
        return
    console.print(f"[bold]{_safe(file.name)}[/]: {file.readings:,} readings of {_channels(file.channels)}")
    for count, words in (
        (file.taken, "went in"),
        (file.unchanged, "were there already"),
        (file.duplicates, "were said twice"),
        (file.estimated, "missing intervals were estimated"),
        (len(one.rebills), "bills are to be made again"),
    ):
        if count:
            console.print(f"  {count:,} {words}")
    if file.unknown:
        console.print(f"  [yellow]unknown meters wait[/]: {_safe(', '.join(file.unknown[:SHOWN]))}")
        console.print("  Add them and import the file again, or say with --meter which meter it is of.")
    if one.exceptions:
        console.print(f"  [yellow]{one.exceptions:,} exceptions wait for a decision[/]")
    wrong = [finding for finding in file.findings if finding["severity"] == "error"]
    for finding in wrong[:SHOWN]:
        line = f"line {finding['line']}: " if finding["line"] else ""
        console.print(f"  [red]error[/]: {line}{_safe(finding['message'])} {_safe(finding['remedy'])}")
    if len(wrong) > SHOWN:
        console.print(f"  and {len(wrong) - SHOWN:,} more")
    if not one.waits:
        console.print("  [green]all of it is in[/]")


def _channels(count: int) -> str:
    return "1 channel" if count == 1 else f"{count:,} channels"


def _safe(text: str) -> str:
    """Text of a sender's file is shown as it is, never obeyed as markup or terminal commands."""
    from rich.markup import escape

    return escape("".join(character if character.isprintable() else "?" for character in text))
