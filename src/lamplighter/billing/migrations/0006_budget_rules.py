"""Rounding, watching and settling of budgets are dated rules of billing; those that were set keep what held."""

from django.db import migrations, models

from lamplighter.platform.columns import MoneyField


class Migration(migrations.Migration):
    dependencies = [("billing", "0005_budgets_kept")]

    operations = [
        migrations.AddField("billingpolicy", "budget_step", MoneyField(default=100), preserve_default=False),
        migrations.AddField(
            "billingpolicy", "budget_off_by", models.SmallIntegerField(default=20), preserve_default=False
        ),
        migrations.AddField(
            "billingpolicy", "budget_settle_days", models.SmallIntegerField(default=360), preserve_default=False
        ),
    ]
