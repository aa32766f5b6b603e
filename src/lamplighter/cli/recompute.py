"""`lamplighter recompute`: frozen bills worked out again from what they keep, to the same canonical JSON."""

from __future__ import annotations

import click


@click.command()
@click.argument("bills", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every bill of ours.")
@click.option("--json", "as_data", is_flag=True, help="Print JSON, and nothing else, on standard output.")
def recompute(bills: tuple[str, ...], *, every: bool, as_data: bool) -> None:
    """Work BILLS out again from the tariff texts, facts and quantities that they keep.

    A segment holds when its statement comes out as the same canonical JSON, byte by byte; cancelled segments are
    worked out too. An archived document holds when its bytes have the SHA-256 under which it is kept.

    \b
    Exit codes: 0 all hold; 1 something differs; 2 there is no such bill, or none was named.
    """
    if every == bool(bills):
        raise click.UsageError("Name bills, or say --all.")
    from lamplighter.cli.booting import boot

    boot()
    from lamplighter.cli.billing import again
    from lamplighter.cli.billing.finding import bill_numbered
    from lamplighter.cli.telling import as_json

    wanted = None if every else [bill_numbered(number).pk for number in bills]
    found = again.recompute(wanted)
    if as_data:
        as_json(again.data(found))
    else:
        click.echo(again.in_words(found))
    raise SystemExit(1 if found.differences else 0)
