"""A chart of accounts that is there already gets the code of fees for starting service."""

from django.db import migrations

CODES = """
INSERT INTO ledger_code (key, number, name, kind, fund, control)
SELECT 'revenue-start-fees', '451.02', 'Fees for starting service', 'revenue', 'electric', false
WHERE EXISTS (SELECT 1 FROM ledger_code WHERE key = 'cash-drawers')
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0018_one_index_of_sources")]
    operations = [migrations.RunSQL(CODES, migrations.RunSQL.noop)]
