"""Each desk sees what waits for it, the most urgent first, and how much."""

from datetime import timedelta

import pytest

from lamplighter.worklist import kinds
from lamplighter.worklist.kinds import Desk
from lamplighter.worklist.models import Item
from lamplighter.worklist.operations import Draft, finish, take
from lamplighter.worklist.queries import (
    Count,
    by_desk,
    by_kind,
    by_owner,
    items_of,
    next_after,
    open_items,
    tallies,
)
from tests.worklist.conftest import AT, DANA, MEI_LING, RETURNED, SILENT, THREAT, returned, silent

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=8)  # after closing


@pytest.fixture
def full(raised):
    raised(returned("payment:1"), returned("payment:2", account=8), silent(1), silent(2))
    raised(Draft(THREAT.key, "case:5", "A threat at the counter"))
    take(item=Item.objects.get(subject="payment:2"), by=MEI_LING, at=AT)


def subjects(found):
    return [item.subject for item in found]


def test_the_most_urgent_come_first_with_age_and_overdue(full):
    found = open_items(at=LATER)
    assert subjects(found) == ["case:5", "payment:1", "payment:2", "meter:1", "meter:2"]
    assert [item.overdue for item in found] == [True, True, True, False, False]
    assert {item.age for item in found} == {timedelta(hours=8)}


def test_by_kind_desk_owner_subject_and_permission(full):
    assert subjects(open_items(at=AT, kind=SILENT.key)) == ["meter:1", "meter:2"]
    assert subjects(open_items(at=AT, desk=Desk.LEAD)) == ["case:5"]
    assert subjects(open_items(at=AT, owner=MEI_LING)) == ["payment:2"]
    assert subjects(open_items(at=AT, subject="meter:2")) == ["meter:2"]
    assert subjects(open_items(at=AT, permissions=frozenset({"reads.decide"}))) == ["meter:1", "meter:2"]
    assert subjects(open_items(at=AT, permissions=frozenset())) == []


def test_counts_are_sums_of_one_query(full, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = tallies(at=LATER)
    assert by_desk(found) == {
        Desk.SERVICE: Count(2, 2, AT), Desk.METERS: Count(2, 0, AT), Desk.LEAD: Count(1, 1, AT),
    }  # fmt: skip
    assert by_kind(found)[RETURNED.key] == Count(2, 2, AT)
    assert by_owner(found) == {None: Count(4, 2, AT), MEI_LING: Count(1, 1, AT)}
    assert by_kind(tallies(at=LATER, permissions=frozenset({"team.lead"}))) == {THREAT.key: Count(1, 1, AT)}


def test_what_no_context_declares_any_more_goes_to_the_administrator(full):
    kinds._declared.pop(THREAT.key)
    assert subjects(open_items(at=AT, desk=Desk.ADMINISTRATION)) == ["case:5"]
    assert by_desk(tallies(at=AT))[Desk.ADMINISTRATION].waiting == 1


def test_the_next_one_is_free_or_mine_and_the_list_goes_round(raised):
    raised(*(silent(n, due_at=AT + timedelta(days=n)) for n in (1, 2, 3, 4)))
    first, second, third, fourth = Item.objects.order_by("due_at")
    take(item=second, by=MEI_LING, at=AT)
    assert next_after(first, by=DANA) == third
    assert next_after(first, by=MEI_LING) == second
    finish(item=fourth, outcome="visited", by=DANA, at=AT)
    assert next_after(fourth, by=DANA) == first
    for item in (first, third):
        finish(item=item, outcome="visited", by=DANA, at=AT)
    assert next_after(third, by=DANA) is None


def test_an_accounts_page_shows_what_waited_too(full):
    finish(item=Item.objects.get(subject="payment:1"), outcome="reversed", by=DANA, at=AT)
    assert [item.state for item in items_of(account=7)] == ["done"]
