"""Fixtures for every test."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPO = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of outside corpora beside the checkout; a user's clone has none, and says so by skipping."""
    folder = Path(os.environ.get("LAMPLIGHTER_SHARED", REPO.parent / "shared"))
    if not (folder / "data").is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"in CI the outside corpora must be there: {folder}")
        pytest.skip(f"no outside corpora at {folder}: set LAMPLIGHTER_SHARED to read them")
    return folder
