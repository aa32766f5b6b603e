"""Sources of entries are looked for as a whole: one index less for every entry."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("ledger", "0017_balance_by_key")]
    operations = [
        migrations.RunSQL("DROP INDEX IF EXISTS ledger_entry_source_b5d26485_like", migrations.RunSQL.noop),
    ]
