"""Touches with their photos are append-only; all else keeps its history. Issues have numbers of their own."""

from django.db import migrations

from lamplighter.platform.schema import append_only, create_sequences, keep_history


class Migration(migrations.Migration):
    dependencies = [("keyaccounts", "0001_initial"), ("platform", "0002_guards")]
    operations = [
        *create_sequences(issue=3001),
        *append_only("keyaccounts_touch", "keyaccounts_touchphoto"),
        *keep_history(
            "keyaccounts_organisation", "keyaccounts_assignment", "keyaccounts_tie", "keyaccounts_membership",
            "keyaccounts_gathering", "keyaccounts_issue", "keyaccounts_step", "keyaccounts_contract",
            "keyaccounts_plan", "keyaccounts_goal", "keyaccounts_risk", "keyaccounts_scenario",
        ),
    ]  # fmt: skip
