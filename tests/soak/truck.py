"""`python -m tests.soak.truck SECONDS SEED`: payments against trucks, a thread for each of the two."""

from __future__ import annotations

import json
import random
import sys
import time

import click

from lamplighter.cli.booting import boot

ENOUGH = 10_000


def run(seconds: float, seed: int) -> None:
    from django.db import transaction

    from lamplighter.journeys.control import controls
    from tests.accounts.conftest import furnish
    from tests.credit.conftest import Debtor, make_ready
    from tests.stories.race import Race

    dice, until = random.Random(seed), time.monotonic() + seconds
    with transaction.atomic():
        race = Race(make_ready(Debtor(furnish())))
    while race.came.total() < ENOUGH and time.monotonic() < until:
        dice.choice((race.send_and_pay, race.cut_and_pay))(first=dice.random() < 0.5)
    wrong = [each for control in controls() for each in control.differences]
    assert not wrong, wrong
    click.echo(json.dumps(race.came))


if __name__ == "__main__":
    boot()
    run(float(sys.argv[1]), int(sys.argv[2]))
