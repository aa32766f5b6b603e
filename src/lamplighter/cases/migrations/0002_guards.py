"""What was said stays as it was said; contacts and alerts keep what they were."""

from django.db import migrations

from lamplighter.platform.schema import append_only, erase_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("platform", "0002_guards")]
    operations = [
        *append_only("cases_verification", "cases_messagestep", "cases_attachment"),
        erase_only("cases_message", key="contact_id"),
        *keep_history("cases_contact", "cases_accountalert"),
    ]
