"""Whether a payment's own event, entry and payment are there is looked at once for all rows of a statement."""

import django.db.models.deletion
from django.db import migrations, models

from lamplighter.platform.schema import refers

UNCHECKED = {"on_delete": django.db.models.deletion.PROTECT, "db_constraint": False}
EVENT, PAYMENT = "payments.paymentevent", "payments.payment"


class Migration(migrations.Migration):
    dependencies = [("payments", "0017_card_event_reference"), ("ledger", "0011_postings_refer")]
    operations = [
        refers("payments_payment", event_id="payments_paymentevent", entry_id="ledger_entry"),
        refers("payments_paymentsegment", payment_id="payments_payment"),
        refers("payments_tender", event_id="payments_paymentevent"),
        migrations.AlterField(
            "payment", "event", models.ForeignKey(to=EVENT, related_name="payments", db_index=False, **UNCHECKED)
        ),
        migrations.AlterField(
            "payment", "entry", models.OneToOneField(to="ledger.entry", related_name="+", **UNCHECKED)
        ),
        migrations.AlterField(
            "paymentsegment", "payment",
            models.ForeignKey(to=PAYMENT, related_name="segments", db_index=False, **UNCHECKED),
        ),
        migrations.AlterField("tender", "event", models.ForeignKey(to=EVENT, related_name="tenders", **UNCHECKED)),
    ]  # fmt: skip
