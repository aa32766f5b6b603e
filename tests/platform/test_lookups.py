"""A long list of whole numbers is asked for by one array, and finds what the list would have found."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import Q

from lamplighter.ledger.models import Code, Posting, Subledger
from lamplighter.platform.lookups import FEW

pytestmark = pytest.mark.django_db
MANY = range(1, FEW + 2)


@pytest.fixture
def subledgers():
    code = Code.objects.create(key="receivable", number="142", name="Receivable", kind="asset", control=True)
    return Subledger.objects.bulk_create(Subledger(code=code) for _ in range(3))


def test_long_lists_of_numbers_are_one_array_of_the_same_text_for_any_length():
    short = str(Subledger.objects.filter(pk__in=[1, 2]).query)
    assert "ANY" not in short
    long = Subledger.objects.filter(pk__in=MANY).query.sql_with_params()
    longer = Subledger.objects.filter(pk__in=range(1000)).query.sql_with_params()
    assert "= ANY(%s::bigint[])" in long[0]
    assert long[0] == longer[0]
    assert "= ANY" in str(Posting.objects.filter(subledger__in=MANY).query)


def test_they_find_the_same_rows(subledgers):
    mine = [one.pk for one in subledgers]
    wanted = [*mine[:2], *range(10**9, 10**9 + FEW)]
    assert set(Subledger.objects.filter(pk__in=wanted)) == set(subledgers[:2])
    assert set(Subledger.objects.filter(~Q(pk__in=wanted), pk__in=mine)) == {subledgers[2]}
    assert set(Subledger.objects.filter(pk__in=[*wanted, None])) == set(subledgers[:2])
    assert not Subledger.objects.filter(pk__in=[]).exists()
    assert set(Subledger.objects.filter(pk__in=Subledger.objects.filter(pk__in=mine))) == set(subledgers)


def test_words_stay_a_list():
    assert "ANY" not in str(Code.objects.filter(pk__in=[str(n) for n in MANY]).query)
    assert "ANY" not in str(Subledger.objects.filter(code__in=[str(n) for n in MANY]).query)


def test_numbers_are_not_prepared_one_by_one_and_all_else_is(subledgers, monkeypatch):
    prepared = []
    field = Subledger._meta.pk
    was = field.get_prep_value
    monkeypatch.setattr(field, "get_prep_value", lambda value: prepared.append(value) or was(value))
    mine = [one.pk for one in subledgers]
    assert set(Subledger.objects.filter(pk__in=mine)) == set(subledgers)
    assert not Posting.objects.filter(subledger__in=dict.fromkeys(mine)).exists()
    assert prepared == []
    assert set(Subledger.objects.filter(pk__in=[str(pk) for pk in mine])) == set(subledgers)
    assert not Posting.objects.filter(subledger__in=subledgers).exists()
    assert set(prepared) == {*map(str, mine), *mine}


@pytest.mark.parametrize("values", [[], [7], [-3, 2**40], [1, None], [[1, 2], [3, 4]], [True, False], ["1", "a,b", ""]])
def test_a_list_reaches_the_database_as_it_is(values):
    kind = {bool: "boolean", str: "text"}.get(type(values[0]) if values else int, "bigint")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::{kind}[]", [values])
        assert cursor.fetchone() == (values,)
