"""Finance closes a month: the books foot as of any day, taxes by jurisdiction, an extract that stays the same."""

from __future__ import annotations

import re
from datetime import date

from lamplighter.billing.queries.ageing import aged_accounts
from lamplighter.billing.queries.taxes import TAXES, tax_return
from lamplighter.journeys.control import extracts_hold
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.ledger.models import Posting
from lamplighter.ledger.queries import trial_balance
from lamplighter.ledger.queries.closing import months, stood
from lamplighter.web.desk.books.views import codes_of
from tests.duties.playing import fills
from tests.web.desk.conftest import words
from tests.web.desk.town import NOW

MADE = {200, 204, 303}


def csv_of(client, url):
    answer = client.get(url, headers={"accept": "text/csv"})
    assert answer.status_code == 200
    return b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode()


def test_finance_closes_a_month_and_its_books_foot(at_desk, number, settings, tmp_path):
    """Omar looks at the books as of today, sees every number's rows, closes the first month and gives it to finance;
    what he fetches is the same each time, and nobody opens the month again."""
    settings.STATE = tmp_path
    omar, dana = at_desk("omar"), at_desk("dana")
    today = NOW.date()
    assert dana.get("/desk/books/").status_code == 403
    assert "As of a day" in words(omar.get("/desk/books/"))

    page = words(omar.get(f"/desk/books/as-of/?on={today}"))
    assert "Customer accounts receivable, electric" in page
    assert {one.key: one.amount for one in stood(today)} == {
        one.key: one.payoff for one in trial_balance() if Posting.objects.filter(code=one.key).exists()
    }  # fmt: skip
    assert all(one.difference == ZERO for one in stood(today))
    rows = csv_of(omar, f"/desk/books/as-of/receivable/?on={today}&export=csv").splitlines()[1:]
    assert sum(Money.exactly(row.rpartition(",")[2]).cents for row in rows) == next(
        one.amount.cents for one in stood(today) if one.key == "receivable"
    )  # fmt: skip
    aged = aged_accounts(today)
    owed = Posting.objects.filter(subledger__isnull=False, entry__accounting_on__lte=today)
    assert total(one.balance for one in aged) == total(owed.values_list("current", flat=True))
    assert number("Thi Hoa Nguyen") in words(omar.get(f"/desk/books/ageing/?on={today}"))

    oldest = months()[-1].month
    month = f"{oldest:%Y-%m}"
    moves = codes_of(oldest)
    assert total(one["debits"] for one in moves) == total(one["credits"] for one in moves) == months()[-1].debits
    book = words(omar.get(f"/desk/books/{month}/"))
    for one in moves:
        rows = csv_of(omar, f"/desk/books/{month}/codes/{one['url'].split('/')[-2]}/?export=csv").splitlines()[1:]
        assert len(rows) == one["postings"], "each number opens its rows"
        assert f"{one['number']} {one['name']}" in book
    taxed = tax_return(oldest)
    moved = Posting.objects.filter(code__in=TAXES, entry__accounting_on__range=(oldest, last_of(oldest)))
    assert total(one.due for one in taxed) == -total(moved.values_list("payoff", flat=True))
    assert omar.get(f"/desk/books/{month}/taxes/").status_code == 200

    early = fills(omar, f"/desk/books/{month}/do/extract/")
    assert "Close them first" in words(early)
    assert fills(omar, f"/desk/books/{month}/do/close/").status_code in MADE
    assert fills(omar, f"/desk/books/{month}/do/extract/").status_code in MADE
    sent = omar.get(f"/desk/books/{month}/ledger.csv").content
    lines = sent.decode().splitlines()[1:]
    debits, credits = (sum(Money.exactly(line.rsplit(",", 3)[place]).cents for line in lines) for place in (1, 2))
    assert debits == credits == months()[-1].debits.cents
    fixed = omar.get(f"/desk/books/{month}/ledger.txt").content.decode()
    assert {len(line) for line in fixed.split("\r\n")[:-1]} == {100}
    assert re.search(rf"\r\nT{len(lines):08}{debits:015}{credits:015} +\r\n$", fixed)
    assert fills(omar, f"/desk/books/{month}/do/extract/").status_code in MADE
    assert omar.get(f"/desk/books/{month}/ledger.csv").content == sent
    assert "went to finance" in words(fills(omar, f"/desk/books/{month}/do/reopen/", remark="Wrong"))
    assert extracts_hold().differences == ()
    code = words(omar.get(f"/desk/books/{month}/codes/receivable/"))
    assert "Customer accounts receivable" in code


def last_of(month: date) -> date:
    return date.fromordinal(date(month.year + month.month // 12, month.month % 12 + 1, 1).toordinal() - 1)


def test_of_a_month_that_no_calendar_has_there_are_no_books(at_desk):
    for month in ("9999-12", "0001-01"):
        assert at_desk("omar").get(f"/desk/books/{month}/").status_code == 404
