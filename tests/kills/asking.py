"""`python -m tests.kills.asking`: queue the bill run of the world's window, as a desk would; says the run's number."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from lamplighter.cli.booting import boot

AT = datetime(2026, 9, 1, 19, tzinfo=UTC)


def main() -> None:
    boot()
    from lamplighter.billing.models import CycleWindow
    from lamplighter.platform.operations.queueing import queue_run
    from lamplighter.platform.transactions import unit_of_work
    from tests.town import NIGHTLY

    window = CycleWindow.objects.get()
    with unit_of_work(NIGHTLY):
        run = queue_run(
            "billing.bill-window", kind="billing.run", subject=f"window:{window.pk}", alone=f"window:{window.pk}",
            by=NIGHTLY, at=AT, window=window.pk, on=window.reads_on.isoformat(),
        )  # fmt: skip
    click.echo(run.pk)


if __name__ == "__main__":
    main()
