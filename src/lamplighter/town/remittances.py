"""What the city's lockbox and pay stations write: the files of two invented senders, each in its own form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from itertools import islice

from lamplighter.accounts.models import Account
from lamplighter.journeys.remitting import take_file
from lamplighter.kernel.money import Money, total
from lamplighter.payments.models import TenderSource
from lamplighter.payments.operations.layouts import add_source, set_layout
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.calendar import at
from lamplighter.town.staff import ADMINISTRATOR, RENEE

SHOPS = 12
GUIDE = "QuickStop partner guide 3.1, chapter 2"


def shops_bring(payers: Iterator[tuple[Account, Money]], day: date, today: date, now: datetime) -> None:
    """A dozen households paid at a shop yesterday; the shop has one account's number wrong."""
    text = files("lamplighter.formats.remittances").joinpath("layouts", "quickstop.toml").read_text()
    some = [
        Said(account.number, owed, f"QS-{4410 + place}", "CHK" if place % 5 == 3 else "CSH")
        for place, (account, owed) in enumerate(islice(payers, SHOPS))
    ]
    some.append(Said("200000-0", Money(4210), "QS-4429"))
    begins, when = day.replace(day=1), min(now, at(today, 8, 10))
    with unit_of_work(ADMINISTRATOR):
        source = add_source(name="QuickStop", kind=TenderSource.Kind.PAY_STATION, by=ADMINISTRATOR, at=at(begins, 9))
        set_layout(source=source, text=text, citation=GUIDE, on=begins, by=ADMINISTRATOR, at=at(begins, 9))
    data = pay_stations(some, on=day, number=f"{day:%Y%m%d}-1")
    with unit_of_work(RENEE):
        take_file(source=source, data=data, name=f"quickstop-{day:%Y%m%d}.csv", on=today, by=RENEE, at=when)


@dataclass(frozen=True, slots=True)
class Said:
    """One payment: the stub's scan line or an account's number, as the sender has it."""

    account: str
    amount: Money
    reference: str = ""
    tender: str = "CSH"


def lockbox(payments: Sequence[Said], *, on: date, number: str, batch: int = 50) -> bytes:
    """Harbor National's 80 columns: a header, batches of checks each with its total, and the total of all."""
    lines = [f"1HARBOR    MARISOLBP 00{number:<10}{on:%y%m%d}", f"2{on:%y%m%d}", f"5001{on:%y%m%d}LOCKBOX 7714"]
    for start in range(0, len(payments), batch):
        some = payments[start : start + batch]
        lines += [
            f"6{start // batch + 1:03}{place:03}{one.amount.cents:010}{one.account:<29}{one.reference:<10}{on:%y%m%d}"
            for place, one in enumerate(some, start=1)
        ]
        lines.append(f"7{start // batch + 1:03}   {len(some):05}{total(one.amount for one in some).cents:010}")
    lines.append(f"9{len(payments):06}{total(one.amount for one in payments).cents:012}")
    return "".join(f"{line:<80}\r\n" for line in lines).encode("ascii")


def pay_stations(payments: Sequence[Said], *, on: date, number: str) -> bytes:
    """QuickStop's commas: FH, a PD for each payment, FT with count and sum."""
    lines = [f"FH,{number},MARISOL"]
    lines += [
        f"PD,{place:04},{on:%m/%d/%Y},{one.account},{one.tender},{one.amount.dollars},{one.reference}"
        for place, one in enumerate(payments, start=1)
    ]
    lines.append(f"FT,{len(payments)},{total(one.amount for one in payments).dollars}")
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")
