"""`lamplighter worker`: background jobs."""

from __future__ import annotations

import click


@click.command()
@click.option("--concurrency", default=1, show_default=True, help="Jobs at a time.")
@click.option(
    "--stalled-after", default=30.0, show_default=True, metavar="SECONDS", type=click.FloatRange(min=0.5),
    help="Take over the jobs of a worker that gave no sign for so long.",
)  # fmt: skip
@click.option("--with-parent", is_flag=True, hidden=True, help="End when the process that started this one ends.")
def worker(concurrency: int, stalled_after: float, with_parent: bool) -> None:  # noqa: FBT001 - click calls it
    """Run background jobs until interrupted, then end those that are begun.

    It outlives a restart of the database, and takes over the jobs of workers that were killed.
    """
    import asyncio

    from lamplighter.cli.booting import boot
    from lamplighter.cli.watching import end_with_parent, watched_database

    boot(shares=True)
    if with_parent:
        end_with_parent()
    from lamplighter.cli.working import work

    with watched_database():
        asyncio.run(work(concurrency=concurrency, stalled_seconds=stalled_after))
