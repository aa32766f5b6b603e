"""`lamplighter serve`: the web server, with a background worker beside it."""

from __future__ import annotations

import multiprocessing
import os
import socket
import time
from collections.abc import Callable

import click

PORT_SECONDS = 5.0


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=1, show_default=True, help="Server processes.")
@click.option("--jobs", default=1, show_default=True, help="Background workers beside it; 0 if they run elsewhere.")
def serve(host: str, port: int, workers: int, jobs: int) -> None:
    """Serve the desks and the portal until interrupted.

    Server processes and workers that die are started again, and so is the embedded database. GET /healthz answers 200
    while the database answers, else 503.
    """
    from lamplighter.cli.booting import boot
    from lamplighter.cli.companions import workers as companions

    boot()
    with companions(jobs):
        run_server(host=host, port=port, workers=workers)


def run_server(*, host: str, port: int, workers: int, tell: Callable[[], None] = lambda: None) -> None:
    """Collect static files, `tell` that it opens, and serve until interrupted. Django is set up."""
    from lamplighter.cli.statics import collect_statics
    from lamplighter.cli.watching import watched_database

    check_free(host, port)
    collect_statics()
    multiprocessing.set_start_method("spawn", force=True)  # a fork after deltalake or Typst hangs (docs/reliability.md)
    tell()
    with watched_database():
        while not _served(host=host, port=port, workers=workers):
            time.sleep(1)


def check_free(host: str, port: int, remedy: str = "Choose another --port.") -> None:
    """Granian would share a port with another server. One whose parent was killed leaves within seconds."""
    give_up = time.monotonic() + PORT_SECONDS
    while True:
        try:
            with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
                return
        except OSError as fault:
            if time.monotonic() > give_up:
                why = os.strerror(fault.errno or 0)
                raise click.ClickException(f"Cannot listen on {host}:{port}: {why}. {remedy}") from fault
        time.sleep(0.2)


def _served(*, host: str, port: int, workers: int) -> bool:
    """Serve; True when told to stop, False when server processes died faster than granian starts them again."""
    from granian import Granian
    from granian.constants import Interfaces

    server = Granian(
        "lamplighter.cli.health:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        log_enabled=False,
        respawn_failed_workers=True,
        workers_kill_timeout=30,
    )
    try:
        server.serve()
    except SystemExit:
        if server.interrupt_signal:
            raise
    return bool(server.interrupt_signal)
