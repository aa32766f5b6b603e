"""Of a reversal what it reverses is unique, as before; an entry that reverses nothing, as nearly all, is not indexed."""

from django.db import migrations

from lamplighter.platform.schema import unique_where_told


class Migration(migrations.Migration):
    dependencies = [("ledger", "0019_start_fee_code")]
    operations = [unique_where_told("ledger_entry", "reverses_id")]
