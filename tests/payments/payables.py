"""Refunds through accounts payable in a teller's random acts: on which days, the vouchers out, and its answers."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

from lamplighter.formats.payables import dollars
from lamplighter.journeys.payables import hand_over_waiting, take_answer
from lamplighter.payments.models import RefundWay
from lamplighter.payments.operations.refundways import set_refund_way
from lamplighter.payments.refunds.queries import standing_of
from lamplighter.payments.refunds.rules import CannotRefund

if TYPE_CHECKING:
    from datetime import datetime

    from lamplighter.kernel.actors import Actor
    from tests.payments.teller import Teller

FIRST = date(2026, 11, 20)
TURNS = 15
"""Who pays refunds turns on the days 1, 2, 4, 8 ... after the first, so that short and long runs meet both ways."""


def turn_ways(*, by: Actor, at: datetime) -> None:
    for turn in range(TURNS):
        way = RefundWay.Way.BANK if turn % 2 else RefundWay.Way.PAYABLES
        starts = FIRST + timedelta(days=2**turn)
        set_refund_way(way=way, starts_on=starts, citation=f"Turn {turn}", on=FIRST, by=by, at=at)


def by_voucher(day: date) -> bool:
    """Whether the city's accounts payable pays what is refunded on this day."""
    return (day - FIRST).days.bit_length() % 2 == 1


def payables(teller: Teller, dice: Random) -> None:
    """Every voucher that waits goes out in one file; one that is there is paid or refused."""
    mine = [each for each in teller.refunds if each[0].method == "voucher"]
    if any(not standing_of(made) for made, _ in mine):
        try:
            hand_over_waiting(**teller.now)
        except CannotRefund:
            return  # another teller has handed it over this very moment
    elif mine:
        made, account = dice.choice(mine)
        if made.steps.get(act="handed").on > teller.day:
            return  # by a teller whose day is a later one; no answer comes before it went out
        teller.refunds.remove((made, account))
        paid, cents = dice.random() < 0.7, made.amount.cents
        line = f"{'P' if paid else 'R'},{made},{teller.day},{dollars(cents)},{made.pk if paid else 'No such payee'}"
        data = f"{line}\r\nT,1,{dollars(cents)}\r\n".encode()
        taken = take_answer(data=data, name=f"answer-{made.pk}.csv", **teller.now)
        assert (taken.paid, taken.refused, taken.waiting) == (int(paid), int(not paid), 0)
        teller.codes["refund-vouchers"] += cents
        if paid:
            teller.codes["payables-paid"] -= cents
        else:
            teller.stood[account.pk].give(0, -cents)
