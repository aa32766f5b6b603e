"""The rail: few words for a day, the rest one click further, and always a mark where one is."""

from __future__ import annotations

import pytest

from lamplighter.platform.access import ROLES, permissions_of
from lamplighter.web.ui.rail import Shelf, area_of, open_areas

MOST = 12
"""So many words stand above the fold at 768 px of height."""


def areas(*roles):
    return open_areas(permissions_of(roles))


@pytest.mark.parametrize("role", ROLES)
def test_no_job_has_more_on_its_rail_than_is_seen_at_once(role):
    assert all(len(area.shown) <= MOST for area in areas(role))


def test_what_is_not_used_all_day_stands_together_behind_a_word():
    (desk,) = (area for area in areas("csr") if area.prefix == "/desk/")
    (credit,) = (one for one in desk.shown if isinstance(one, Shelf) and one.label == "Credit")
    assert {"Closed accounts", "Bankruptcies", "Unbilled use"} <= {place.label for place in credit.places}
    assert "Card links" in [one.label for one in desk.shown], "alone of its group, it needs no word in front of it"


@pytest.mark.parametrize("path, role, area, here", [
    ("/desk/", "csr", "/desk/", "Today"),
    ("/desk/counter/", "csr", "/desk/", "Counter"),
    ("/desk/meters/E-77120934/", "csr", "/desk/", "Accounts"),
    ("/desk/receipts/R-1/", "csr", "/desk/", "Counter"),
    ("/desk/find/", "csr", "/desk/", "Accounts"),
    ("/lead/cash/differences/", "supervisor", "/lead/", "Cash"),
    ("/lead/cash/", "head-cashier", "/desk/", "Cash"),
    ("/preferences/", "csr", "/desk/", None),
])  # fmt: skip
def test_it_marks_the_place_that_a_page_belongs_to(path, role, area, here):
    found = area_of(path, areas(role))
    assert found is not None
    assert found.prefix == area
    assert getattr(found.at(path), "label", None) == here
