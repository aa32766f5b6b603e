"""Debts from before a filing and the steps of a case stay as they are; a case keeps what it was."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("credit", "0005_bankruptcies"), ("platform", "0002_guards")]
    operations = [*append_only("credit_fileddebt", "credit_casestep"), *keep_history("credit_bankruptcy")]
