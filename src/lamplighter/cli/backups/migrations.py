"""How the database that Django is connected to, or one in a backup, stands to this program's migrations."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader


def unapplied() -> int:
    """How many migrations the database lacks."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def unknown(applied: Iterable[str]) -> list[str]:
    """Those of `applied` (as "app.name") that this program has not, so that it is older than they are."""
    loader = MigrationLoader(None)
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    for (app, name), migration in loader.disk_migrations.items():
        known |= {f"{app}.{old}" for _, old in migration.replaces} | {f"{app}.{name}"}
    return sorted(set(applied) - known)
