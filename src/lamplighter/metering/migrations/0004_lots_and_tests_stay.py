"""Tests and what came with which lot are append-only; lots and whereabouts keep their history."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("metering", "0003_lots_and_tests"), ("platform", "0002_guards")]
    operations = [
        *append_only("metering_lotmeter", "metering_metertest"),
        *keep_history("metering_lot", "metering_whereabouts"),
    ]
