"""Whose a bill and its segments are is looked at once a statement, as the segments of lines are."""

import django.db.models.deletion
from django.db import migrations, models

from lamplighter.platform.schema import refers, row_stays

UNCHECKED = {"on_delete": django.db.models.deletion.PROTECT, "db_constraint": False}


class Migration(migrations.Migration):
    dependencies = [("billing", "0014_links_stay"), ("accounts", "0009_rows_stay"), ("platform", "0008_rows_stay")]
    operations = [
        row_stays("billing_cyclewindow"),
        refers("billing_bill", account_id="accounts_account", window_id="billing_cyclewindow"),
        refers(
            "billing_segment", bill_id="billing_bill", agreement_id="accounts_agreement", entry_id="ledger_entry"
        ),
        migrations.AlterField(
            "bill", "account",
            models.ForeignKey(to="accounts.account", related_name="bills", db_index=False, **UNCHECKED),
        ),
        migrations.AlterField(
            "bill", "window", models.ForeignKey(to="billing.cyclewindow", null=True, related_name="bills", **UNCHECKED)
        ),
        migrations.AlterField(
            "segment", "bill", models.ForeignKey(to="billing.bill", related_name="segments", **UNCHECKED)
        ),
        migrations.AlterField(
            "segment", "agreement", models.ForeignKey(to="accounts.agreement", related_name="segments", **UNCHECKED)
        ),
        migrations.AlterField(
            "segment", "entry", models.OneToOneField(to="ledger.entry", null=True, related_name="+", **UNCHECKED)
        ),
    ]  # fmt: skip
