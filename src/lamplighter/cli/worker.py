"""`lamplighter worker`: background jobs."""

from __future__ import annotations

import click


@click.command()
@click.option("--concurrency", default=1, show_default=True, help="Jobs at a time.")
def worker(concurrency: int) -> None:
    """Run background jobs until interrupted. It outlives a restart of the database."""
    from django.core.management import call_command

    from lamplighter.cli.booting import boot

    boot()
    call_command("procrastinate", "worker", "--concurrency", str(concurrency), verbosity=0)
