"""`lamplighter bench`: measured figures, each beside a reference measured in the same run."""

from __future__ import annotations

import os
import platform
from typing import Any

import click

HEAD = f"{'figure':34} {'measured':>14} {'reference':>14} {'ratio':>8} {'peak MB':>8}"


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME ...]")
@click.option("--quick", is_flag=True, help="Little work, in less than a minute; the figures are rougher.")
@click.option("--tiny", is_flag=True, hidden=True, help="Hardly any work: only to see that everything runs.")
@click.option("--json", "as_data", is_flag=True, help="Print JSON, and nothing else, on standard output.")
def bench(names: tuple[str, ...], *, quick: bool, tiny: bool, as_data: bool) -> None:
    """Measure speed beside references.

    Every figure, or those named, on seeded work in a throw-away installation. The ratio to the reference, which is
    measured in the same process, says more than a time does: docs/performance.md.

    \b
    Exit codes: 0 measured, 1 a figure failed, 2 there is no such figure.
    """
    from lamplighter.benchmarks.figures import FIGURES
    from lamplighter.benchmarks.sizes import SEED
    from lamplighter.benchmarks.suite import run
    from lamplighter.cli.telling import as_json

    unknown = [name for name in names if name not in FIGURES]
    if unknown:
        raise click.UsageError(f"There is no figure “{unknown[0]}”. There are: {', '.join(FIGURES)}.")
    size = "tiny" if tiny else "quick" if quick else "full"
    results = []
    click.echo(HEAD, err=as_data)
    for result in run(names or FIGURES, size=size):
        click.echo(_row(result), err=as_data)
        results.append(result)
    if as_data:
        as_json({"figures": [result.data() for result in results], "size": size, "seed": SEED, "machine": machine()})
    raise SystemExit(1 if any(result.failed for result in results) else 0)


def machine() -> dict[str, Any]:
    return {
        "system": f"{platform.system()} {platform.release()} {platform.machine()}", "cores": os.cpu_count(),
        "python": platform.python_version(),
    }  # fmt: skip


def _row(result: Any) -> str:
    if result.value is None:
        return f"{result.figure.name:34} not measured: {result.work}"
    numbers = f"{result.value:14,.0f} {result.reference:14,.0f} {result.ratio:8.3f} {result.peak_mb:8,.0f}"
    peers = "".join(f"; {name} {_peer(value)}" for name, value in result.peers.items())
    return f"{result.figure.name:34} {numbers}  {result.work}{peers}"


def _peer(value: float | None) -> str:
    return "not installed" if value is None else f"{value:,.0f}"
