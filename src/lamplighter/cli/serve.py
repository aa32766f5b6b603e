"""`lamplighter serve`: the web server."""

from __future__ import annotations

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=1, show_default=True, help="Server processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the desks and the portal."""
    from lamplighter.cli.booting import boot

    boot()
    run_server(host=host, port=port, workers=workers)


def run_server(*, host: str, port: int, workers: int) -> None:
    """Collect static files and serve until interrupted. Django is set up."""
    from django.core.management import call_command
    from granian import Granian
    from granian.constants import Interfaces

    call_command("collectstatic", verbosity=0, interactive=False)
    Granian(
        "lamplighter.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        log_enabled=False,
    ).serve()
