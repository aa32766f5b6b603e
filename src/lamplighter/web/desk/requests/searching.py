"""Search the whole history: what was noted, said, written and asked, of one account or of all."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.cases.queries.history import LEAST, Found, search_history
from lamplighter.web.access import needs
from lamplighter.web.columns import IdColumn
from lamplighter.web.desk.accounts.timeline import PAGES
from lamplighter.web.desk.happenings import kind_word
from lamplighter.web.loading import load_account
from lamplighter.web.ui.parts import Empty
from lamplighter.web.ui.tables import Column, MomentColumn, Table, table_page


class Hits(Table):
    """Where the words stand, the newest first."""

    at = MomentColumn("When", orderable=False)
    what = Column("What", accessor="name", orderable=False)
    number = IdColumn("Account", empty_values=(), orderable=False)
    words = Column("Words", orderable=False)
    numbers: dict[int, str]

    def render_what(self, value: str) -> str:
        return kind_word(value)

    def value_what(self, value: str) -> str:
        return kind_word(value)

    def value_number(self, record: Found) -> str:
        return self.numbers.get(record.account or 0, "")

    def render_number(self, record: Found) -> str:
        return self.value_number(record)

    def row_url(self, record: Found) -> str:
        kind, _, key = record.subject.partition(":")
        if kind in {"contact", "order", "notice", "request"}:
            return reverse(PAGES[kind], args=[key])
        number = self.numbers.get(record.account or 0)
        return reverse("desk:account", args=[number]) if number else ""


@needs("contacts.work", "accounts.view")
def search(request: HttpRequest) -> HttpResponseBase:
    """`?q=` all of these words, `?account=` of one account."""
    text, number = request.GET.get("q", "").strip(), request.GET.get("account", "").strip()
    account = load_account(request, number, to="accounts.view") if number else None
    found = search_history(text, account=account)
    accounts = Account.objects.filter(pk__in={one.account for one in found if one.account})

    class Numbered(Hits):
        numbers = dict(accounts.values_list("pk", "number"))

    words = f"Nothing holds “{text}”." if len(text) >= LEAST else f"Type {LEAST} letters or more."
    return table_page(
        request, title="Search the history", table=Numbered, rows=found, template="desk/requests/search.html",
        empty=Empty(words), q=text, account=number,
    )  # fmt: skip
