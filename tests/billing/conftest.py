"""A town whose intervals go into a store of the test's own."""

from __future__ import annotations

from datetime import date

import pytest

from tests.town import Town


@pytest.fixture
def town(db, settings, tmp_path):
    settings.INTERVAL_STORE = str(tmp_path / "intervals")
    return Town(date(2026, 7, 1))
