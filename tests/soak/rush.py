"""`python -m tests.soak.rush build|work|count`: the same acts from several processes at the same moment.

`work NAME` waits for a line with a seed, does every act of the round in an order of its own, and tells what came of
each as a line of JSON: how often it acted, and how often it was refused, by the refusal's name.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import click

from lamplighter.cli.booting import boot

ON = date(2026, 9, 1)
AT = datetime(2026, 9, 20, 19, tzinfo=UTC)
HOMES, PAYMENTS = 4, 12
Act = Callable[[], object]


def build() -> None:
    """Homes that owe, and a drawer for each cashier."""
    from lamplighter.platform.transactions import unit_of_work
    from tests.town import DANA, NIGHTLY, Town

    with unit_of_work(NIGHTLY):
        town = Town(ON)
        rate = town.adopts_book("alameda-municipal-power/d-1_2026-07-01.toml")
        for number in range(HOMES):
            town.moves_in(f"H{number}", rate)
    with unit_of_work(DANA):
        _charge("opening", cents=9_000_00)


def work(name: str) -> None:
    from django.db import DatabaseError, connection

    click.echo("ready")
    for line in sys.stdin:
        done: Counter[str] = Counter()
        acts = list(_acts(int(line), name))
        random.Random(f"{line}{name}").shuffle(acts)
        for what, act in acts:
            try:
                done[f"{what}: {act()}"] += 1
            except DatabaseError as fault:
                done[f"{what}: FAULT {str(fault).splitlines()[0]}"] += 1
        connection.close()
        click.echo(json.dumps(done))


def count() -> None:
    """What stands in the books after the round, as JSON."""
    from lamplighter.accounts.models import AccountRole
    from lamplighter.customers.models import ContactPoint
    from lamplighter.journeys.control import controls
    from lamplighter.ledger.models import Entry
    from lamplighter.payments.models import PaymentEvent, Reversal
    from lamplighter.platform.models import Approval
    from lamplighter.usage.models import ImportedFile
    from lamplighter.worklist.models import Item, Step

    click.echo(
        json.dumps(
            {
                "payments": PaymentEvent.objects.count(),
                "reversals": Reversal.objects.count(),
                "approved": Approval.objects.filter(kind="rush.charge", state="approved").count(),
                "charges": Entry.objects.filter(kind="charge").count(),
                "files": ImportedFile.objects.count(),
                "items": Item.objects.filter(kind="rush.matter").count(),
                "taken": Step.objects.filter(act="taken").count(),
                "numbers": ContactPoint.objects.filter(primary=True, period__endswith__isnull=True).count(),
                "helpers": AccountRole.objects.filter(role="authorized").count(),
                "differences": [str(each) for control in controls() for each in control.differences],
            }
        )
    )


def _acts(seed: int, name: str) -> Iterator[tuple[str, Act]]:
    """Every process of a round has the same ones."""
    from lamplighter.accounts.models import Account
    from lamplighter.kernel.actors import staff
    from lamplighter.kernel.money import Money
    from lamplighter.payments.models import TenderControl

    dice = random.Random(seed)
    control, by = TenderControl.objects.get(), staff(name)
    accounts = list(Account.objects.order_by("pk"))
    for number in range(PAYMENTS):
        payers = dice.sample(accounts, dice.choice([1, 2]))
        paid = {account: Money(dice.randint(1, 9000)) for account in payers}
        yield "pay", partial(_pay, control, UUID(int=seed * 1000 + number), paid)
        yield "undo", partial(_undo, UUID(int=seed * 1000 + number))
    yield "approve", lambda: _approve(seed, by)
    yield "raise", lambda: _raise(seed)
    yield "take", lambda: _take(by)
    yield "call", lambda: _call(accounts[0], seed, by)
    yield "help", lambda: _help(accounts[0], accounts[1], seed, by)
    yield "import", lambda: _import(seed)


def _pay(control: object, key: UUID, paid: object) -> str:
    from lamplighter.journeys.paying import take_payment
    from lamplighter.kernel.money import total
    from lamplighter.payments.rules import TenderIn
    from lamplighter.platform.transactions import unit_of_work
    from tests.town import DANA

    whole = total(paid.values())
    with unit_of_work(DANA):
        event = take_payment(
            key=key, control=control, tenders=[TenderIn("check", whole, whole, str(key))], payments_to=paid, on=ON,
            by=DANA, at=AT,
        )  # fmt: skip
    return "done" if event.receipt else "nothing"


def _undo(key: UUID) -> str:
    """Every third payment is returned by the bank."""
    from lamplighter.payments.models import PaymentEvent
    from lamplighter.payments.operations import reverse_event
    from lamplighter.payments.rules import CannotTake
    from lamplighter.platform.transactions import unit_of_work
    from tests.town import DANA

    event = PaymentEvent.objects.filter(tenders__reference=str(key)).first()
    if event is None or key.int % 3:
        return "nothing"
    try:
        with unit_of_work(DANA):
            reverse_event(event=event, reason="returned", on=ON, by=DANA, at=AT)
    except CannotTake:
        return "refused"
    return "done"


def _approve(seed: int, by: object) -> str:
    """One asks, whoever is first, and each approves."""
    from django.db import transaction

    from lamplighter.platform.models import Approval
    from lamplighter.platform.operations import approvals
    from lamplighter.platform.operations.approvals import CannotDecide
    from lamplighter.platform.transactions import unit_of_work
    from tests.town import DANA

    try:
        with unit_of_work(DANA), transaction.atomic():
            approvals.ask(kind="rush.charge", subject=f"rush:{seed}", summary="x", proposal={"seed": seed},
                          permission="adjustments.approve", by=DANA, at=AT)  # fmt: skip
    except CannotDecide:
        asked = "refused"
    else:
        asked = "asked"
    approval = Approval.objects.filter(subject=f"rush:{seed}").earliest("id")
    try:
        with unit_of_work(by):
            approvals.approve(approval=approval, by=by, at=AT)
    except CannotDecide:
        return f"{asked}, refused"
    return f"{asked}, done"


def _charge(source: str, *, cents: int) -> None:
    """Every energy agreement owes so much more."""
    from lamplighter.accounts.models import Agreement
    from lamplighter.kernel.money import Money
    from lamplighter.ledger.operations import Draft, Leg, post_many
    from tests.town import DANA

    drafts = [
        Draft(f"{source}:{row.pk}", "charge", ON, (
            Leg("receivable", Money(cents), row.subledger_id, owed_on=ON), Leg("revenue-fees", Money(-cents))))
        for row in Agreement.objects.filter(kind="energy").order_by("pk")
    ]  # fmt: skip
    post_many(drafts=drafts, at=AT, by=DANA)


def _raise(seed: int) -> str:
    from lamplighter.platform.transactions import unit_of_work
    from lamplighter.worklist.operations import Draft, raise_items
    from tests.town import NIGHTLY

    with unit_of_work(NIGHTLY):
        raised = raise_items(drafts=[Draft("rush.matter", f"rush:{seed}", "Look here")], at=AT, by=NIGHTLY)
    return "new" if raised.new else "again"


def _take(by: object) -> str:
    from lamplighter.platform.transactions import unit_of_work
    from lamplighter.worklist.models import Item
    from lamplighter.worklist.operations import CannotWork, take

    item = Item.objects.filter(kind="rush.matter", state="open").order_by("-id").first()
    if item is None:
        return "nothing"
    try:
        with unit_of_work(by):
            take(item=item, by=by, at=AT)
    except CannotWork:
        return "refused"
    return "done"


def _call(account: object, seed: int, by: object) -> str:
    """The customer's number is mended by everybody at once: the last one stands."""
    from lamplighter.customers.operations import add_contact_point
    from lamplighter.platform.transactions import unit_of_work

    with unit_of_work(by):
        add_contact_point(person=account.roles.get(role="main").person, kind="mobile",
                          value=f"510555{seed % 10000:04}", on=ON + timedelta(days=seed % 9), by=by, at=AT)  # fmt: skip
    return "done"


def _help(account: object, other: object, seed: int, by: object) -> str:
    from lamplighter.accounts.operations import CannotServe, add_role
    from lamplighter.kernel.periods import Period
    from lamplighter.platform.transactions import unit_of_work

    day = ON + timedelta(days=seed)
    try:
        with unit_of_work(by):
            add_role(account=account, person=other.roles.get(role="main").person, role="authorized",
                     period=Period(day, day + timedelta(days=1)), by=by, at=AT)  # fmt: skip
    except CannotServe:
        return "refused"
    return "done"


def _import(seed: int) -> str:
    from lamplighter.journeys.reading import import_file
    from lamplighter.usage.intake.options import ImportOptions
    from tests.town import NIGHTLY
    from tests.usage.feeds import HOURLY, hours, text

    path = Path(f"feed-{seed}.csv")
    if not path.exists():
        part = path.with_suffix(f".{random.SystemRandom().randrange(10**9)}")
        part.write_bytes(text(hours("2026-09-03", [100 + seed % 400, *([300] * 23)])))
        part.replace(path)
    delivery = import_file(path=path, options=ImportOptions(mapping=HOURLY), by=NIGHTLY, at=AT)
    return "again" if delivery.imported[0].again else "done"


def _declare() -> None:
    """A kind of work, and something to be approved: a charge to every home."""
    from lamplighter.platform.operations.approvals import on_approval
    from lamplighter.worklist.kinds import Desk, ItemKind, declare
    from lamplighter.worklist.rules import WithinHours

    declare(ItemKind("rush.matter", "Rush", Desk.SERVICE, "accounts.view", WithinHours(1), "x", (("met", "Met"),)))

    @on_approval("rush.charge")
    def charge(approval, *, by, at):
        _charge(f"charge:{approval.pk}", cents=100)


if __name__ == "__main__":
    boot()
    _declare()
    match sys.argv[1:]:
        case ["build"]:
            build()
        case ["work", name]:
            work(name)
        case ["count"]:
            count()
