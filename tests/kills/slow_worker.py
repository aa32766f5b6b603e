"""`python -m tests.kills.slow_worker [SECONDS]`: `lamplighter worker` that bills one account after another, slowly.

So that there is a moment to kill it in. It takes over from a dead worker after a second or two instead of thirty.
"""

from __future__ import annotations

import sys
import time

from lamplighter.cli import main
from lamplighter.cli.booting import boot


def slow_down(seconds: float) -> None:
    boot()
    from lamplighter.journeys import billing

    bill = billing.bill_accounts

    def slowly(**given: object) -> billing.Outcome:
        time.sleep(seconds)
        return bill(**given)

    billing.BATCH, billing.bill_accounts = 1, slowly


if __name__ == "__main__":
    slow_down(float((sys.argv[1:] or ["0.05"])[0]))
    main(["worker", "--stalled-after", "1.5"])
