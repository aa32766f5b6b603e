"""Gifts to a fund and grants of one are adjustments too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0009_pieces_stay"),
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
                    ("budget", "Budget billing"),
                    ("donation", "Gift to a fund"),
                    ("grant", "Grant"),
                ],
                max_length=16,
            ),
        ),
    ]
