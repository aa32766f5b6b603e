"""What came in on some days is found without reading every payment that ever came in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0013_refund_payees"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="paymentevent",
            index=models.Index(fields=["received_on"], name="payments_of_a_day"),
        ),
    ]
