"""`lamplighter explain`: how the lines of an issued bill came about, down to the readings."""

from __future__ import annotations

import click


@click.command()
@click.argument("bill")
@click.argument("line", required=False)
@click.option("--json", "as_data", is_flag=True, help="Print JSON, and nothing else, on standard output.")
def explain(bill: str, line: str | None, *, as_data: bool) -> None:
    """Say how a line of BILL came about.

    LINE is its code or its place; without it every line is told in a sentence. With one: the arithmetic, the clause
    of the rate book, rounding, the ledger code, and what was measured, day by day.

    \b
    Exit codes: 0 told; 2 there is no such bill or line.
    """
    from lamplighter.cli.booting import boot

    boot()
    from lamplighter.cli.billing import deriving
    from lamplighter.cli.billing.finding import bill_numbered
    from lamplighter.cli.telling import as_json

    found = deriving.derivations(bill_numbered(bill), line)
    if as_data:
        as_json([deriving.data(one) for one in found])
    else:
        click.echo("\n\n".join(deriving.in_words(one, whole=line is not None) for one in found))
