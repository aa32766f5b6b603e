"""What was set aside and which bills were judged stay as they are; hardships, terms and forgiveness keep their past."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("credit", "0017_hardship_and_forgiveness"), ("platform", "0002_guards")]
    operations = [
        *append_only("credit_judgedbill", "credit_setaside"),
        *keep_history("credit_forgiveness", "credit_forgivenessterms", "credit_hardship"),
    ]
