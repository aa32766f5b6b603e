"""Certificates and what they read stay as they are; what runs and ends keeps its history."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("credit", "0001_initial"), ("platform", "0002_guards")]
    operations = [
        *append_only(
            "credit_certificate",
            "credit_contactattempt",
            "credit_weatherreport",
            "credit_cover",
            "credit_arrangeddebt",
        ),
        *keep_history(
            "credit_hold",
            "credit_arrangement",
            "credit_instalment",
            "credit_extension",
            "credit_process",
            "credit_step",
        ),
    ]
