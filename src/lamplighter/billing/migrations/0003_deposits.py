"""Deposits, charges and returned items are adjustments too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0002_guards"),
    ]

    operations = [
        migrations.AlterField(
            model_name="adjustment",
            name="kind",
            field=models.CharField(
                choices=[
                    ("late-charge", "Late charge"),
                    ("fee", "Fee"),
                    ("invoice", "Invoice"),
                    ("opening-balance", "Balance brought forward"),
                    ("credit", "Credit"),
                    ("charge", "Charge"),
                    ("returned-item", "Returned item fee"),
                    ("deposit", "Deposit"),
                ],
                max_length=16,
            ),
        ),
    ]
