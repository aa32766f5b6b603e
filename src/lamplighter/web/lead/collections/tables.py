"""What the pages of collections list: figures, ages by class of customer, promises, and the rows behind a figure."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from lamplighter.web.columns import IdColumn
from lamplighter.web.desk.books.views import footed
from lamplighter.web.ui.tables import Column, DayColumn, MoneyColumn, NumberColumn, Table


class Figures(Table):
    """A row opens what it counts."""

    what = Column("What", orderable=False)
    count = NumberColumn("How many", orderable=False)
    amount = MoneyColumn("Money", default="", orderable=False)

    def row_url(self, record: Any) -> str:
        return str(record["url"])


class Counted(Table):
    """What a figure counts; a row opens the account."""

    number = IdColumn("Account", footer="Together")
    on = DayColumn("Day")
    money = MoneyColumn("Amount", default="", footer=footed("money"))

    def row_url(self, record: Any) -> str:
        return reverse("desk:account", args=[record["number"]])


class CountedOnly(Table):
    """The same for what is about no money."""

    number = IdColumn("Account")
    on = DayColumn("Day")

    def row_url(self, record: Any) -> str:
        return reverse("desk:account", args=[record["number"]])


class AgesByClass(Table):
    """Debts by age, a line for each class of customer; a row opens its accounts."""

    kind = Column("Customers", footer="Together")
    accounts = NumberColumn("Past due", footer=lambda table: f"{sum(row['accounts'] for row in table.data):,}")
    current = MoneyColumn("Not yet due", footer=footed("current"))
    to_30 = MoneyColumn("1–30 days", footer=footed("to_30"))
    to_60 = MoneyColumn("31–60 days", footer=footed("to_60"))
    to_90 = MoneyColumn("61–90 days", footer=footed("to_90"))
    older = MoneyColumn("Over 90 days", footer=footed("older"))
    credit = MoneyColumn("Credit", footer=footed("credit"))

    def row_url(self, record: Any) -> str:
        return str(record["url"])


class Promises(Table):
    """What holds collection back; a row opens the account."""

    account = IdColumn("Account", footer="Together")
    kind = Column("By")
    amount = MoneyColumn("Amount", footer=footed("amount"))
    since = DayColumn("Since")
    next_on = DayColumn("Next due", default="Past")
    until = DayColumn("Until")

    def row_url(self, record: Any) -> str:
        return reverse("desk:account", args=[record.account])
