"""A chart of accounts that is there already gets the code for receipts that belong to no account yet."""

from django.db import migrations

CODES = """
INSERT INTO ledger_code (key, number, name, kind, fund, control)
SELECT 'unapplied-receipts', '253.05', 'Receipts that belong to no account yet', 'liability', 'electric', false
WHERE EXISTS (SELECT 1 FROM ledger_code WHERE key = 'cash-drawers')
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0007_one_index_each")]
    operations = [migrations.RunSQL(CODES, migrations.RunSQL.noop)]
