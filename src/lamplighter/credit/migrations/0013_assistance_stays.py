"""A check that came stays as it was; agencies, who speaks for them, pledges and lines keep what they were."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("credit", "0012_pledges"), ("platform", "0002_guards")]
    operations = [
        *append_only("credit_assistancecheck"),
        *keep_history("credit_assistanceagency", key="key"),
        *keep_history("credit_agencyworker"),
        *keep_history("credit_pledge"),
        *keep_history("credit_assistancecheckline"),
    ]
