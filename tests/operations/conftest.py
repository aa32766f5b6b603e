"""Whole installations: one with a month of readings, and one with nothing in it, to restore into."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kills.site import Site, site
from tests.kills.standing import standing


@pytest.fixture(scope="package")
def world(tmp_path_factory) -> Iterator[Site]:
    with standing(tmp_path_factory, fast=True) as made:
        yield made


@pytest.fixture
def original(world: Site) -> Site:
    world.begin_again()
    return world


@pytest.fixture(scope="package")
def durable(tmp_path_factory) -> Iterator[Site]:
    """The same, with the database that the program keeps for itself."""
    with standing(tmp_path_factory) as made:
        yield made


@pytest.fixture(scope="package")
def second() -> Iterator[Site]:
    with site(fast=True) as made:
        yield made


@pytest.fixture
def empty(second: Site) -> Site:
    second.clear()
    return second


@pytest.fixture
def copy(tmp_path: Path) -> str:
    """Where a backup may go."""
    return str(tmp_path / "copy")
