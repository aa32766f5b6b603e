"""Of events only those with a remark are indexed by it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("platform", "0008_rows_stay")]
    operations = [
        migrations.AlterField(
            "event",
            "remark",
            models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="platform.remark",
            ),
        ),
        migrations.AddIndex(
            "event",
            models.Index(fields=["remark"], name="event_remark", condition=models.Q(remark__isnull=False)),
        ),
    ]  # fmt: skip
