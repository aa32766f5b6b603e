"""Answers of a check are append-only; a check keeps its history."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("network", "0003_checks"), ("platform", "0002_guards")]
    operations = [*append_only("network_checkanswer"), *keep_history("network_metercheck")]
