"""Sources that take payments by themselves end a period each day; their senders say what it holds."""

import django.db.models.deletion
from django.db import migrations, models

import lamplighter.platform.columns
from lamplighter.platform.schema import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0006_journal_at_taking"),
    ]

    operations = [
        migrations.CreateModel(
            name="ControlTotal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("totals", models.JSONField(default=dict)),
                ("equal", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", lamplighter.platform.columns.ActorField(max_length=80)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="tendercontrol",
            name="one_open_control_a_source",
        ),
        migrations.AddConstraint(
            model_name="tendercontrol",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("source",), name="one_open_control_a_source"
            ),
        ),
        migrations.AddField(
            model_name="controltotal",
            name="control",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="totals", to="payments.tendercontrol"
            ),
        ),
        migrations.AddConstraint(
            model_name="controltotal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("equal", True)), fields=("control",), name="balanced_by_one_total"
            ),
        ),
        *append_only("payments_controltotal"),
    ]
