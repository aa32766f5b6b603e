"""Django's `migrate`, which makes an empty database ready in a third of the time.

For every table, index and constraint Django renders again all models that are related to the one it is of, at last
nearly every model of the program. Here a new model is rendered alone, since it takes the place of none, and an index or
constraint is noted on the model that is there. The statements that PostgreSQL gets are the same. A database that holds
migrations already is brought forward by Django alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

_State: Any = ProjectState  # what is looked for in it is nowhere public, and unknown to its types
_related: Callable[[ProjectState, str, str, bool], set[tuple[str, str]]] = _State._find_reload_model


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if MigrationRecorder(connections[options["database"]]).applied_migrations():
            super().handle(*args, **options)
        else:
            with rendered_sparingly():
                super().handle(*args, **options)


@contextmanager
def rendered_sparingly() -> Iterator[None]:
    """In the block, states of all projects render models as this module says."""
    with patch.multiple(ProjectState, _find_reload_model=_to_render, _append_option=_note_option):
        yield


def _to_render(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> set[tuple[str, str]]:  # noqa: FBT001, FBT002 - as Django has it
    if model_name in state.apps.all_models[app_label]:
        return _related(state, app_label, model_name, delay)
    return {(app_label, model_name)}


def _note_option(state: ProjectState, app_label: str, model_name: str, option_name: str, added: object) -> None:
    """`option_name` is "indexes" or "constraints"."""
    options = state.models[app_label, model_name].options
    options[option_name] = [*options[option_name], added]
    if "apps" in vars(state):
        meta = state.apps.get_model(app_label, model_name)._meta
        setattr(meta, option_name, [*getattr(meta, option_name), added])
