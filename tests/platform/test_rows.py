"""Rows of models made from what a question of our own read."""

from __future__ import annotations

from datetime import date

from lamplighter.accounts.models import Account, Agreement
from lamplighter.platform.rows import row_of
from tests.accounts.conftest import ON, place  # noqa: F401 - a fixture


def test_what_was_not_read_is_asked_for_when_somebody_wants_it(place, django_assert_num_queries):  # noqa: F811
    kept = place.account(place.luis)
    with django_assert_num_queries(0):
        row = row_of(Account, {"id": kept.pk, "number": kept.number})
        assert (row, row.number) == (kept, kept.number)
    with django_assert_num_queries(1):
        assert row.opened_on == ON
    assert row.get_deferred_fields() >= {"cycle_id", "customer_class"}


def test_what_it_refers_to_comes_with_it(place, django_assert_num_queries):  # noqa: F811
    account = row_of(Account, {"id": 7, "customer_class": "residential"})
    with django_assert_num_queries(0):
        row = row_of(Agreement, {"id": 3, "account_id": 7, "premise_id": None}, account=account, premise=None)
        assert row.account.customer_class == "residential"
        assert row.premise is None


def test_saved_it_changes_its_own_row_alone(place):  # noqa: F811
    kept = place.account(place.luis)
    row = row_of(Account, {"id": kept.pk, "closed_on": None})
    row.closed_on = date(2026, 12, 1)
    row.save()
    kept.refresh_from_db()
    assert (kept.closed_on, kept.opened_on) == (date(2026, 12, 1), ON)
