"""One index where two had the same columns in front: each row of a bill run is written into every one of them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_petitions"),
        ("billing", "0006_budget_rules"),
    ]

    operations = [
        migrations.AlterField(
            model_name="bill",
            name="account",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="bills", to="accounts.account"
            ),
        ),
        migrations.AlterField(
            model_name="billline",
            name="segment",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="billing.segment"
            ),
        ),
    ]
