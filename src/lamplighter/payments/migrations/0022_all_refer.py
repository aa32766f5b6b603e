"""Whose a payment is, and by which source it came, is looked at once a statement too; receipts need one index less."""

import django.db.models.deletion
from django.db import migrations, models

from lamplighter.platform.schema import refers, row_stays


def unchecked(to: str, name: str, **options: object) -> models.ForeignKey:
    return models.ForeignKey(
        to=to, on_delete=django.db.models.deletion.PROTECT, related_name=name, db_constraint=False, **options
    )


class Migration(migrations.Migration):
    dependencies = [("payments", "0021_unclaimed_ends"), ("accounts", "0009_rows_stay")]
    operations = [
        migrations.RunSQL(  # receipts are found by their digits, which have an index of their own
            "DROP INDEX IF EXISTS payments_paymentevent_receipt_cf479f12_like", migrations.RunSQL.noop
        ),
        row_stays("payments_tendersource", key="key"),
        row_stays("payments_tendercontrol"),
        refers(
            "payments_payment", event_id="payments_paymentevent", entry_id="ledger_entry", account_id="accounts_account"
        ),
        refers("payments_paymentsegment", payment_id="payments_payment", agreement_id="accounts_agreement"),
        refers("payments_tender", event_id="payments_paymentevent", control_id="payments_tendercontrol"),
        refers("payments_journalline", source_id="payments_tendersource.key"),
        migrations.AlterField("payment", "account", unchecked("accounts.account", "payments")),
        migrations.AlterField("paymentsegment", "agreement", unchecked("accounts.agreement", "payment_segments")),
        migrations.AlterField("tender", "control", unchecked("payments.tendercontrol", "tenders")),
        migrations.AlterField("journalline", "source", unchecked("payments.tendersource", "journal", db_index=False)),
    ]
