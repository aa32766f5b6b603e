"""History of what can change."""

from django.db import migrations

from lamplighter.platform.schema import keep_history


class Migration(migrations.Migration):
    dependencies = [("metering", "0001_initial"), ("platform", "0002_guards")]
    operations = [
        *keep_history(
            "metering_meter",
            "metering_channel",
            "metering_multiplier",
            "metering_installation",
            "metering_switchstate",
        ),
    ]
