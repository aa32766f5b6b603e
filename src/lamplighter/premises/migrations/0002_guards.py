"""History of what can change."""

from django.db import migrations

from lamplighter.platform.schema import keep_history


class Migration(migrations.Migration):
    dependencies = [("premises", "0001_initial"), ("platform", "0002_guards")]
    operations = [
        *keep_history(
            "premises_premise",
            "premises_servicepoint",
            "premises_pointfact",
        ),
        *keep_history("premises_jurisdiction", key="key"),
    ]
