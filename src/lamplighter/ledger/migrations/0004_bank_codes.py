"""A chart of accounts that is there already gets the codes for lockboxes and for what banks charge."""

from django.db import migrations

CODES = """
INSERT INTO ledger_code (key, number, name, kind, fund, control)
SELECT key, number, name, kind, 'electric', false FROM (VALUES
  ('lockbox-clearing', '135.03', 'Lockbox receipts not yet on the bank''s statement', 'asset'),
  ('bank-fees', '903.08', 'Bank fees and interest', 'expense')
) AS code (key, number, name, kind)
WHERE EXISTS (SELECT 1 FROM ledger_code WHERE key = 'cash-drawers')
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_cash_codes")]
    operations = [migrations.RunSQL(CODES, migrations.RunSQL.noop)]
