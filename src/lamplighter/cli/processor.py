"""`lamplighter processor`: the demo city's card processor, which `lamplighter demo` starts beside itself."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import click


@click.command(name="processor")
@click.option("--site-port", default=8000, show_default=True, help="Port of the demo, which it tells of payments.")
@click.option("--port", default=8007, show_default=True, help="Port to listen on.")
@click.option("--with-parent", is_flag=True, hidden=True, help="End when the process that started this one ends.")
def processor(site_port: int, port: int, with_parent: bool) -> None:  # noqa: FBT001 - click calls it
    """Simulate the card processor of the demo city: its hosted page, and signed events, told again and again."""
    from lamplighter.cli.watching import end_with_parent
    from lamplighter.config.demo import CARDS_KEY, CARDS_SECRET
    from lamplighter.town.processor.cards import Processor
    from lamplighter.town.processor.server import ProcessorServer

    if with_parent:
        end_with_parent()
    hook = f"http://127.0.0.1:{site_port}/hooks/cards/"
    server = ProcessorServer(Processor(hook, CARDS_SECRET, lambda: datetime.now(UTC)), CARDS_KEY, port)
    server.start()
    while True:
        time.sleep(3600)
