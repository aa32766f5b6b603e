"""What the database's planner is told before the city's year begins."""

import pytest
from django.db import connection

from lamplighter.town.planner import look_at_tables

UNKNOWN = -1


@pytest.mark.django_db
def test_only_tables_that_hold_rows_are_analysed():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE town_nothing (id int); CREATE TABLE town_something (id int)")
        cursor.execute("INSERT INTO town_something SELECT generate_series(1, 500)")
    look_at_tables()
    assert believed_rows("town_something") == 500
    assert believed_rows("town_nothing") == UNKNOWN, "an empty table would be believed to stay empty"


def believed_rows(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::int FROM pg_class WHERE oid = %s::regclass", [table])
        return int(cursor.fetchall()[0][0])
