"""An empty database is made ready with each model rendered once, and what is altered later is still rendered anew."""

from __future__ import annotations

from unittest.mock import Mock

import django
import pytest
from django.core.management import get_commands
from django.core.management.commands import migrate
from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from lamplighter.platform.management.commands.migrate import Command, rendered_sparingly

FOUND = ProjectState._find_reload_model


def street() -> ModelState:
    return ModelState("town", "Street", [("id", models.AutoField(primary_key=True))])


def lamp() -> ModelState:
    to_street = models.ForeignKey("town.Street", models.PROTECT, related_name="lamps")
    return ModelState("town", "Lamp", [("id", models.AutoField(primary_key=True)), ("street", to_street)])


@pytest.fixture
def state():
    """A project with streets, its models rendered, as a migration finds it."""
    made = ProjectState()
    made.add_model(street())
    assert made.apps.get_model("town", "Street")
    with rendered_sparingly():
        yield made


def test_the_program_s_migrate_is_used():
    assert get_commands()["migrate"] == "lamplighter.platform"


@pytest.mark.parametrize("version, empty, sparing", [
    (django.VERSION, True, True), (django.VERSION, False, False), ((6, 1, 0, "final", 0), True, False),
])  # fmt: skip
def test_only_an_empty_database_under_the_django_that_was_read_is_made_ready_in_the_short_way(
    monkeypatch, version, empty, sparing
):
    """A newer Django makes it ready in its own way, until somebody has read how it renders."""
    ways = []

    def by_django(*args, **options):
        ways.append(ProjectState._find_reload_model)

    monkeypatch.setattr(django, "VERSION", version)
    monkeypatch.setattr(Command, "_empty", Mock(return_value=empty))
    monkeypatch.setattr(migrate.Command, "handle", by_django)
    Command().handle(database="default")
    assert [way is not FOUND for way in ways] == [sparing]


def test_a_new_model_leaves_the_others_as_they_were_rendered(state):
    before = state.apps.get_model("town", "Street")
    state.add_model(lamp())
    assert state.apps.get_model("town", "Street") is before
    assert state.apps.get_model("town", "Lamp")._meta.get_field("street").related_model is before
    assert [one.name for one in before._meta.related_objects] == ["lamps"]


def test_a_constraint_and_an_index_are_noted_on_the_model_that_is_there(state):
    before = state.apps.get_model("town", "Street")
    rule, index = models.CheckConstraint(condition=models.Q(id__gt=0), name="above"), models.Index("id", name="by_id")
    state.add_constraint("town", "street", rule)
    state.add_index("town", "street", index)
    assert (before._meta.constraints, before._meta.indexes) == ([rule], [index])
    assert state.models["town", "street"].options["constraints"] == [rule]
    again = ProjectState({key: model.clone() for key, model in state.models.items()})
    assert again.apps.get_model("town", "Street")._meta.constraints == [rule]


def test_a_model_that_is_altered_is_rendered_anew_with_what_refers_to_it(state):
    state.add_model(lamp())
    before = state.apps.get_model("town", "Street")
    state.add_field("town", "street", "name", models.CharField(max_length=10, default=""), preserve_default=True)
    after = state.apps.get_model("town", "Street")
    assert after is not before
    assert after._meta.get_field("name")
    assert state.apps.get_model("town", "Lamp")._meta.get_field("street").related_model is after


def test_what_refers_to_it_only_by_others_stays_as_it_was_until_code_is_run(state):
    """A lamp refers to its street, a bulb to its lamp: of an altered street only the lamp is rendered again. Django
    renders all anew for code that a migration runs, of a state that says that it is delayed."""
    state.add_model(lamp())
    to_lamp = models.ForeignKey("town.Lamp", models.PROTECT, related_name="+")
    state.add_model(ModelState("town", "Bulb", [("id", models.AutoField(primary_key=True)), ("lamp", to_lamp)]))
    before, owner = state.apps.get_model("town", "Bulb"), models.ForeignKey("town.Lamp", models.PROTECT, null=True)
    state.add_field("town", "street", "first", owner, preserve_default=True)
    assert state.apps.get_model("town", "Bulb") is before
    assert state.is_delayed
    state.clear_delayed_apps_cache()
    after = state.apps.get_model("town", "Bulb")
    assert after._meta.get_field("lamp").related_model is state.apps.get_model("town", "Lamp")


def test_a_relation_without_a_name_back_is_followed_too(state):
    to_street = models.ForeignKey("town.Street", models.PROTECT, related_name="+")
    state.add_model(ModelState("town", "Sign", [("id", models.AutoField(primary_key=True)), ("street", to_street)]))
    state.add_field("town", "street", "name", models.CharField(max_length=10, default=""), preserve_default=True)
    after = state.apps.get_model("town", "Sign")._meta.get_field("street").related_model
    assert after is state.apps.get_model("town", "Street")


def test_a_copy_stays_as_it_was(state):
    before = state.clone()
    assert state.models["town", "street"].name_lower == "street"
    state.add_field("town", "street", "name", models.CharField(max_length=80), preserve_default=True)
    state.rename_model("town", "Street", "Road")
    state.add_index("town", "road", models.Index(fields=["name"], name="road_name"))
    assert state.models["town", "road"].name_lower == "road"
    kept = before.models["town", "street"]
    assert (kept.name_lower, list(kept.fields), kept.options["indexes"]) == ("street", ["id"], [])
