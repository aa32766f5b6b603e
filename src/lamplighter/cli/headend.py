"""`lamplighter head-end`: the demo city's meter network, which `lamplighter demo` starts beside itself."""

from __future__ import annotations

from datetime import UTC, datetime

import click


@click.command(name="head-end")
@click.option("--site-port", default=8000, show_default=True, help="Port of the demo, which it calls.")
@click.option("--with-parent", is_flag=True, hidden=True, help="End when the process that started this one ends.")
@click.option("--send-readings", is_flag=True, help="Only send the readings of the nights that are over, and end.")
def head_end(site_port: int, with_parent: bool, send_readings: bool) -> None:  # noqa: FBT001 - click calls it
    """Simulate the head-ends of the demo city: delays, losses and repeats, in their own wire formats over HTTP.

    Each night, and when it starts, it sends a file of the readings of every day since the city was built.
    """
    from lamplighter.cli.booting import boot
    from lamplighter.cli.watching import end_with_parent

    boot(migrate=False)
    if with_parent:
        end_with_parent()
    from lamplighter.town.headend import running

    if send_readings:
        clock = datetime.now(UTC)
        found = dict(running.servers(lambda: clock))
        click.echo(f"{running.send_readings(found, at=clock)} files taken.")
        return
    running.run(site_port=site_port, clock=lambda: datetime.now(UTC))
