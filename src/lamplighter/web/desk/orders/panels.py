"""The orders of an account or a premise, as a panel of its page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from lamplighter.fieldwork.models import Half, Order
from lamplighter.fieldwork.queries.orders import with_visits
from lamplighter.web.ui.panels import Panel
from lamplighter.web.ui.parts import Fact, Link
from lamplighter.web.ui.wording import short_day

SHOWN = 5


def orders_panel(orders: QuerySet[Order], *, on: date) -> Panel:
    """The newest of these orders, fetched after the page; one query."""
    return Panel("orders", "Orders", "desk/orders/facts.html", lambda: _newest(orders, on), place="side", lazy=True)


def _newest(orders: QuerySet[Order], on: date) -> dict[str, Any]:
    newest = with_visits(orders).order_by("-raised_at", "-id")[:SHOWN]
    return {
        "facts": [
            Fact(order.label, _said(order, on), Link("Open", reverse("desk:order", args=[order.number])))
            for order in newest
        ]
    }


def _said(order: Order, on: date) -> str:
    """`Waiting · Nov 23, 8 am to noon`, else from when it may be done or was raised."""
    day, half = getattr(order, "day", None), getattr(order, "half", "")
    planned = f"{short_day(day, on)}, {Half(half).label}" if day else f"from {short_day(order.not_before, on)}"
    return f"{order.get_state_display()} · {planned}"
