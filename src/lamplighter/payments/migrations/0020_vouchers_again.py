"""What is made out to somebody else than the customer is handed over again when accounts payable refused it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0019_refund_vouchers")]
    operations = [
        migrations.RemoveConstraint(model_name="refundstep", name="voucher_ends_once"),
        migrations.AddConstraint(
            model_name="refundstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("act", "paid")), fields=("refund",), name="voucher_paid_once"
            ),
        ),
    ]
