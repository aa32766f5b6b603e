"""`lamplighter bill`: define windows, run a cycle, preview and show bills, and bill again what was billed wrongly."""

from __future__ import annotations

from datetime import date

import click

from lamplighter.cli.days import DAY, MONTH
from lamplighter.cli.groups import Ordered

AS_DATA = click.option("--json", "as_data", is_flag=True, help="Print JSON, and nothing else, on standard output.")
AS_PERSON = click.option("--as", "username", metavar="USER", help="The login in whose name it is done.")


@click.group(cls=Ordered)
def bill() -> None:
    """Define windows; run a cycle; preview, show and redo bills.

    Amounts in JSON are dollars as text.
    """


@bill.command()
@click.argument("year", type=click.IntRange(2000, 2100))
@click.option("--define", is_flag=True, help="Add what is missing up to the end of the year.")
@click.option("--holiday", "holidays", multiple=True, metavar="NAME", help="Nobody reads or bills on it; repeatable.")
@click.option("--estimate/--no-estimate", default=True, help="Whether missing reads are estimated on the last night.")
@AS_PERSON
@AS_DATA
def windows(
    year: int, *, define: bool, holidays: tuple[str, ...], estimate: bool, username: str | None, as_data: bool
) -> None:
    """List the windows of a year, or define them.

    With --define each cycle goes on from the month after its last window: read days are spread over the working days
    of a month; a window opens two working days later and closes after four more. All are added, or none. Without --as
    it is done in the name of the command line.

    \b
    Exit codes: 0 done; 1 refused, for an overlap or a gap or since nothing is missing; 2 there is no such holiday.
    """
    from lamplighter.cli.booting import boot

    boot()
    from lamplighter.cli.acting import person
    from lamplighter.cli.billing import defining
    from lamplighter.cli.days import today
    from lamplighter.cli.telling import as_json
    from lamplighter.kernel.actors import system

    day = today()
    if define:
        by = person(username, needs="billing.run", on=day) if username else system("command-line")
        defining.define(year, holidays=holidays, estimates=estimate, on=day, by=by)
    rows = defining.windows_of(year)
    if as_data:
        as_json(rows)
    else:
        click.echo(defining.in_words(rows, year))


@bill.command()
@click.argument("cycle")
@click.argument("month", type=MONTH)
@click.option("--on", type=DAY, help="The day of issue; today if not given.")
@click.option("--trial", is_flag=True, help="Work the bills out and keep them for a look; nothing is owed.")
@AS_PERSON
@AS_DATA
def run(cycle: str, month: date, *, on: date | None, trial: bool, username: str | None, as_data: bool) -> None:
    """Bill a cycle's accounts for a month.

    Every account of CYCLE that has no bill in its window of MONTH is billed or parked with a reason; the same run
    again bills nothing twice. Without --as it is done in the name of the bill run.

    \b
    Exit codes: 0 nothing waits, 1 something is parked, 2 there is no such window.
    """
    from lamplighter.cli.booting import boot

    boot(shares=True)
    from lamplighter.cli.acting import person
    from lamplighter.cli.billing import running
    from lamplighter.cli.billing.finding import window_of
    from lamplighter.cli.days import today
    from lamplighter.cli.telling import as_json, progress
    from lamplighter.kernel.actors import system

    window, day = window_of(cycle, month), today()
    by = person(username, needs="billing.run", on=day) if username else system("bill-run")
    with progress(f"Cycle {cycle}, {month:%Y-%m}") as tell:
        result = running.run(window, on=on or day, trial=trial, by=by, progress=tell)
    if as_data:
        as_json(result)
    else:
        click.echo(running.in_words(result))
    raise SystemExit(1 if result["parked"] else 0)


@bill.command()
@click.argument("account")
@click.option("--until", type=DAY, required=True, help="The first day that is not billed.")
@AS_DATA
def preview(account: str, *, until: date, as_data: bool) -> None:
    """Work out an account's next bill.

    As the run would bill it, both calculators and all; nothing is written.

    \b
    Exit codes: 0 worked out, 1 a service cannot be billed, 2 there is no such account.
    """
    from lamplighter.cli.booting import boot

    boot()
    from lamplighter.billing.queries.drafts import Refused, SegmentDraft
    from lamplighter.cli.billing.finding import account_numbered
    from lamplighter.cli.billing.previewing import preview as previewed
    from lamplighter.cli.billing.showing import draft_data, draft_in_words, refused_data
    from lamplighter.cli.telling import as_json

    made = previewed(account_numbered(account), until=until)
    drafts = [one for one in made if isinstance(one, SegmentDraft)]
    refused = [refused_data(one) for one in made if isinstance(one, Refused)]
    if as_data:
        as_json({"account": account, "segments": [draft_data(draft) for draft in drafts], "refused": refused})
    else:
        told = [draft_in_words(draft) for draft in drafts]
        if told or not refused:
            click.echo("\n\n".join(told) or "There is nothing to bill.")
        for one in refused:
            click.echo(f"{one['service']}: {one['message']}", err=True)
    raise SystemExit(1 if refused else 0)


@bill.command()
@click.argument("number")
@AS_DATA
def show(number: str, *, as_data: bool) -> None:
    """Show a bill, line by line in words.

    With --json each segment has its statement: everything that it was computed from, as it was frozen.
    """
    from lamplighter.cli.booting import boot

    boot()
    from lamplighter.cli.billing.finding import bill_numbered
    from lamplighter.cli.billing.showing import bill_data, bill_in_words
    from lamplighter.cli.telling import as_json

    found = bill_numbered(number)
    if as_data:
        as_json(bill_data(found))
    else:
        click.echo(bill_in_words(found))


@bill.command()
@click.argument("account")
@click.option("--from", "start", type=DAY, required=True, help="The first day for which something changed.")
@click.option("--reason", required=True, help="Why; it stays with what is cancelled.")
@AS_PERSON
@AS_DATA
def again(account: str, *, start: date, reason: str, username: str | None, as_data: bool) -> None:
    """Bill an account again from a day on.

    Segments that come out otherwise now are cancelled and rebilled with the age of what they replace, as far back as
    the limits allow: all of it, or nothing. Without --as it is done in the name of the command line.

    \b
    Exit codes: 0 done, also where nothing differs; 1 refused; 2 there is no such account.
    """
    from lamplighter.cli.booting import boot

    boot()
    from lamplighter.cli.acting import person
    from lamplighter.cli.billing import redoing
    from lamplighter.cli.billing.finding import account_numbered
    from lamplighter.cli.days import today
    from lamplighter.cli.telling import as_json
    from lamplighter.kernel.actors import system

    day = today()
    by = person(username, needs="billing.correct", on=day) if username else system("command-line")
    done = redoing.again(account_numbered(account), start=start, reason=reason, on=day, by=by)
    if as_data:
        as_json({"account": account, "services": done})
    else:
        click.echo("\n".join(map(redoing.in_words, done)) or "The account has no service that is billed by a rate.")
