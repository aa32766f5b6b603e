"""Pages that show much come with few questions; what is slow is fetched after the page."""

from __future__ import annotations

import pytest

BUDGET = 25


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("dana", "/desk/accounts/{number}/credit/ policy points deposit report"),
        ("dana", "/desk/accounts/{number}/meter/ events commands checks"),
        ("dana", "/desk/accounts/{number}/online/"),
        ("renee", "/lead/programs/ figures participation"),
        ("renee", "/lead/collections/ collecting ageing promises"),
    ],
)
def test_a_page_asks_within_the_budget_and_each_of_its_panels_answers(
    at_desk, number, django_assert_max_num_queries, who, page
):
    url, *panels = page.format(number=number("Thi Hoa Nguyen")).split()
    client = at_desk(who)
    client.get(url)  # sessions and caches of the first visit
    with django_assert_max_num_queries(BUDGET):
        assert client.get(url).status_code == 200
    for panel in panels:
        assert client.get(f"{url}?panel={panel}").status_code == 200, panel
