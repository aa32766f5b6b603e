"""What a budget was stays known."""

from django.db import migrations

from lamplighter.platform.schema import keep_history


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_budgets"), ("platform", "0002_guards")]
    operations = keep_history("billing_budgetplan")
