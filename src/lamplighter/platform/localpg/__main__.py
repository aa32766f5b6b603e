"""`python -m lamplighter.platform.localpg start|stop|status|url`: the checkout's own database server by hand."""

from __future__ import annotations

import click

from lamplighter.platform.localpg import CannotRunPostgres, Cluster, state_folder


@click.command()
@click.argument("act", type=click.Choice(["start", "stop", "status", "url"]))
@click.argument("database", default="lamplighter")
def main(act: str, database: str) -> None:
    """Starts or stops the server, tells how it is, or prints DATABASE's URL, for example for psql."""
    cluster = Cluster(state_folder() / "pg")
    try:
        if act == "start":
            cluster.start()
        elif act == "stop":
            cluster.stop()
        if act == "url":
            click.echo(cluster.url(database))
        else:
            click.echo(_told(cluster))
    except CannotRunPostgres as refusal:
        raise click.ClickException(str(refusal)) from refusal


def _told(cluster: Cluster) -> str:
    status = cluster.status()
    if status.major is None:
        return f"There is no database in {status.home} yet."
    how = f"runs (process {status.pid})" if status.pid else "does not run"
    return f"PostgreSQL {status.major} in {status.home} {how}."


if __name__ == "__main__":
    main()
