"""Finance accrues the unbilled revenue of a month that is over; who only looks cannot."""

from __future__ import annotations

from datetime import timedelta

from lamplighter.billing.queries.unbilled import unbilled_revenue
from lamplighter.kernel.money import total
from lamplighter.ledger.models import Entry
from tests.web.desk.conftest import words
from tests.web.desk.town import NOW
from tests.web.filling import fills


def test_the_month_before_is_accrued_once(at_desk):
    before = NOW.date().replace(day=1) - timedelta(days=1)
    month, omar = f"{before:%Y-%m}", at_desk("omar")
    whole = total(one.amount for one in unbilled_revenue(before.replace(day=1)))
    assert whole.cents > 0
    page = words(omar.get(f"/desk/books/{month}/unbilled/"))
    assert f"Unbilled revenue at the end of {before:%B %Y}" in page
    assert str(whole).lstrip("$") in page
    assert "Accrue it" in page
    assert at_desk("dana").get(f"/desk/books/{month}/do/accrue/").status_code == 403
    fills(omar, f"/desk/books/{month}/do/accrue/")
    assert Entry.objects.filter(source__startswith=f"unbilled:{month}").count() == 2
    page = words(omar.get(f"/desk/books/{month}/unbilled/"))
    assert "It was accrued" in page
    assert "Accrue it" not in page
    assert "accrued already" in words(fills(omar, f"/desk/books/{month}/do/accrue/"))
    assert "is not over" in words(fills(omar, f"/desk/books/{NOW:%Y-%m}/do/accrue/"))
