"""Django's `migrate`, which makes an empty database ready in a third of the time.

For every table, column, index and constraint Django renders again all models that are related to the one it is of, at
last nearly every model of the program. Here a new model is rendered alone, since it takes the place of none, an altered
one with those that refer to it, and an index or constraint is noted on the model that is there. Code that a migration
runs finds every model rendered, since Django does that for a state of which it knows that it is delayed. The statements
that PostgreSQL gets are the same. A database that holds migrations already is brought forward by Django alone; so is
any database under a Django that is not `KNOWN`, for what is replaced here is private to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from typing import Any
from unittest.mock import patch

import django
from django.apps import apps
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import ForeignObjectRel, Model

KNOWN = (5, 2)
"""The Django whose way of rendering was read for this. Read that of a newer one before naming it here."""


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
    """In the block, states of all projects render models as this module says.

    By which setting the model of a foreign key may be swapped is asked of the program's own models, for every copy of a
    field. They stay as they are, but Django forgets the answers at every rendering.
    """
    swappable: Callable[[str], str | None] = cache(apps.get_swappable_settings_name)
    with (
        patch.multiple(ProjectState, _find_reload_model=_to_render, _append_option=_note_option),
        patch.object(apps, "get_swappable_settings_name", swappable),
        patch.object(ModelState, "clone", _copied),
    ):
        yield


def _to_render(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> set[tuple[str, str]]:  # noqa: ARG001, FBT001, FBT002 - as Django has it
    """The model itself, and the models whose foreign keys must find the new one where the old one was."""
    itself = (app_label, model_name)
    if model_name not in state.apps.all_models[app_label]:
        return {itself}
    state.is_delayed = True
    there = state.apps.get_model(app_label, model_name)
    return {itself} | {
        _key(one.related_model)
        for one in there._meta.get_fields(include_hidden=True)
        if isinstance(one, ForeignObjectRel) and isinstance(one.related_model, type)
    }


def _copied(model: ModelState) -> ModelState:
    """Before every operation Django copies all models, and looks at every field of each again: may it stand there?"""
    twin = object.__new__(ModelState)
    own = {"fields": dict(model.fields), "options": dict(model.options), "managers": list(model.managers)}
    vars(twin).update(vars(model) | own)
    vars(twin).pop("name_lower", None)  # kept once asked for; a copy may get another name
    return twin


def _key(model: type[Model]) -> tuple[str, str]:
    return model._meta.app_label, str(model._meta.model_name)


def _note_option(state: ProjectState, app_label: str, model_name: str, option_name: str, added: object) -> None:
    """`option_name` is "indexes" or "constraints"."""
    options = state.models[app_label, model_name].options
    options[option_name] = [*options[option_name], added]
    if "apps" in vars(state):
        meta = state.apps.get_model(app_label, model_name)._meta
        setattr(meta, option_name, [*getattr(meta, option_name), added])
