"""Months of the books, one month by code, and the postings of a code: each number leads to what it is made of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger.models import AccountingPeriod, Code, Posting
from lamplighter.ledger.queries.closing import Month, months
from lamplighter.web.access import needs, permissions
from lamplighter.web.columns import IdColumn
from lamplighter.web.ui.forms import FIRST_DAY, LAST_DAY
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MoneyColumn, NumberColumn, Table, grid, table_page
from lamplighter.web.ui.wording import credit
from lamplighter.web.visits import visit

BOOKS = Crumb("Books", "/desk/books/")
OPEN, CLOSED, SENT = "Open", "Closed", "At finance"
STATES = {OPEN: Tone.INFO, CLOSED: Tone.WATCH, SENT: Tone.GOOD}


def footed(name: str) -> Callable[[Any], str]:
    """The sum of a money column over all rows, for its foot."""

    def foot(table: Any) -> str:
        found = (row[name] if isinstance(row, dict) else getattr(row, name) for row in table.data)
        return credit(sum(found, ZERO))

    return foot


class Months(Table):
    """The newest first; a row opens the month."""

    month = Column("Month", orderable=False)
    entries = NumberColumn("Entries", orderable=False)
    debits = MoneyColumn("Debits", orderable=False)
    state = BadgeColumn("State", empty_values=(), orderable=False, tones=STATES)

    def value_month(self, value: date) -> str:
        return f"{value:%B %Y}"

    def render_month(self, value: date) -> str:
        return self.value_month(value)

    def value_state(self, record: Month) -> str:
        return state_of(record.period, sent=record.extract is not None)

    def render_state(self, record: Month) -> Any:
        return self.columns["state"].column.render(self.value_state(record))

    def row_url(self, record: Month) -> str:
        return reverse("desk:book", args=[f"{record.month:%Y-%m}"])


class Codes(Table):
    """A month by code; a row opens its postings."""

    number = IdColumn("Account", footer="Together")
    name = Column("Name")
    fund = Column("Fund")
    debits = MoneyColumn("Debits", footer=footed("debits"))
    credits = MoneyColumn("Credits", footer=footed("credits"))
    postings = NumberColumn("Postings")

    def row_url(self, record: Any) -> str:
        return str(record["url"])


class Postings(Table):
    """What moved a code in a month, in order."""

    on = DayColumn("Day", accessor="entry__accounting_on")
    source = IdColumn("From", accessor="entry__source", orderable=False)
    kind = Column("Kind", accessor="entry__kind")
    account = IdColumn("Account", accessor="number", empty_values=(), orderable=False)
    payoff = MoneyColumn("Amount")

    def value_account(self, record: Any) -> str:
        return record.number or ""

    def render_account(self, record: Any) -> str:
        return self.value_account(record)

    def row_url(self, record: Any) -> str:
        return reverse("desk:account", args=[record.number]) if record.number else ""


def state_of(period: AccountingPeriod | None, *, sent: bool) -> str:
    if sent:
        return SENT
    return CLOSED if period is not None and period.closed_at is not None else OPEN


@needs("ledger.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    """Every month with entries."""
    on = visit(request).on
    rows = months()
    return page(
        request, title="Books",
        actions=[
            Action("As of a day", f"{reverse('desk:books-stood')}?on={on}", key="d", panel=False),
            Action("City departments", reverse("desk:departments"), key="c", panel=False),
            Action("Ageing", f"{reverse('desk:books-ageing')}?on={on}", key="a", panel=False),
        ],
        panels=[
            Panel("months", "Months", "ui/tables/grid.html",
                  lambda: {"grid": grid(request, table=Months, rows=rows, caption="Months",
                                        empty=Empty("Nothing was posted yet."))}),
        ],
    )  # fmt: skip


@needs("ledger.view")
def book(request: HttpRequest, month: str) -> HttpResponseBase:
    """One month: what each code was moved by, and what can be done with the month."""
    first = month_in(month)
    period = AccountingPeriod.objects.filter(month=first).select_related("extract").first()
    state = state_of(period, sent=hasattr(period, "extract"))
    return page(
        request, title=f"Books of {first:%B %Y}", crumbs=[BOOKS], badges=[Badge(state, STATES[state])],
        actions=_actions(request, month, state),
        panels=[
            Panel("codes", "By code", "ui/tables/grid.html",
                  lambda: {"grid": grid(request, table=Codes, rows=codes_of(first), caption="By code",
                                        empty=Empty("Nothing was posted in this month."))}),
        ],
    )  # fmt: skip


def codes_of(month: date) -> list[dict[str, Any]]:
    """What each code was moved by in a month; two queries."""
    sums = in_month(month).values("code").annotate(
        debits=Sum("payoff", filter=Q(payoff__gt=0)), credits=Sum("payoff", filter=Q(payoff__lt=0)),
        postings=Count("id"),
    )  # fmt: skip
    found = {row["code"]: row for row in sums}
    return [
        {"number": code.number, "name": code.name, "fund": code.fund, "postings": found[code.key]["postings"],
         "debits": found[code.key]["debits"] or ZERO, "credits": -(found[code.key]["credits"] or ZERO),
         "url": reverse("desk:book-code", args=[f"{month:%Y-%m}", code.key])}
        for code in Code.objects.filter(pk__in=found).order_by("number")
    ]  # fmt: skip


@needs("ledger.view")
def postings(request: HttpRequest, month: str, key: str) -> HttpResponseBase:
    """Every posting of a code in a month."""
    first, code = month_in(month), load_code(key)
    rows = numbered(in_month(first).filter(code=code))
    moved: Money = rows.aggregate(sum=Sum("payoff"))["sum"] or ZERO
    return table_page(
        request, title=f"{code.number} {code.name}, {first:%B %Y}: {credit(moved)}", table=Postings, rows=rows,
        crumbs=[BOOKS, Crumb(f"{first:%B %Y}", reverse("desk:book", args=[month]))],
        empty=Empty("Nothing moved this code."),
    )  # fmt: skip


def numbered(postings: Any) -> Any:
    """In order, each with the account that it is about."""
    known = postings.select_related("entry").annotate(number=F("subledger__agreement__account__number"))
    return known.order_by("entry__accounting_on", "id")


def in_month(month: date) -> Any:
    """The postings of a month of the books that move money."""
    after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    inside = Q(entry__accounting_on__gte=month, entry__accounting_on__lt=after)
    return Posting.objects.filter(inside).exclude(payoff=0)


def month_in(text: str) -> date:
    """`2026-11` as the first of the month."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError as wrong:
        raise Http404(f"{text} is no month, such as 2026-11.") from wrong
    if not FIRST_DAY <= month <= LAST_DAY:
        raise Http404(f"There are no books of {text}.")
    return month


def load_code(key: str) -> Code:
    found = Code.objects.filter(pk=key).first()
    if found is None:
        raise Http404(f"There is no code {key}.")
    return found


def _actions(request: HttpRequest, month: str, state: str) -> list[Action]:
    made = [
        Action("Tax returns", reverse("desk:book-taxes", args=[month]), key="t", panel=False),
        Action("Unbilled revenue", reverse("desk:book-unbilled", args=[month]), key="u", panel=False),
    ]
    if state == SENT:
        made += [Action("CSV for finance", reverse("desk:book-extract", args=[month, "csv"]), panel=False),
                 Action("Fixed layout", reverse("desk:book-extract", args=[month, "txt"]), panel=False)]  # fmt: skip
    if "ledger.post" not in permissions(request):
        return made
    match state:
        case "Open":
            made.append(Action("Close the month", reverse("desk:do-close-book", args=[month]), key="c", primary=True))
        case "Closed":
            made.append(Action("Give it to finance", reverse("desk:do-extract", args=[month]), key="e", primary=True))
            made.append(Action("Open it again", reverse("desk:do-reopen-book", args=[month])))
    return made
