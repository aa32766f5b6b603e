"""What was written off, recovered and told to agencies stays as it is; what runs and ends keeps its history."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("credit", "0003_closed_accounts"), ("platform", "0002_guards")]
    operations = [
        *append_only(
            "credit_writeoff",
            "credit_writtenoffpart",
            "credit_recovery",
            "credit_agencynews",
            "credit_agencyfile",
            "credit_agencypayment",
        ),
        *keep_history("credit_agency", key="key"),
        *keep_history("credit_referral"),
    ]
