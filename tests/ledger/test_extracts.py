"""What finance got of a closed month stays what the books give, whatever is posted or renamed afterwards."""

from datetime import date

import pytest
from django.db import connection, transaction

from lamplighter.kernel.money import Money
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.models import Code
from lamplighter.ledger.operations import CannotClose, CannotPost, Draft, Leg
from lamplighter.ledger.operations.extracting import extract_month
from lamplighter.ledger.operations.periods import close_month, reopen_month
from lamplighter.ledger.queries.closing import extracts_astray
from lamplighter.platform.queries.files import path_of
from tests.ledger.test_books import AT, DANA, bill, pay, receivable  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


@pytest.fixture
def extract(receivable, settings, tmp_path):  # noqa: F811
    settings.STATE = tmp_path
    bill(receivable, 8466)
    pay(receivable, 6000)
    close_month(month=NOVEMBER, by=DANA, at=AT)
    return extract_month(month=NOVEMBER, by=DANA, at=AT)


def test_a_posting_into_a_month_that_went_out_is_refused_and_one_after_it_leaves_the_extract(extract, receivable):  # noqa: F811
    """A late correction is effective in the closed month and accounted in the open one."""
    sent = path_of(extract.csv).read_bytes()
    with pytest.raises(CannotPost, match="closed"), transaction.atomic():
        bill(receivable, 500, source="bill:2", on=date(2026, 11, 30))
    late = Draft(
        "bill:3", "test", date(2026, 11, 30),
        (Leg("receivable", Money(500), receivable, owed_on=NOVEMBER), Leg("revenue", Money(-500))),
        DECEMBER,
    )  # fmt: skip
    ledger.post(draft=late, at=AT, by=DANA)
    again = extract_month(month=NOVEMBER, by=DANA, at=AT)
    assert (again.pk, path_of(again.csv).read_bytes()) == (extract.pk, sent)
    assert extracts_astray() == []
    with pytest.raises(CannotClose, match="went to finance"):
        reopen_month(month=NOVEMBER, by=DANA, at=AT, remark="Wrong")


def test_a_code_that_gets_another_number_leaves_what_went_out(extract):
    revenue = Code.objects.get(pk="revenue")
    revenue.number, revenue.name = "0999", "Sales to homes"
    ledger.define_codes([revenue])
    assert extracts_astray() == []


def test_a_month_that_the_books_would_give_otherwise_is_told(extract):
    """Somebody went past every guard."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE ledger_posting SET payoff = payoff * 2")
        cursor.execute("SET session_replication_role = DEFAULT")
    assert extracts_astray() == ["extract of 2026-11: the books would give another one today"]
