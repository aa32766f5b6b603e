"""A segment keeps its statement as it was written, byte for byte. Those of before stay as PostgreSQL had put them
together: `recompute` sorts what it reads, and comes to the same hash."""

from django.db import migrations

from lamplighter.platform.columns import TextOfJSONField


class Migration(migrations.Migration):
    dependencies = [("billing", "0015_bills_refer")]
    operations = [migrations.AlterField("segment", "statement", TextOfJSONField())]
