"""Reads and publications stay; revision numbers are never given twice."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("usage", "0001_initial"), ("platform", "0002_guards")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE usage_revision", "DROP SEQUENCE usage_revision"),
        *append_only("usage_publication", "usage_ignoredrevision", "usage_registerread"),
        *keep_history("usage_intervalexception"),
    ]
