"""Days in an address that are none, or far from any life, are not heard: the page shows its usual ones."""

from __future__ import annotations

import pytest

FAR = ("0001-01-01", "9999-12-31", "2026-02-30", "x")


@pytest.mark.parametrize("day", FAR)
@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("renee", "/lead/cash/watch/?since="), ("renee", "/lead/cash/journal/?start="),
        ("renee", "/lead/collections/?last="),
        ("renee", "/lead/collections/?first="), ("omar", "/desk/books/as-of/?on="), ("omar", "/desk/books/ageing/?on="),
        ("dana", "/desk/work/?on="),
    ],
)  # fmt: skip
def test_an_odd_day_shows_the_usual_ones(at_desk, who, page, day):
    assert at_desk(who).get(f"{page}{day}").status_code == 200


@pytest.mark.parametrize("days", ["start=9999-12-31&end=0001-01-01", "start=0001-01-01&end=9999-12-31"])
def test_odd_days_of_use_show_the_usual_ones(dana, number, days):
    assert dana.get(f"/desk/accounts/{number('Gwen Pruitt')}/usage/?{days}").status_code == 200
