"""Rates that nobody wrote, as NREL's SAM priced them: the short form of `tests/soak/soak_rates.py`, without SAM."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.soak.random_rates import random_load, random_rate
from tests.soak.soak_rates import CLOSE, priced

RATES = json.loads((Path(__file__).parents[1] / "data" / "rates" / "random_by_sam.json").read_text())["rates"]


@pytest.mark.parametrize("kept", RATES, ids=lambda kept: f"seed {kept['seed']}")
def test_a_random_rate_comes_to_what_sam_made_of_it(kept: dict[str, Any]):
    dice = random.Random(kept["seed"])
    random_rate(dice)  # the load is drawn after the rate, which is kept
    load = random_load(dice)
    assert sum(map(Decimal, load)) == Decimal(kept["kwh"]), "the load is the one that SAM was given"
    months = priced(kept["record"], load)
    assert not isinstance(months, str), months
    for i, month in enumerate(months):
        for name, amount in month.items():
            assert abs(amount - Decimal(str(kept["sam"][name][i]))) <= CLOSE, (i + 1, name)
