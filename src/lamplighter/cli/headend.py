"""`lamplighter head-end`: the demo city's meter network, which `lamplighter demo` starts beside itself."""

from __future__ import annotations

from datetime import UTC, datetime

import click


@click.command(name="head-end")
@click.option("--site-port", default=8000, show_default=True, help="Port of the demo, which it calls.")
@click.option("--with-parent", is_flag=True, hidden=True, help="End when the process that started this one ends.")
def head_end(site_port: int, with_parent: bool) -> None:  # noqa: FBT001 - click calls it
    """Simulate the head-ends of the demo city: delays, losses and repeats, in their own wire formats over HTTP."""
    from lamplighter.cli.booting import boot
    from lamplighter.cli.watching import end_with_parent

    boot(migrate=False)
    if with_parent:
        end_with_parent()
    from lamplighter.town.headend.running import run

    run(site_port=site_port, clock=lambda: datetime.now(UTC))
