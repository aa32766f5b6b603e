"""A pledge may be paid by a posting of our own books."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("credit", "0013_assistance_stays"),
        ("ledger", "0009_rebate_codes"),
    ]

    operations = [
        migrations.AddField(
            model_name="pledge",
            name="entry",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.entry"
            ),
        ),
    ]
