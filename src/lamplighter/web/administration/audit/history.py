"""What one row was, change by change, beside what it is now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import JSONField, Model
from django.db.models.expressions import RawSQL

from lamplighter.customers.models import AddressProtection
from lamplighter.platform.models import PastRow
from lamplighter.premises.models import SealedAddress

SHOWN = 200
HIDDEN = {"password": "password", "sealed": "identity number", "digest": "fingerprint", "last_four": "last digits"}
"""Columns that nobody reads here: what they guard has its own permission."""
HOME = {("premises_premise", "street"), ("premises_premise", "unit"), ("customers_mailingaddress", "lines")}
"""Columns that may hold an address which is confidential now."""


@dataclass(frozen=True, slots=True)
class Was:
    """One value that a change replaced; `then` is None where the row was removed."""

    column: str
    before: str
    then: str | None


@dataclass(frozen=True, slots=True)
class Change:
    at: datetime
    actor: str
    removed: bool
    values: tuple[Was, ...]


def changes(table: str, row: str) -> list[Change]:
    """The changes of a row, the latest first, each with what it replaced; empty for a row that never changed."""
    kept = list(PastRow.objects.filter(table_name=table, row_id=row).order_by("-changed_at", "-id")[:SHOWN])
    after = _now(table, row) if kept else None
    hidden = _confidential(table, kept[0].was) if kept else False
    found: list[Change] = []
    for past in kept:
        found.append(
            Change(
                past.changed_at,
                str(past.actor),
                after is None,
                tuple(_differences(table if hidden else "", past.was, after)),
            )
        )
        after = past.was
    return found


def _confidential(table: str, was: Mapping[str, Any]) -> bool:
    """Whether what this row was may tell an address that is confidential now."""
    match table:
        case "premises_premise":
            return SealedAddress.objects.filter(pk=was["id"]).exists()
        case "customers_mailingaddress":
            return AddressProtection.objects.filter(person=was["person_id"], ended_on=None).exists()
    return False


def _differences(guarded: str, before: Mapping[str, Any], after: Mapping[str, Any] | None) -> list[Was]:
    """Of a `guarded` table the columns of addresses are not shown."""

    def shown(column: str, value: Any) -> str:
        return "(address, not shown)" if (guarded, column) in HOME else _shown(column, value)

    return [
        Was(column, shown(column, value), None if after is None else shown(column, after.get(column)))
        for column, value in before.items()
        if after is None or after.get(column) != value
    ]


def _shown(column: str, value: Any) -> str:
    if column in HIDDEN and value:
        return f"({HIDDEN[column]}, not shown)"
    return "empty" if value in (None, "") else str(value)


def _now(table: str, row: str) -> Mapping[str, Any] | None:
    """The row as it is, in the words of the history; None when it was removed or its table is not ours."""
    model = next((each for each in apps.get_models() if each._meta.db_table == table), None)
    return _as_json(model, row) if model else None


def _as_json(model: type[Model], row: str) -> Mapping[str, Any] | None:
    whole = RawSQL(f'to_jsonb("{model._meta.db_table}".*)', [], output_field=JSONField())  # noqa: S611 - our own table
    return model._default_manager.filter(pk=row).values_list(whole, flat=True).first()
