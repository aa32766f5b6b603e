"""What one row was, change by change, beside what it is now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import JSONField, Model
from django.db.models.expressions import RawSQL

from lamplighter.platform.models import PastRow

SHOWN = 200
HIDDEN = {"password": "password", "sealed": "identity number", "digest": "fingerprint", "last_four": "last digits"}
"""Columns that nobody reads here: what they guard has its own permission."""


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
    found: list[Change] = []
    for past in kept:
        found.append(Change(past.changed_at, str(past.actor), after is None, tuple(_differences(past.was, after))))
        after = past.was
    return found


def _differences(before: Mapping[str, Any], after: Mapping[str, Any] | None) -> list[Was]:
    return [
        Was(column, _shown(column, value), None if after is None else _shown(column, after.get(column)))
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
