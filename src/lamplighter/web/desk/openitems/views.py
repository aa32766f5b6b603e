"""An account's open items: each bill with its due day, what is open and for how long; loose credit; what paid what."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html

from lamplighter.accounts.models import Account
from lamplighter.credit.models import Match
from lamplighter.credit.queries.openitems import OpenBill, Stand, ageing_on, stand_of, style_of
from lamplighter.credit.rules.matching import Rule, Style
from lamplighter.kernel.money import total
from lamplighter.web.access import needs, permissions
from lamplighter.web.desk.accounts.money import source_of
from lamplighter.web.desk.accounts.views import heading, known_account
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Empty, Level
from lamplighter.web.ui.tables import Column, DayColumn, MoneyColumn, NumberColumn, Table, grid
from lamplighter.web.visits import visit

GRID = "ui/tables/grid.html"
FORWARD = "Payments go to the oldest debt, whatever they were sent for. Nothing is matched to single bills."


class OpenBills(Table):
    """Bills from `Stand.bills`; a row opens the bill."""

    bill = Column("Bill", orderable=False, footer="Together")
    asked_on = DayColumn("Asked on", orderable=False)
    due_on = DayColumn("Due", orderable=False)
    amount = MoneyColumn("Amount", orderable=False)
    paid = MoneyColumn("Matched", orderable=False)
    open = MoneyColumn("Open", orderable=False, footer=lambda table: total(row["open"] for row in table.data))
    late = NumberColumn("Days past due", orderable=False)

    def row_url(self, record: Mapping[str, Any]) -> str:
        return str(record["url"])


class LooseCredits(Table):
    """Credits that pay no bill yet; a row opens the match."""

    on = DayColumn("Came on", orderable=False)
    what = Column("What", orderable=False)
    left = MoneyColumn("Unapplied", orderable=False)
    act = Column("", orderable=False, exclude_from_export=True)


class Matches(Table):
    """Which credit pays which bill, the newest first, with those that were undone."""

    made_on = DayColumn("On", orderable=False)
    what = Column("Credit", orderable=False)
    bill = Column("Bill", orderable=False)
    amount = MoneyColumn("Amount", orderable=False)
    rule = Column("Why", orderable=False)
    act = Column("", orderable=False, exclude_from_export=True)


@needs("accounts.view", "credit.view")
def items(request: HttpRequest, number: str) -> HttpResponseBase:
    """The statement of open items; what is loose; and the history of matches."""
    known = known_account(request, number)
    on, may = visit(request).on, permissions(request)
    style, stand = style_of(known.account, on=on), cache(lambda: stand_of(known.account))
    head = {**heading(request, known, "desk:open-items"), "title": "Open items", "actions": []}
    if "credit.decide" in may:
        words = "Age balance forward" if style is Style.OPEN else "Age by open items"
        head["actions"] = [Action(words, reverse("desk:do-ageing-style", args=[number]), key="y")]
    if style is Style.FORWARD:
        return page(request, **head, alerts=[Alert(Level.KNOW, "Aged balance forward", FORWARD)], panels=[])
    work = "credit.work" in may
    return page(
        request, **head, alerts=_says(stand(), request),
        panels=[
            Panel("bills", "Bills", GRID, lambda: {"grid": grid(
                request, table=OpenBills, rows=rows_of(stand(), number, request), caption=f"Open items of {number}",
                name="bills", empty=Empty("Every bill is paid.", good=True))}),
            Panel("loose", "Unapplied credit", GRID, lambda: {"grid": grid(
                request, table=LooseCredits, rows=_loose(stand(), number, work=work), caption="Unapplied credit",
                name="loose", empty=Empty("Every credit pays a bill.", good=True))}),
            Panel("matches", "What paid what", GRID, lambda: {"grid": grid(
                request, table=Matches, rows=_matches(stand(), number, work=work), caption="Matches", name="matches",
                empty=Empty("Nothing was matched yet."))}),
        ],
    )  # fmt: skip


def bill_by_bill(account: Account, request: HttpRequest) -> Mapping[str, Any]:
    """The open bills of an account, as a table for another page's panel."""
    rows = rows_of(stand_of(account), account.number, request)
    return {"grid": grid(request, table=OpenBills, rows=rows, caption=f"Open items of {account.number}", name="items",
                         empty=Empty("Every bill is paid.", good=True))}  # fmt: skip


def rows_of(stand: Stand, number: str, request: HttpRequest) -> list[dict[str, Any]]:
    """Each bill of which anything is open."""
    on = visit(request).on
    return [_row(one, one.late(on), number) for one in stand.bills if one.open]


def _row(one: OpenBill, late: int, number: str) -> dict[str, Any]:
    return {
        "bill": one.bill or "Not billed yet", "asked_on": one.asked.asked_on, "due_on": one.asked.due_on,
        "amount": one.amount, "paid": one.paid, "open": one.open, "late": late,
        "url": reverse("desk:bill", args=[number, one.bill]) if one.bill else "",
    }  # fmt: skip


def _says(stand: Stand, request: HttpRequest) -> list[Alert]:
    on = visit(request).on
    late = total(one.open for one in stand.bills if one.late(on))
    ageing = ageing_on(on)
    found = (
        [Alert(Level.WATCH, f"Overdue {late}", "Bill by bill; a newer one that is paid changes nothing.")]
        if late
        else []
    )
    if stand.unapplied:
        counts = "It counts against" if ageing.deduct else "It does not count against"
        found.append(
            Alert(Level.KNOW, f"Unapplied {stand.unapplied}", f"{counts} what is overdue ({ageing.citation}).")
        )
    return [*found, Alert(Level.KNOW, f"{stand.open} open less {stand.unapplied} is the balance, {stand.balance}")]


def _loose(stand: Stand, number: str, *, work: bool) -> list[dict[str, Any]]:
    return [
        {"on": one.credit.on, "what": source_of(one.source, number)[0], "left": one.left,
         "act": _link("Match", "desk:do-match", number, one.credit.posting) if work else ""}
        for one in stand.loose
    ]  # fmt: skip


def _matches(stand: Stand, number: str, *, work: bool) -> list[dict[str, Any]]:
    standing = {tie.key for tie in stand.ties}
    rows = Match.objects.filter(agreement__account__number=number).select_related("credit__entry").order_by("-pk")
    return [
        {"made_on": row.made_on, "what": source_of(row.credit.entry.source, number)[0],
         "bill": stand.asked[row.owed_on].bill if row.owed_on in stand.asked else row.owed_on.isoformat(),
         "amount": row.amount, "rule": Rule(row.rule).label,
         "act": _link("Undo", "desk:do-unmatch", number, row.pk) if work and row.pk in standing else ""}
        for row in rows
    ]  # fmt: skip


def _link(words: str, name: str, number: str, pk: int) -> str:
    return format_html('<a href="{}" data-panel>{}</a>', reverse(name, args=[number, pk]), words)
