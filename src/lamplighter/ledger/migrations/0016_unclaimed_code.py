"""A chart of accounts that is there already gets the code of unclaimed money that becomes the utility's."""

from django.db import migrations

CODES = """
INSERT INTO ledger_code (key, number, name, kind, fund, control)
SELECT 'unclaimed-taken', '421.01', 'Unclaimed money taken over', 'revenue', 'electric', false
WHERE EXISTS (SELECT 1 FROM ledger_code WHERE key = 'cash-drawers')
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0015_settlements")]
    operations = [migrations.RunSQL(CODES, migrations.RunSQL.noop)]
