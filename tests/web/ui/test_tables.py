"""The one table: sorted, filtered and paged in its address, exported whole."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.web.conftest import make_person

pytestmark = pytest.mark.urls("tests.web.ui.urls")
FRAGMENT = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "grid-rows"}


@pytest.fixture
def crowd(desk):
    for i in range(24):
        make_person(f"p{i:02}", f"Person {i:02}" if i % 2 else f"Customer {i:02}")
    return desk


def logins(html: str) -> list[str]:
    return re.findall(r'class="row-link" href="/people/(\w+)/"', html)


def test_a_page_holds_its_rows_and_says_how_many_there_are(crowd):
    html = crowd.get("/people/").content.decode()
    assert len(logins(html)) == 10
    assert '<span class="num">25</span> rows' in html
    assert "1–10 of 25" in html


def test_a_column_sorts_both_ways(crowd):
    down = crowd.get("/people/?sort=-username").content.decode()
    assert logins(down)[:2] == ["p23", "p22"]
    assert 'aria-sort="descending"' in down
    assert 'href="?sort=username"' in down


def test_the_filter_stands_in_the_address_and_stays_while_sorting_and_paging(crowd):
    html = crowd.get("/people/?name=person&sort=-username").content.decode()
    assert len(logins(html)) == 10
    assert '<span class="num">12</span> rows' in html
    assert 'href="?name=person&amp;sort=-username&amp;page=2"' in html
    assert len(logins(crowd.get("/people/?name=person&page=2").content.decode())) == 2


def test_a_page_number_beyond_the_end_is_the_last_page(crowd):
    assert len(logins(crowd.get("/people/?page=99").content.decode())) == 5
    assert len(logins(crowd.get("/people/?page=x").content.decode())) == 10


def test_htmx_gets_the_table_alone(crowd):
    html = crowd.get("/people/?name=person", **FRAGMENT).content.decode()
    assert html.lstrip().startswith('<div class="sheet" id="grid-rows"')
    assert "<html" not in html


def test_the_export_is_the_whole_filtered_set(crowd):
    response = crowd.get("/people/?name=person&page=2&export=csv")
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 13
    assert response["Content-Disposition"] == 'attachment; filename="People.csv"'


def test_nothing_found_says_so_and_offers_a_way_out(crowd):
    html = crowd.get("/people/?name=nobody").content.decode()
    assert "Nothing matches this filter." in html
    assert "Clear the filter" in html


def test_more_rows_ask_no_more_questions(crowd):
    crowd.get("/people/")  # the first visit renews its session
    with CaptureQueriesContext(connection) as for_one:
        crowd.get("/people/?name=person 01")
    with CaptureQueriesContext(connection) as for_ten:
        crowd.get("/people/")
    assert len(for_one) == len(for_ten)


def test_money_is_right_aligned_with_the_word_credit(desk):
    html = desk.get("/ui/table/?sort=amount").content.decode()
    assert '<td class="num">−$12.40 credit</td>' in html.replace("  ", " ")
