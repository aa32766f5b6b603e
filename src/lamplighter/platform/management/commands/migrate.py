"""Django's `migrate`, which makes an empty database ready in a third of the time.

For every table, index and constraint Django renders again all models that are related to the one it is of, at last
nearly every model of the program. Here a new model is rendered alone, since it takes the place of none, and an index or
constraint is noted on the model that is there. The statements that PostgreSQL gets are the same. A database that holds
migrations already is brought forward by Django alone; and so is every database under a Django that is not `KNOWN`, for
what is replaced here is private to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from unittest.mock import patch

import django
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

KNOWN = (5, 2)
"""The Django whose way of rendering was read for this. Read that of a newer one before naming it here."""

_find: Callable[[ProjectState, str, str, bool], set[tuple[str, str]]] | None
_find = getattr(ProjectState, "_find_reload_model", None)


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with rendered_sparingly() if known() and self._empty(options["database"]) else nullcontext():
            super().handle(*args, **options)

    def _empty(self, database: str) -> bool:
        return not MigrationRecorder(connections[database]).applied_migrations()


def known() -> bool:
    return django.VERSION[:2] == KNOWN


@contextmanager
def rendered_sparingly() -> Iterator[None]:
    """In the block, states of all projects render models as this module says."""
    with patch.multiple(ProjectState, _find_reload_model=_to_render, _append_option=_note_option):
        yield


def _to_render(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> set[tuple[str, str]]:  # noqa: FBT001, FBT002 - as Django has it
    if model_name in state.apps.all_models[app_label]:
        assert _find is not None
        return _find(state, app_label, model_name, delay)
    return {(app_label, model_name)}


def _note_option(state: ProjectState, app_label: str, model_name: str, option_name: str, added: object) -> None:
    """`option_name` is "indexes" or "constraints"."""
    options = state.models[app_label, model_name].options
    options[option_name] = [*options[option_name], added]
    if "apps" in vars(state):
        meta = state.apps.get_model(app_label, model_name)._meta
        setattr(meta, option_name, [*getattr(meta, option_name), added])
