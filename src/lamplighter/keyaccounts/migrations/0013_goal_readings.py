"""What a goal came to, morning by morning."""

import django.db.models.deletion
from django.db import migrations, models

import lamplighter.platform.columns
from lamplighter.platform.schema import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("keyaccounts", "0012_releases"),
    ]

    operations = [
        migrations.CreateModel(
            name="GoalReading",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("on", models.DateField()),
                ("value", models.DecimalField(decimal_places=3, max_digits=14, null=True)),
                ("read_at", models.DateTimeField()),
                ("read_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "goal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="readings", to="keyaccounts.goal"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("goal", "on"), name="goal_read_once_a_day")],
            },
        ),
        *append_only("keyaccounts_goalreading"),
    ]
