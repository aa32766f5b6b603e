"""What a test of a meter costs is a dated rule of billing; those that were set keep what holds without one."""

from django.db import migrations

from lamplighter.platform.columns import MoneyField


class Migration(migrations.Migration):
    dependencies = [("billing", "0007_one_index_each")]

    operations = [
        migrations.AddField("billingpolicy", "meter_test_fee", MoneyField(default=4000), preserve_default=False),
    ]
