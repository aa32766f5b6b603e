"""Homes with meters that can be switched, and a head-end that reaches them."""

from __future__ import annotations

from datetime import date

import pytest

from lamplighter.network.types import Protocol
from lamplighter.town.headend.network import Air
from tests.network.air import QUIET, World, connect
from tests.town import Town


def build(monkeypatch, protocol: Protocol, air: Air, *, homes: int = 3) -> World:
    town = Town(date(2026, 9, 1))
    rate = town.adopts_book("marisol-bay-power/r-1_2026-07-01.toml")
    for number in range(homes):
        town.moves_in(("Ada", "Ben", "Cleo")[number] if number < 3 else f"Home {number}", rate)
    town.on("2026-11-20")
    return connect(town.homes, monkeypatch, now=town.at, protocol=protocol, air=air)


@pytest.fixture(params=list(Protocol), ids=lambda one: one.value)
def world(request, db, monkeypatch) -> World:
    """A network on which nothing is lost, in each protocol."""
    return build(monkeypatch, request.param, QUIET)


@pytest.fixture
def quiet(db, monkeypatch) -> World:
    return build(monkeypatch, Protocol.MULTISPEAK_4, QUIET)
