"""AutoPay: authorisations, holds, blocked bank accounts, drafts with their steps and files; numbers for traces."""

import django.db.models.deletion
from django.db import migrations, models

import lamplighter.platform.columns
from lamplighter.platform.schema import append_only, create_sequences, keep_history


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_petitions"),
        ("payments", "0007_control_totals"),
    ]

    operations = [
        migrations.CreateModel(
            name="BlockedBank",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("last_four", models.CharField(max_length=4)),
                ("code", models.CharField(max_length=3)),
                ("since", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", lamplighter.platform.columns.ActorField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name="Autopay",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("sealed", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("last_four", models.CharField(max_length=4)),
                ("savings", models.BooleanField(default=False)),
                ("business", models.BooleanField(default=False)),
                ("holder", models.CharField(max_length=22)),
                (
                    "consent",
                    models.CharField(choices=[("recorded", "Recorded call"), ("signed", "Signed")], max_length=8),
                ),
                ("words", models.TextField()),
                ("begins", models.DateField()),
                ("begun_at", models.DateTimeField()),
                ("begun_by", lamplighter.platform.columns.ActorField(max_length=80)),
                ("ended_on", models.DateField(null=True)),
                ("ended_by", lamplighter.platform.columns.ActorField(max_length=80, null=True)),
                ("why_ended", models.CharField(blank=True, max_length=200)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="autopays", to="accounts.account"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AutopayHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", lamplighter.platform.columns.PeriodField()),
                ("reason", models.CharField(max_length=120)),
                ("begun_by", lamplighter.platform.columns.ActorField(max_length=80)),
                ("ended_by", lamplighter.platform.columns.ActorField(max_length=80, null=True)),
                (
                    "autopay",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="payments.autopay"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("bill", models.CharField(blank=True, max_length=20)),
                ("attempt", models.SmallIntegerField(default=0)),
                ("amount", lamplighter.platform.columns.MoneyField()),
                ("draw_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "autopay",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="drafts", to="payments.autopay"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DraftFile",
            fields=[
                ("number", models.IntegerField(primary_key=True, serialize=False)),
                ("file", models.CharField(max_length=64, unique=True)),
                ("made_on", models.DateField()),
                ("pays_on", models.DateField()),
                ("entries", models.IntegerField()),
                ("amount", lamplighter.platform.columns.MoneyField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "control",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draft_file",
                        to="payments.tendercontrol",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DraftStep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "act",
                    models.CharField(
                        choices=[("sent", "Sent to the bank"), ("skipped", "Not drawn"), ("returned", "Returned")],
                        max_length=8,
                    ),
                ),
                ("on", models.DateField()),
                ("why", models.CharField(blank=True, max_length=200)),
                ("code", models.CharField(blank=True, max_length=3)),
                ("trace", models.CharField(blank=True, db_index=True, max_length=15)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="payments.draft"
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draft_step",
                        to="payments.paymentevent",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="payments.draftfile",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="autopay",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on", None)), fields=("account",), name="one_autopay_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="autopay",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_by__isnull", True), ("ended_on__isnull", True), ("why_ended", "")),
                    models.Q(
                        ("ended_by__isnull", False),
                        ("ended_on__isnull", False),
                        models.Q(("why_ended", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="autopay_ended_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("bill", ""), _negated=True), fields=("bill", "attempt"), name="bill_drawn_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount", 0), ("bill", "")),
                    models.Q(models.Q(("bill", ""), _negated=True), ("amount__gt", 0)),
                    _connector="OR",
                ),
                name="draft_has_an_amount",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(condition=models.Q(("attempt__range", (0, 2))), name="draft_attempts"),
        ),
        migrations.AddConstraint(
            model_name="draftstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("act__in", ["sent", "skipped"])),
                fields=("draft",),
                name="draft_sent_or_skipped_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="draftstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("act", "returned")), fields=("draft",), name="draft_returned_once"
            ),
        ),
        *append_only("payments_blockedbank", "payments_draftfile", "payments_draft", "payments_draftstep"),
        *keep_history("payments_autopay", "payments_autopayhold"),
        *create_sequences(trace=1),
    ]
