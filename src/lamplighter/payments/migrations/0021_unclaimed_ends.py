"""A check that is held as unclaimed is asked for by its owner, or becomes the utility's; it may go stale again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0020_vouchers_again"), ("ledger", "0016_unclaimed_code")]
    operations = [
        migrations.AlterField(
            model_name="refundstep",
            name="act",
            field=models.CharField(
                choices=[
                    ("written", "Check written"),
                    ("sent", "Sent to the bank"),
                    ("cleared", "Paid by the bank"),
                    ("voided", "Check voided"),
                    ("stale", "Unclaimed"),
                    ("claimed", "Asked for by its owner"),
                    ("taken", "Taken over, unclaimed"),
                    ("back", "Back on the account"),
                    ("returned", "Returned by the bank"),
                    ("handed", "With accounts payable"),
                    ("paid", "Paid by accounts payable"),
                    ("refused", "Refused by accounts payable"),
                ],
                max_length=8,
            ),
        ),
        migrations.RemoveConstraint(model_name="refundstep", name="refund_ends_once"),
        migrations.AddConstraint(
            model_name="refundstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("act__in", ["cleared", "back", "taken"])),
                fields=("refund",),
                name="refund_ends_once",
            ),
        ),
    ]
