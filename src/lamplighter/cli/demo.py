"""`lamplighter demo`: the demo city, built at the first start, and served with one-click sign-in."""

from __future__ import annotations

import os

import click

HOST = "127.0.0.1"
CARDS_BESIDE = 7
"""The simulated card processor listens so many ports above the demo."""


@click.command()
@click.option("--serve/--no-serve", default=True, help="Serve it once it is built (the default), or only build it.")
@click.option("--full", is_flag=True, help="36,000 accounts instead of 2,400; takes a quarter of an hour.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--reset", is_flag=True, help="Throw the city away and build it anew, as of today.")
def demo(serve: bool, full: bool, port: int, reset: bool) -> None:  # noqa: FBT001 - click calls it
    """Build Marisol Bay Power, a small utility and thirteen months of its life, and show it.

    Everyone in it is invented. It is built once, as of the day of the first start; a build that was broken off is
    begun anew. It will not touch a database that holds anything but a demo city.
    """
    from lamplighter.config.demo import CARDS_KEY, CARDS_SECRET

    os.environ["LAMPLIGHTER_DEMO"] = "1"
    os.environ.setdefault("LAMPLIGHTER_PUBLIC_URL", f"http://{HOST}:{port}")  # where the links in its emails lead
    os.environ.setdefault("LAMPLIGHTER_CARDS", f"http://{CARDS_KEY}@{HOST}:{port + CARDS_BESIDE}")
    os.environ.setdefault("LAMPLIGHTER_CARDS_SECRET", CARDS_SECRET)
    if not serve:
        stand(full=full, reset=reset)
        return
    from lamplighter.cli.booting import put_away
    from lamplighter.cli.serve import check_free

    check_free(HOST, port, f'Choose another: --port {port + 1}, or make demo ARGS="--port {port + 1}".')
    try:
        stand(full=full, reset=reset)
        serve_city(port)
    finally:
        put_away()


def stand(*, full: bool, reset: bool) -> None:
    from lamplighter.cli.cities import CannotReplace, city_of_today

    try:
        city_of_today(full=full, reset=reset)
    except CannotReplace as refused:
        raise click.ClickException(str(refused)) from refused


def serve_city(port: int) -> None:
    """Serve with a worker, the meter network and a credit bureau beside, and say who can be signed in as."""
    from lamplighter.cli.companions import beside
    from lamplighter.cli.serve import run_server
    from lamplighter.town.bureau import open_bureau

    cards = ["processor", "--site-port", str(port), "--port", str(port + CARDS_BESIDE)]
    with open_bureau() as bureau, beside(["worker"], ["head-end", "--site-port", str(port)], cards):
        os.environ["LAMPLIGHTER_BUREAU"] = bureau  # the server's own processes read it as any utility's would
        run_server(host=HOST, port=port, workers=1, tell=lambda: _welcome(port))


def _welcome(port: int) -> None:
    from lamplighter.config.demo import DEMO_LOGINS

    click.echo(f"\nMarisol Bay Power is open on http://{HOST}:{port}/demo/ - sign in with one click as")
    for one in DEMO_LOGINS:
        click.echo(f"  {one.label:<20} {one.shows}")
    click.echo("Everyone here is invented. Ctrl-C ends it; `lamplighter demo --reset` begins anew.")
