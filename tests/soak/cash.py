"""`python -m tests.soak.cash build|work|count`: tellers who do random acts with money, each in a process of its own.

`work NAME PLACE` waits for a line with a seed and a number of acts, does them, compares what each touched with its
model, and all at the end, and tells as a line of JSON what it did, and what by its model stands where: by account of
the books, and by shared account.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from dataclasses import replace

import click

from lamplighter.cli.booting import boot

TELLERS = ("ana", "ben", "cleo")
FILE, FILED = "a file of hundreds", "payments of files"
MINE, SHARED = 200, 20


def build() -> None:
    from lamplighter.platform.transactions import unit_of_work
    from tests.accounts.conftest import furnish
    from tests.payments.sender import open_station
    from tests.payments.teller import RENEE, open_shop

    with unit_of_work(RENEE):
        found = open_shop(TELLERS, furnish(), each=MINE, shared=SHARED)
        for name in TELLERS:
            open_station(name)
    click.echo(json.dumps({name: [account.pk for account in several] for name, several in found.items()}))


def work(name: str, place: int, mine: list[int], shared: list[int]) -> None:
    from lamplighter.accounts.models import Account
    from lamplighter.payments.cash.tying import CODES
    from lamplighter.platform.transactions import unit_of_work
    from tests.payments.sender import bring_file
    from tests.payments.teller import ACTS, Teller

    rows = Account.objects.in_bulk([*mine, *shared])
    with unit_of_work(_actor(name)):
        teller = Teller(name, [rows[pk] for pk in mine], [rows[pk] for pk in shared], place=place, of=len(TELLERS))
    click.echo("ready")
    for line in sys.stdin:
        seed, acts = map(int, line.split())
        dice, done = random.Random(f"{seed}{name}"), Counter[str]()
        for _ in range(acts):
            what = dice.choice([*ACTS, FILE])
            stood = {pk: replace(one) for pk, one in teller.stood.items()}
            with unit_of_work(teller.by):
                if what == FILE:
                    done[FILED] += bring_file(teller, dice)
                else:
                    teller.act(what, dice)
                    done[what] += 1
            teller.check([account for account in teller.mine if teller.stood[account.pk] != stood[account.pk]])
        teller.check()
        click.echo(json.dumps({
            "done": done, "codes": {code: cents for code, cents in teller.codes.items() if code in CODES},
            "drawers": teller.codes["cash-drawers"],
            "shared": {pk: teller.stood[pk].deposit + teller.stood[pk].rest for pk in shared},
        }))  # fmt: skip


def count(shared: list[int]) -> None:
    """What stands in the books, as JSON."""
    from lamplighter.accounts.models import Account
    from lamplighter.journeys.control import controls
    from lamplighter.ledger.models import Entry
    from lamplighter.ledger.queries import trial_balance
    from lamplighter.payments.models import BankDeposit, BankLine, PaymentEvent, Refund, Reversal, Transfer
    from tests.payments.teller import stands

    kinds = (Entry, PaymentEvent, Reversal, Transfer, BankDeposit, BankLine, Refund)
    click.echo(
        json.dumps(
            {
                "codes": {code.key: code.payoff.cents for code in trial_balance()},
                "shared": {pk: stands(account) for pk, account in Account.objects.in_bulk(shared).items()},
                "rows": {kind.__name__: kind.objects.count() for kind in kinds},
                "differences": [f"{one.name}: {each}" for one in controls() for each in one.differences],
            }
        )
    )


def _actor(name: str) -> object:
    from lamplighter.kernel.actors import staff

    return staff(name)


if __name__ == "__main__":
    boot()
    match sys.argv[1:]:
        case ["build"]:
            build()
        case ["work", name, place, mine, shared]:
            work(name, int(place), json.loads(mine), json.loads(shared))
        case ["count", shared]:
            count(json.loads(shared))
