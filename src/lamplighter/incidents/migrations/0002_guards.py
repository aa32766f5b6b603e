"""Steps are append-only; an incident keeps its history."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial"), ("platform", "0002_guards")]
    operations = [*append_only("incidents_incidentstep"), *keep_history("incidents_incident")]
