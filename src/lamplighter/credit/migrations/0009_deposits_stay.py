"""What was decided about deposits stays as it is; terms, parts, reports and securities keep what they were."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("credit", "0008_deposits"), ("platform", "0002_guards")]
    operations = [
        *append_only("credit_depositdecision"),
        *keep_history("credit_depositterms", "credit_creditreport", "credit_depositpart", "credit_security"),
    ]
