"""What was taken stays as it was; controls keep their history."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial"), ("platform", "0002_guards")]
    operations = [
        *append_only(
            "payments_paymentevent",
            "payments_tender",
            "payments_payment",
            "payments_paymentsegment",
            "payments_reversal",
        ),
        *keep_history("payments_tendercontrol"),
        *keep_history("payments_tendersource", key="key"),
    ]
