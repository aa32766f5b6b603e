"""A chart of accounts that is there already gets the codes that bear rebates."""

from django.db import migrations

CODES = """
INSERT INTO ledger_code (key, number, name, kind, fund, control)
SELECT key, number, name, kind, 'electric', false FROM (VALUES
  ('rebates-efficiency', '908.03', 'Efficiency rebates, public purpose funds', 'expense'),
  ('rebates-electrification', '908.04', 'Electrification rebates, public purpose funds', 'expense')
) AS code (key, number, name, kind)
WHERE EXISTS (SELECT 1 FROM ledger_code WHERE key = 'cash-drawers')
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0008_unapplied_code")]
    operations = [migrations.RunSQL(CODES, migrations.RunSQL.noop)]
