"""A chart of accounts that is there already gets the codes of cash control."""

from django.db import migrations

CODES = """
INSERT INTO ledger_code (key, number, name, kind, fund, control)
SELECT key, number, name, kind, 'electric', false FROM (VALUES
  ('bank-transit', '135.02', 'Deposits on their way to the bank', 'asset'),
  ('returned-items', '136.03', 'Items returned by the bank, not yet on its statement', 'asset'),
  ('agency-vouchers', '143.03', 'Agency vouchers receivable', 'asset'),
  ('refund-checks', '232.01', 'Refund checks outstanding', 'liability'),
  ('refund-ach', '232.02', 'Refunds by ACH in transit', 'liability'),
  ('unclaimed', '253.04', 'Unclaimed property of customers', 'liability'),
  ('bank-differences', '186.02', 'Differences with the bank, being looked into', 'asset')
) AS code (key, number, name, kind)
WHERE EXISTS (SELECT 1 FROM ledger_code WHERE key = 'cash-drawers')
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_books_hold")]
    operations = [migrations.RunSQL(CODES, migrations.RunSQL.noop)]
