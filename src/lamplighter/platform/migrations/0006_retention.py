"""The retention schedule of the utility."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations, models

import lamplighter.platform.columns
from lamplighter.platform.schema import keep_history

YEARS = ("notices", "messages", "households", "reasons", "history")


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0005_legacy_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="RetentionTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", lamplighter.platform.columns.PeriodField()),
                *((name, models.SmallIntegerField(null=True)) for name in YEARS),
                ("citation", models.CharField(max_length=200)),
                ("set_by", lamplighter.platform.columns.ActorField()),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("period", django.contrib.postgres.fields.ranges.RangeOperators.OVERLAPS)],
                        name="one_retention_schedule_at_a_time",
                    )
                ],
            },
        ),
        *keep_history("platform_retentionterms"),
    ]
