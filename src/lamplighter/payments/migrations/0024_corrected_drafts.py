"""A draft that came back as not in accordance with its authorization is put right by another one, once."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("payments", "0023_journal_at_a_glance")]
    operations = [
        migrations.AddField(
            "draft", "corrects",
            models.OneToOneField(
                "payments.draft", null=True, on_delete=django.db.models.deletion.PROTECT, related_name="correction"
            ),
        ),
        migrations.AddField("draftstep", "settled_on", models.DateField(null=True)),
        migrations.RemoveConstraint("draft", "bill_drawn_once"),
        migrations.AddConstraint(
            "draft",
            models.UniqueConstraint(
                name="bill_drawn_once", fields=["bill", "attempt"], condition=~Q(bill="") & Q(corrects=None)
            ),
        ),
    ]  # fmt: skip
