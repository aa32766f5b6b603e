"""The terms of plans and of giving power back go where every figure of the utility's own stands.

Their tables stay as they were, and nothing reads them any more.
"""

from django.db import migrations

PLANS = ("minimum", "months", "broken_most", "grace", "reminder", "extension_days", "extension_gap_days")
KINDS = {"PlanTerms": ("plans", PLANS), "ReconnectTerms": ("reconnection", ("least", "wire_unasked"))}
MONEY = ("minimum", "least")


def carry(apps, _):
    terms = apps.get_model("platform", "PolicyTerms")
    for name, (about, figures) in KINDS.items():
        for row in apps.get_model("credit", name).objects.order_by("pk"):
            held = {one: getattr(row, one).cents if one in MONEY else getattr(row, one) for one in figures}
            terms.objects.create(about=about, period=row.period, figures=held, citation=row.citation, set_by=row.set_by)


class Migration(migrations.Migration):
    dependencies = [("credit", "0023_plan_terms"), ("platform", "0007_policy_terms")]
    operations = [
        migrations.RunPython(carry, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel("PlanTerms"), migrations.DeleteModel("ReconnectTerms")]
        ),
    ]
