"""What rows refer to without a foreign key of the database: looked at once a statement when they are written, and all
together by `lamplighter check`, since a restored copy is written without triggers."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey, Model


def references() -> Iterator[tuple[type[Model], ForeignKey[Model]]]:
    """Every model of ours with each of its columns of which the database itself does not know where it leads."""
    for model in apps.get_models():
        if model.__module__.startswith("lamplighter."):
            for field in model._meta.concrete_fields:
                if isinstance(field, ForeignKey) and not field.db_constraint:  # type: ignore[attr-defined]
                    yield model, field


def astray() -> list[str]:
    """Rows whose column leads nowhere, counted by column."""
    return [words for model, field in references() if (words := _counted(model, field))]


def _counted(model: type[Model], field: ForeignKey[Model]) -> str:
    table, column, to = model._meta.db_table, field.column, field.related_model._meta
    assert to.pk is not None
    key = f"p.{to.pk.column}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), min(r.{column}::text) "  # noqa: S608 - of the models' own names
            f"FROM {table} r LEFT JOIN {to.db_table} p ON {key} = r.{column} "
            f"WHERE r.{column} IS NOT NULL AND {key} IS NULL"
        )
        ((count, first),) = cursor.fetchall()
    return f"{table}.{column}: {count:,} rows lead nowhere, to {first} first" if count else ""
