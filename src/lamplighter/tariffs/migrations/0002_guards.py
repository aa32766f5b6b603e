"""History of what can change; what cannot, stays."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("tariffs", "0001_initial"), ("platform", "0002_guards")]
    operations = [
        *append_only("tariffs_tarifftext"),
        *keep_history("tariffs_version"),
        *keep_history("tariffs_schedule", key="key"),
    ]
