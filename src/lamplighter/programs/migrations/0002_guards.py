"""What was said, shown and told stays; what runs and ends keeps its history. Applications have numbers."""

from django.db import migrations

from lamplighter.platform.schema import append_only, create_sequences, erase_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("programs", "0001_initial"), ("platform", "0002_guards")]
    operations = [
        *create_sequences(application=20001),
        *append_only("programs_paper", "programs_offer", "programs_reminder", "programs_sample"),
        erase_only("programs_household", key="application_id"),
        *keep_history(
            "programs_programterms",
            "programs_incomeguideline",
            "programs_budget",
            "programs_application",
            "programs_enrollment",
            "programs_samplecase",
        ),
        *keep_history("programs_program", key="code"),
    ]
