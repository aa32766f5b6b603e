"""The controls hold after a life of bills, payments and corrections, and name what was tampered with."""

from datetime import date

import pytest
from django.db import connection

from lamplighter.billing.canonical import Statement, canonical, digest_of
from lamplighter.billing.lines_kept import lines_told
from lamplighter.billing.models import Segment
from lamplighter.journeys.control import controls
from lamplighter.kernel.periods import Period

AUGUST = Period(date(2026, 8, 1), date(2026, 9, 1))


@pytest.fixture
def lived(town):
    rate = town.adopts_book("alameda-municipal-power/d-1_2026-07-01.toml")
    for who, wh in (("Ada", 1000), ("Ben", 250)):
        town.on("2026-08-01").moves_in(who, rate)
        town.uses(who, AUGUST, wh)
    town.on("2026-09-01").bills("2026-08-01", "2026-09-01")
    town.on("2026-09-10").pays("Ada", 30000)
    return town


def tamper(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        table = sql.split()[1]
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, values or None)


def keeps(segment: Segment, statement: Statement) -> None:
    """As if the program that issued the bill had written this."""
    text = canonical(statement)
    sql = "UPDATE billing_segment SET statement = %s, sha256 = %s WHERE id = %s"
    tamper(sql, text, digest_of(text), segment.pk)


def found():
    return {control.name: control.differences for control in controls() if control.differences}


def test_everything_holds(lived):
    assert found() == {}


@pytest.mark.parametrize(
    ("sql", "name", "says"),
    [
        ("UPDATE billing_segment SET total = total + 1", "every frozen bill recomputes", "instead of"),
        (
            "UPDATE billing_segment SET statement = jsonb_set(statement::jsonb, '{cents}', '1')",
            "every frozen bill recomputes", "SHA-256 differs",
        ),
        ("UPDATE billing_billline SET amount = amount - 1 WHERE place = 0", "every frozen bill", "in lines"),
        ("UPDATE payments_tender SET amount = 29999, handed_over = 29999", "every tender", "tenders 29999"),
        ("UPDATE ledger_posting SET payoff = payoff + 1 WHERE payoff > 0", "the ledger balances", "trial balance"),
    ],
)  # fmt: skip
def test_tampering_is_named(lived, sql, name, says):
    tamper(sql)
    ((control, differences), *_) = [(c, d) for c, d in found().items() if c.startswith(name)]
    assert any(says in difference for difference in differences), control
    assert Segment.objects.exists()


def test_bills_of_the_first_format_recompute_to_their_own_bytes(lived):
    """Lines of bills until November 2026 tell all their names (docs/algorithms/statements.md)."""
    for segment in Segment.objects.all():
        assert segment.statement["format"] == 2
        keeps(segment, segment.statement | {"format": 1, "lines": lines_told(segment.statement)})
    assert found() == {}
    segment = Segment.objects.first()
    first, *others = segment.statement["lines"]
    keeps(segment, segment.statement | {"lines": [first | {"label": "Something else"}, *others]})
    assert found() == {
        "every frozen bill recomputes to the cent": (f"segment {segment.pk}: the total is the same, but lines differ",)
    }
