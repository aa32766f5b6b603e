"""A standing agreement keeps what it was."""

from django.db import migrations

from lamplighter.platform.schema import keep_history


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_standing"), ("platform", "0002_guards")]
    operations = keep_history("accounts_standingagreement")
