"""Steps are append-only; items keep history, except of being merely seen again, which thousands are each night."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("worklist", "0001_initial"), ("platform", "0002_guards")]
    operations = [*append_only("worklist_step"), *keep_history("worklist_item", but=("times", "last_seen_at"))]
