"""What went into an envelope, and what became of it, stays; inserts and jobs keep what they were."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("billing", "0008_bills_on_paper"), ("platform", "0002_guards")]
    operations = [
        *append_only("billing_billpiece", "billing_piecestep"),
        *keep_history("billing_insert", "billing_printjob"),
    ]
