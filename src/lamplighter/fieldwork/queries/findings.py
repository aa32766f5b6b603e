"""What crews found: the newest signs of tampering."""

from __future__ import annotations

from django.db.models import QuerySet

from lamplighter.fieldwork.models import Order, Report


def tamper_found(orders: QuerySet[Order]) -> Report | None:
    """The newest report of these orders that found signs of tampering."""
    rows = Report.objects.filter(order__in=orders, outcome=Report.Outcome.DONE, data__found="tamper")
    return rows.select_related("order").order_by("-id").first()
