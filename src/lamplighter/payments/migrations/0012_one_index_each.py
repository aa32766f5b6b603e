"""One index where two had the same columns in front: each payment is written into every one of them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0011_remittances"),
    ]

    operations = [
        migrations.AlterField(
            model_name="journalline",
            name="source",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="journal",
                to="payments.tendersource",
            ),
        ),
        migrations.AlterField(
            model_name="payment",
            name="event",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payments",
                to="payments.paymentevent",
            ),
        ),
        migrations.AlterField(
            model_name="paymentsegment",
            name="payment",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="segments",
                to="payments.payment",
            ),
        ),
    ]
