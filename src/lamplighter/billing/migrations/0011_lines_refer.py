"""Whether the segment of a line is there is looked at once for all lines of a statement."""

import django.db.models.deletion
from django.db import migrations, models

from lamplighter.platform.schema import refers


class Migration(migrations.Migration):
    dependencies = [("billing", "0010_gifts")]
    operations = [
        refers("billing_billline", segment_id="billing_segment"),
        migrations.AlterField(
            "billline", "segment",
            models.ForeignKey(
                to="billing.segment", on_delete=django.db.models.deletion.PROTECT, related_name="lines",
                db_index=False, db_constraint=False,
            ),
        ),
    ]  # fmt: skip
