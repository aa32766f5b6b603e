"""A chart of accounts that is there already gets the codes of a fund for grants."""

from django.db import migrations

CODES = """
INSERT INTO ledger_code (key, number, name, kind, fund, control)
SELECT key, number, name, kind, 'electric', false FROM (VALUES
  ('assistance-grants', '908.05', 'Assistance grants, public purpose funds', 'expense'),
  ('grant-fund', '253.06', 'Held for grants to customers', 'liability')
) AS code (key, number, name, kind)
WHERE EXISTS (SELECT 1 FROM ledger_code WHERE key = 'cash-drawers')
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0009_rebate_codes")]
    operations = [migrations.RunSQL(CODES, migrations.RunSQL.noop)]
