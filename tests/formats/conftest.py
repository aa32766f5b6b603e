"""Fixtures for the tests of meter data."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def samples() -> Path:
    """Small files by others that are copied into this repository."""
    return Path(__file__).parents[1] / "data" / "formats"
