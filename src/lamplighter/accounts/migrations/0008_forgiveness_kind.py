"""Debt that is set aside to be forgiven stands on an agreement of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_shares_stay"),
    ]

    operations = [
        migrations.AlterField(
            model_name="agreement",
            name="kind",
            field=models.CharField(
                choices=[
                    ("energy", "Electric service"),
                    ("unmetered", "Unmetered service"),
                    ("net-metering", "Net metering year"),
                    ("deposit", "Deposit"),
                    ("arrangement", "Payment arrangement"),
                    ("budget", "Budget billing"),
                    ("excess-credit", "Credit on account"),
                    ("write-off", "Written-off debt"),
                    ("over-short", "Cash over and short"),
                    ("invoice", "Miscellaneous invoice"),
                    ("loan", "Loan"),
                    ("pre-petition", "Debt from before a bankruptcy"),
                    ("forgiveness", "Debt set aside to be forgiven"),
                    ("charity", "Donation"),
                ],
                max_length=16,
            ),
        ),
    ]
