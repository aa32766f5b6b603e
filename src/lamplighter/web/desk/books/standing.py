"""The books as of any day: general ledger beside sub-ledger, debts by age, taxes by jurisdiction."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.billing.queries.ageing import Aged, aged_accounts
from lamplighter.billing.queries.taxes import TAXES, rows_of, tax_return
from lamplighter.kernel.money import ZERO
from lamplighter.ledger.models import Posting
from lamplighter.ledger.queries.closing import stood
from lamplighter.web.access import needs
from lamplighter.web.asked import day_asked
from lamplighter.web.columns import IdColumn
from lamplighter.web.desk.books.views import BOOKS, footed, load_code, month_in
from lamplighter.web.ui.parts import Crumb, Empty
from lamplighter.web.ui.tables import Column, DayColumn, MoneyColumn, NumberColumn, Table, table_page
from lamplighter.web.visits import visit


class Standing(Table):
    """Each code by its postings and, for a control code, by what stands under it; a row opens those."""

    number = IdColumn("Account", footer="Together")
    name = Column("Name")
    amount = MoneyColumn("General ledger", footer=footed("amount"))
    under = MoneyColumn("Sub-ledger")
    difference = MoneyColumn("Difference", footer=footed("difference"))

    def row_url(self, record: Any) -> str:
        return str(record["url"])


class Under(Table):
    """What stands under a control code, account by account."""

    number = IdColumn("Account", footer="Together")
    payoff = MoneyColumn("Balance", footer=footed("payoff"))

    def row_url(self, record: Any) -> str:
        return reverse("desk:account", args=[record["number"]]) if record["number"] else ""


class ByMonth(Table):
    """What moved a code, month by month; a row opens the postings."""

    month = Column("Month", footer="Together")
    payoff = MoneyColumn("Moved by", footer=footed("payoff"))

    def value_month(self, value: date) -> str:
        return f"{value:%B %Y}"

    def render_month(self, value: date) -> str:
        return self.value_month(value)

    def row_url(self, record: Any) -> str:
        return reverse("desk:book-code", args=[f"{record['month']:%Y-%m}", record["key"]])


class Ages(Table):
    """Every account with a balance; a row opens the account."""

    number = IdColumn("Account", footer="Together")
    current = MoneyColumn("Not yet due", footer=footed("current"))
    to_30 = MoneyColumn("1–30 days", footer=footed("to_30"))
    to_60 = MoneyColumn("31–60 days", footer=footed("to_60"))
    to_90 = MoneyColumn("61–90 days", footer=footed("to_90"))
    older = MoneyColumn("Over 90 days", footer=footed("older"))
    credit = MoneyColumn("Credit", footer=footed("credit"))
    balance = MoneyColumn("Balance", footer=footed("balance"))

    def row_url(self, record: Any) -> str:
        return reverse("desk:account", args=[record["number"]])


class Returns(Table):
    """One line for each tax and jurisdiction; a row opens its bills."""

    jurisdiction = Column("Jurisdiction", footer="Together")
    name = Column("Tax")
    charged = MoneyColumn("Charged", footer=footed("charged"))
    taken_back = MoneyColumn("Taken back", footer=footed("taken_back"))
    due = MoneyColumn("Due", footer=footed("due"))
    bills = NumberColumn("Bills")

    def row_url(self, record: Any) -> str:
        return str(record["url"])


class TaxRows(Table):
    """The bills behind a line; a row opens the account."""

    bill = IdColumn("Bill", footer="Together")
    account = IdColumn("Account")
    on = DayColumn("Day")
    what = Column("What", orderable=False)
    amount = MoneyColumn("Amount", footer=footed("amount"))

    def row_url(self, record: Any) -> str:
        return reverse("desk:account", args=[record["account"]]) if record["account"] else ""


@needs("ledger.view")
def standing(request: HttpRequest) -> HttpResponseBase:
    """General ledger and sub-ledger as of the end of an accounting day (`?on=`)."""
    on = day_in(request)
    rows = [
        {"number": one.number, "name": one.name, "amount": one.amount, "under": one.under if one.control else None,
         "difference": one.difference,
         "url": f"{reverse('desk:books-under', args=[one.key])}?{urlencode({'on': on})}"}
        for one in stood(on)
    ]  # fmt: skip
    return table_page(
        request, title=f"Books as of {on:%b %-d, %Y}", table=Standing, rows=rows, crumbs=[BOOKS],
        empty=Empty("Nothing was posted by then."), template="desk/books/dated.html", on=on,
    )  # fmt: skip


@needs("ledger.view")
def under(request: HttpRequest, key: str) -> HttpResponseBase:
    """What a code is made of as of a day: the accounts under a control code, the months of another."""
    on, code = day_in(request), load_code(key)
    moved = Posting.objects.filter(code=code, entry__accounting_on__lte=on).exclude(payoff=0)
    table: type[Table] = Under if code.control else ByMonth
    rows = _by_account(moved) if code.control else _by_month(moved, key)
    back = f"{reverse('desk:books-stood')}?{urlencode({'on': on})}"
    return table_page(
        request, title=f"{code.number} {code.name}, {on:%b %-d, %Y}", table=table, rows=rows,
        crumbs=[BOOKS, Crumb(f"As of {on:%b %-d}", back)], empty=Empty("Nothing makes it up."),
    )  # fmt: skip


def _by_account(moved: QuerySet[Posting]) -> list[Any]:
    by = moved.values(number=F("subledger__agreement__account__number"))
    return list(by.annotate(payoff=Sum("payoff")).exclude(payoff=0).order_by("number"))


def _by_month(moved: QuerySet[Posting], key: str) -> list[Any]:
    by = moved.annotate(month=TruncMonth("entry__accounting_on")).values("month")
    return [{**row, "key": key} for row in by.annotate(payoff=Sum("payoff")).order_by("month")]


@needs("ledger.view")
def ageing(request: HttpRequest) -> HttpResponseBase:
    """Debts by age as of a day: what was asked for, by the books of that day."""
    on = day_in(request)
    return table_page(
        request, title=f"Ageing as of {on:%b %-d, %Y}", table=Ages, rows=list(map(ages_of, aged_accounts(on))),
        crumbs=[BOOKS],
        empty=Empty("No account had a balance.", good=True), template="desk/books/dated.html", on=on,
    )  # fmt: skip


def ages_of(one: Aged) -> dict[str, Any]:
    """An account as a row of `Ages`."""
    to_30, to_60, to_90, older = one.ageing.buckets
    return {
        "number": one.account.number, "current": one.ageing.current, "to_30": to_30, "to_60": to_60, "to_90": to_90,
        "older": older, "credit": ZERO - one.ageing.credit, "balance": one.balance,
    }  # fmt: skip


@needs("ledger.view")
def taxes(request: HttpRequest, month: str) -> HttpResponseBase:
    """The returns of a month: what bills charged for others, less what corrections took back."""
    first = month_in(month)
    rows = [
        {"jurisdiction": one.jurisdiction or "Of no bill", "name": one.name, "charged": one.charged,
         "taken_back": one.taken_back, "due": one.due, "bills": one.bills,
         "url": f"{reverse('desk:book-tax', args=[month, one.code])}?{urlencode({'in': one.key})}"}
        for one in tax_return(first)
    ]  # fmt: skip
    return table_page(
        request, title=f"Tax returns, {first:%B %Y}", table=Returns, rows=rows, crumbs=_of(first),
        empty=Empty("No tax or surcharge was charged in this month."),
    )  # fmt: skip


@needs("ledger.view")
def tax_rows(request: HttpRequest, month: str, tax: str) -> HttpResponseBase:
    """The bills of one line of a return (`?in=` the jurisdiction)."""
    first = month_in(month)
    if tax not in TAXES:
        raise Http404(f"{tax} is no tax.")
    rows = [
        {"bill": one.bill, "account": one.account, "on": one.on, "amount": one.amount,
         "what": "Taken back" if one.taken_back else "Charged"}
        for one in rows_of(first, tax, request.GET.get("in", ""))
    ]  # fmt: skip
    crumbs = [*_of(first), Crumb("Tax returns", reverse("desk:book-taxes", args=[month]))]
    return table_page(
        request, title=load_code(tax).name, table=TaxRows, rows=rows, crumbs=crumbs, empty=Empty("No bill has it.")
    )


def day_in(request: HttpRequest) -> date:
    return day_asked(request, "on") or visit(request).on


def _of(month: date) -> list[Crumb]:
    return [BOOKS, Crumb(f"{month:%B %Y}", reverse("desk:book", args=[f"{month:%Y-%m}"]))]
