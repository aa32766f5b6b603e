"""One index where two had the same columns in front: each row of a bill run is written into every one of them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0006_codes_of_extracts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="posting",
            name="code",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.code"
            ),
        ),
        migrations.AlterField(
            model_name="posting",
            name="subledger",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="postings",
                to="ledger.subledger",
            ),
        ),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(fields=["code"], name="posting_of_code"),
        ),
    ]
