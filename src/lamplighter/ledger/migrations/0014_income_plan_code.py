"""A chart of accounts that is there already gets the code of bills by share of income."""

from django.db import migrations

CODES = """
INSERT INTO ledger_code (key, number, name, kind, fund, control)
SELECT 'income-plans', '908.07', 'Bills by share of income, public purpose funds', 'expense', 'electric', false
WHERE EXISTS (SELECT 1 FROM ledger_code WHERE key = 'cash-drawers')
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0013_payables_codes")]
    operations = [migrations.RunSQL(CODES, migrations.RunSQL.noop)]
