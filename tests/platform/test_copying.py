"""Rows by COPY, or few of them by one statement: what goes in is what a SELECT gives back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from lamplighter.billing.models import Bill
from lamplighter.kernel.actors import staff
from lamplighter.kernel.periods import Period
from lamplighter.platform.copying import FEW, alike, copy_in, copy_lines, fields, written_together

pytestmark = pytest.mark.django_db
COLUMNS = "words text, whole bigint, exact numeric, day date, at timestamptz, yes boolean, days daterange, who text"
words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
rows = st.tuples(
    st.none() | words,
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20),
    st.none() | st.dates(),
    st.none() | st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.none() | st.booleans(),
)


class TestWhatGoesIn(TestCase):
    @settings(max_examples=60)
    @given(st.lists(rows, max_size=5))
    def test_is_what_comes_back_whatever_its_letters(self, given_rows):
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMPORARY TABLE copied ({COLUMNS}) ON COMMIT DROP")
            copy_in(cursor, "copied (words, whole, exact, day, at, yes)", given_rows)
            cursor.execute("SELECT words, whole, exact, day, at, yes FROM copied")
            assert cursor.fetchall() == given_rows
            cursor.execute("DROP TABLE copied")

    @settings(max_examples=60)
    @given(st.lists(rows, min_size=1, max_size=5))
    def test_lines_bring_the_same(self, given_rows):
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMPORARY TABLE copied ({COLUMNS}) ON COMMIT DROP")
            lines = [f"{fields(*row[:3])}\t{alike(*row[3:])}" for row in given_rows]
            copy_lines(cursor, "copied (words, whole, exact, day, at, yes)", lines)
            cursor.execute("SELECT words, whole, exact, day, at, yes FROM copied")
            assert cursor.fetchall() == given_rows
            cursor.execute("DROP TABLE copied")


def test_what_is_equal_and_written_otherwise_is_not_taken_for_alike():
    assert [alike(value) for value in (1, True, 0, False)] == ["1", "t", "0", "f"]


def test_periods_actors_and_words_of_an_enumeration_have_their_texts():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE copied ({COLUMNS}) ON COMMIT DROP")
        period = Period(date(2026, 8, 1), date(2026, 9, 1))
        copy_in(cursor, "copied (days, who, words)", [(period, staff("ada"), Bill.Kind.FINAL)])
        copy_in(cursor, "copied (days)", [(Period(date(2026, 8, 1)),)])
        cursor.execute("SELECT lower(days), upper(days), who, words FROM copied")
        assert cursor.fetchall() == [
            (date(2026, 8, 1), date(2026, 9, 1), "staff:ada", "final"),
            (date(2026, 8, 1), None, None, None),
        ]


@pytest.mark.parametrize("value", [1.5, b"bytes", ["a list"]])
def test_what_has_no_exact_text_is_refused(value):
    with transaction.atomic(), connection.cursor() as cursor, pytest.raises(TypeError, match="no exact text for"):
        copy_in(cursor, "platform_event (name)", [(value,)])


def test_a_number_that_is_none_is_refused():
    with transaction.atomic(), connection.cursor() as cursor, pytest.raises(AssertionError, match="finite"):
        copy_in(cursor, "billing_billline (quantity)", [(Decimal("NaN"),)])


def test_what_the_database_refuses_is_raised_as_django_raises_it():
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        copy_in(cursor, "platform_event (name)", [("only.a.name",)])


def test_few_rows_of_several_tables_are_one_statement_and_many_a_copy_each(django_assert_num_queries):
    for many in (2, FEW):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE one (words text, day date) ON COMMIT DROP")
            cursor.execute("CREATE TEMPORARY TABLE other (whole bigint, words text) ON COMMIT DROP")
            with django_assert_num_queries(1 if many == 2 else 2), written_together():
                copy_in(cursor, "one (words, day)", [(r"it's \N 100 %s", date(2026, 8, 1)), (None, None)])
                copy_in(cursor, "other (whole, words)", ((n, "") for n in range(many)))
                copy_in(cursor, "one (words, day)", [("more", None)])
            cursor.execute("SELECT words, day FROM one")
            assert cursor.fetchall() == [(r"it's \N 100 %s", date(2026, 8, 1)), (None, None), ("more", None)]
            cursor.execute("SELECT whole, words FROM other ORDER BY 1")
            assert cursor.fetchall() == [(n, "") for n in range(many)]
            cursor.execute("DROP TABLE one; DROP TABLE other")


def test_nothing_is_written_of_a_block_that_fails():
    with transaction.atomic(), connection.cursor() as cursor:
        with pytest.raises(ZeroDivisionError), written_together():
            copy_in(cursor, "platform_event (name)", [("only.a.name",)])
            raise ZeroDivisionError
        copy_in(cursor, "platform_storedfile (sha256)", [])
