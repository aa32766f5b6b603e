"""A pay station that brings a teller's accounts hundreds of payments in a file, some for nobody, and what a model says
of it. Hundreds of operations for one act: this is how a soak comes to a million of them (tests/soak/soak_cash.py)."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from random import Random

from lamplighter.journeys.remitting import take_file
from lamplighter.kernel.money import Money
from lamplighter.payments.models import TenderSource
from lamplighter.payments.operations.layouts import add_source, set_layout
from lamplighter.town.remittances import Said, pay_stations
from tests.payments.standing import Event, Part
from tests.payments.teller import AT, RENEE, Teller

MOST = 900
KEPT = 3  # payments of a file that may be moved or come back later
NOBODY = "200000-0"
WAITS, UNKNOWN = "ach-clearing", "unapplied-receipts"


def open_station(name: str) -> TenderSource:
    """The station whose files pay the accounts of the teller `name`."""
    text = files("lamplighter.formats.remittances").joinpath("layouts", "quickstop.toml").read_text()
    source = add_source(name=f"Station {name}", kind=TenderSource.Kind.PAY_STATION, by=RENEE, at=AT)
    set_layout(source=source, text=text, citation="Guide 3.1", on=date(2026, 1, 1), by=RENEE, at=AT)
    return source


def bring_file(teller: Teller, dice: Random) -> int:
    """Payments by cash and check, a few to accounts that do not exist; how many they were."""
    source = TenderSource.objects.get(pk=f"station-{teller.by.key}")
    payers = dice.choices([*teller.mine, *teller.shared], k=dice.randint(1, MOST))
    said, cents = [], [dice.randint(1, 20000) for _ in payers]
    lost = {place for place in range(len(payers)) if dice.random() < 0.002}
    for place, (account, paid) in enumerate(zip(payers, cents, strict=True)):
        number = NOBODY if place in lost else account.number
        said.append(Said(number, Money(paid), f"Q{place}", dice.choice(["CSH", "CHK"])))
    teller.number += 1
    data = pay_stations(said, on=teller.day, number=f"{teller.by.key}-{teller.number}")
    made = take_file(source=source, data=data, name=f"{teller.number}.csv", **teller.now)
    teller.codes[WAITS] += sum(cents)
    teller.codes[UNKNOWN] -= sum(cents[place] for place in lost)
    parts = {
        place: Part(account, cents[place], *teller.stood[account.pk].pays(cents[place]))
        for place, account in enumerate(payers)
        if place not in lost
    }
    lines = list(made.lines.order_by("place").values_list("event", "tender"))
    assert [event is None for event, _ in lines] == [place in lost for place in range(len(payers))]
    for place in dice.sample(sorted(parts), min(KEPT, len(parts))):
        event, tender = lines[place]
        teller.events.append(Event(event, [(tender, cents[place])], [parts[place]], made.control.pk))
    return len(payers)
