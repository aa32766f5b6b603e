"""What a segment rebills, and the entry that cancelled it, are unique as before; of nearly all they are not told, and
these are not indexed."""

from django.db import migrations

from lamplighter.platform.schema import unique_where_told


class Migration(migrations.Migration):
    dependencies = [("billing", "0016_statements_as_written")]
    operations = [
        unique_where_told("billing_segment", "rebills_id"),
        unique_where_told("billing_segment", "cancel_entry_id"),
    ]
