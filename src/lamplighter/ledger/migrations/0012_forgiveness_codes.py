"""A chart of accounts that is there already gets the codes of debt that is set aside and forgiven."""

from django.db import migrations

CODES = """
INSERT INTO ledger_code (key, number, name, kind, fund, control)
SELECT key, number, name, kind, 'electric', control FROM (VALUES
  ('receivable-forgiveness', '142.06', 'Receivable set aside to be forgiven', 'asset', true),
  ('arrearage-forgiveness', '908.06', 'Arrearage forgiveness, public purpose funds', 'expense', false)
) AS code (key, number, name, kind, control)
WHERE EXISTS (SELECT 1 FROM ledger_code WHERE key = 'cash-drawers')
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0011_postings_refer")]
    operations = [migrations.RunSQL(CODES, migrations.RunSQL.noop)]
