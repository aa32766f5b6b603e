"""What was tried on a bill's link stays; a link keeps what it was."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("billing", "0013_links"), ("platform", "0002_guards")]
    operations = [
        *append_only("billing_billlinktry"),
        *keep_history("billing_billlink", key="notice_id"),
    ]
