"""Whatever is priced in these tests is priced twice."""

from __future__ import annotations

import pytest

from lamplighter.rating.files import bills as worked
from tests.rating.columnar.both import both


@pytest.fixture(autouse=True)
def priced_by_both(monkeypatch):
    """Worked bills go through both calculators, which must agree to the cent."""
    monkeypatch.setattr(worked, "price", both)
