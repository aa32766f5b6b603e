"""What a fund bore of bills by share of income stays as it was written; plans keep their past."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("programs", "0005_shares_of_income")]
    operations = [
        *append_only("programs_borneshare"),
        *keep_history("programs_incomeplan", key="enrollment_id"),
    ]
