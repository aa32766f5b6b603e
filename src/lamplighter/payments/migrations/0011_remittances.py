"""Files of lockboxes and pay stations, the layouts by which they are read, and what waits of them."""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models

import lamplighter.platform.columns
from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0008_unapplied_code"),
        ("payments", "0010_journal_at_once"),
    ]

    operations = [
        migrations.CreateModel(
            name="Remittance",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("file", models.CharField(max_length=64, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("number", models.CharField(blank=True, max_length=40)),
                ("count", models.IntegerField()),
                ("amount", lamplighter.platform.columns.MoneyField()),
                ("taken_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "control",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remittance",
                        to="payments.tendercontrol",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remittances",
                        to="payments.tendersource",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RemittedLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("place", models.IntegerField()),
                ("account", models.CharField(max_length=60)),
                ("amount", lamplighter.platform.columns.MoneyField()),
                ("tender", models.CharField(max_length=12)),
                ("paid_on", models.DateField(null=True)),
                ("reference", models.CharField(blank=True, max_length=40)),
                ("why", models.CharField(blank=True, max_length=200)),
                (
                    "entry",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.entry"
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remitted",
                        to="payments.paymentevent",
                    ),
                ),
                (
                    "remittance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="payments.remittance"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SourceLayout",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("period", lamplighter.platform.columns.PeriodField()),
                ("code", models.CharField(max_length=40)),
                ("text", models.TextField()),
                ("citation", models.CharField(max_length=200)),
                ("set_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="layouts", to="payments.tendersource"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="remittance",
            name="layout",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="remittances", to="payments.sourcelayout"
            ),
        ),
        migrations.CreateModel(
            name="UnappliedStep",
            fields=[
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="step",
                        serialize=False,
                        to="payments.remittedline",
                    ),
                ),
                ("act", models.CharField(choices=[("applied", "Applied"), ("sent-back", "Sent back")], max_length=9)),
                ("on", models.DateField()),
                ("remark", models.CharField(blank=True, max_length=200)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "entry",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.entry"
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unapplied_step",
                        to="payments.paymentevent",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="remittedline",
            constraint=models.UniqueConstraint(fields=("remittance", "place"), name="remitted_line_once"),
        ),
        migrations.AddConstraint(
            model_name="remittedline",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="remitted_line_positive"),
        ),
        migrations.AddConstraint(
            model_name="remittedline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("entry__isnull", True), ("event__isnull", False), ("why", "")),
                    models.Q(models.Q(("why", ""), _negated=True), ("entry__isnull", False), ("event__isnull", True)),
                    _connector="OR",
                ),
                name="posted_or_waits_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcelayout",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("source", "="), ("period", "&&")], name="one_layout_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="remittance",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True), fields=("source", "number"), name="remittance_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="unappliedstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("act", "applied"), ("entry__isnull", True), ("event__isnull", False)),
                    models.Q(("act", "sent-back"), ("entry__isnull", False), ("event__isnull", True)),
                    _connector="OR",
                ),
                name="applied_by_a_payment",
            ),
        ),
        *append_only("payments_remittance", "payments_remittedline", "payments_unappliedstep"),
        *keep_history("payments_sourcelayout"),
    ]
