"""A harbor of four services with a year of bills: who uses power when, and what that costs on which rate."""

from __future__ import annotations

from datetime import date

import numpy as np
from django.test import override_settings

from lamplighter.billing.rules import months_before
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.periods import Period
from lamplighter.notices.operations import load_starter_templates, set_sender
from lamplighter.ratestudies.operations.rules import set_rule
from lamplighter.ratestudies.rules import Limits
from tests.town import ANALYST, DANA, NIGHTLY, ZONE, Town

BEGINS, UNTIL = date(2025, 11, 1), date(2026, 11, 1)
HOMES, TRADE = frozenset({"residential"}), frozenset({"commercial"})
BOOK = "marisol-bay-power/{}_{}.toml"


def build(folder) -> Town:
    """Ada uses power at night, Ben in the evening, both read by the hour; Cleo's dials are read; Bo bakes."""
    with override_settings(INTERVAL_STORE=str(folder / "intervals")):
        town = Town(BEGINS)
        set_sender(
            utility="Marisol Bay Power", phone="(510) 555-0100", website="marisolbaypower.example",
            office="800 Foundry St", email="help@marisolbaypower.example", by=DANA, at=town.at,
        )  # fmt: skip
        load_starter_templates(by=NIGHTLY, at=town.at, demo_town=True)
        town.rates = {code: adopted(town, code) for code in ("r-1", "r-tou", "gs-1", "gs-2")}
        for who, interval in (("Ada", 3600), ("Ben", 3600), ("Cleo", None)):
            town.moves_in(who, town.rates["r-1"], interval=interval)
        town.moves_in("Bo", town.rates["gs-1"], interval=900)
        town.uses("Ada", YEAR, shaped(3600, at=2, wh=700))
        town.uses("Ben", YEAR, shaped(3600, at=18, wh=900))
        town.uses("Bo", YEAR, shaped(900, at=6, wh=16_000))
        for month in range(12):
            bill(town, months_before(UNTIL, 11 - month), 400 * (month + 1))
        set_rules(town)
    return town


YEAR = Period(BEGINS, UNTIL)


def adopted(town: Town, code: str):
    klass = "residential" if code.startswith("r") else "commercial"
    for day in ("2024-07-01", "2026-07-01"):
        schedule = town.adopts_book(BOOK.format(code, day), klass)
    return schedule


def shaped(seconds: int, *, at: int, wh: int):
    """Wh by slot: some all day, and much in the three hours from `at`."""
    calendar = slot_calendar(YEAR, seconds=seconds, zone=ZONE)
    hours = calendar.minutes / 60
    return np.where((hours >= at) & (hours < at + 3), 4 * wh, wh // 4).astype(np.int64)


def bill(town: Town, until: date, cleo: int) -> None:
    """The month before `until`; Cleo's dials show `cleo`."""
    if until == months_before(UNTIL, 11):
        town.reads("Cleo", (BEGINS.isoformat(), 0))
    town.reads("Cleo", (until.isoformat(), cleo))
    town.on(until.isoformat()).bills(months_before(until, 1).isoformat(), until.isoformat())


def set_rules(town: Town) -> None:
    rules = {
        "r-1": Limits("", HOMES, usual=True),
        "r-tou": Limits("", HOMES, chosen=True),
        "gs-1": Limits("", TRADE, usual=True),
        "gs-2": Limits("", TRADE, rank=1, kw=50, months=6, stay=3, notice_days=30),
    }
    for code, rule in rules.items():
        schedule = town.rates[code]
        limits = Limits(schedule.pk, rule.classes, rule.rank, rule.usual, rule.chosen, rule.kw, rule.kwh, rule.months,
                        rule.stay, rule.requires, rule.notice_days)  # fmt: skip
        set_rule(schedule=schedule, limits=limits, citation="Rule 4", on=BEGINS, by=ANALYST, at=town.at)


def quietly(done: int, of: int) -> None:
    """Nobody watches the progress of a test."""
