"""What was committed, shown, found, saved and paid stays; the rest keeps its history. Applications have numbers."""

from django.db import migrations

from lamplighter.platform.schema import append_only, create_sequences, keep_history


class Migration(migrations.Migration):
    dependencies = [
        ("rebates", "0001_initial"),
        ("platform", "0002_guards"),
        ("ledger", "0009_rebate_codes"),
    ]
    operations = [
        *create_sequences(rebate=30001),
        *append_only(
            "rebates_appliedincentive",
            "rebates_clawback",
            "rebates_commitment",
            "rebates_inspection",
            "rebates_rebatepaper",
            "rebates_rebatepayment",
            "rebates_saving",
        ),
        *keep_history(
            "rebates_climategoal",
            "rebates_goalprogram",
            "rebates_incentive",
            "rebates_manualentry",
            "rebates_rebateapplication",
            "rebates_rebateterms",
        ),
        *keep_history("rebates_rebatebudget", but=("committed",)),
        *keep_history("rebates_mandate", "rebates_measure", "rebates_rebateprogram", key="code"),
    ]
