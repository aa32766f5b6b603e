"""A chart of accounts that is there already gets the codes of refunds that the city's accounts payable pays."""

from django.db import migrations

CODES = """
INSERT INTO ledger_code (key, number, name, kind, fund, control)
SELECT key, number, name, kind, 'electric', false FROM (VALUES
  ('refund-vouchers', '232.03', 'Refunds due to the city''s accounts payable', 'liability'),
  ('payables-paid', '234.01', 'Paid for us by the city''s accounts payable', 'liability')
) AS code (key, number, name, kind)
WHERE EXISTS (SELECT 1 FROM ledger_code WHERE key = 'cash-drawers')
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0012_forgiveness_codes")]
    operations = [migrations.RunSQL(CODES, migrations.RunSQL.noop)]
