"""The utility's fees beside its rates, from a day on."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations, models

import lamplighter.platform.columns
from lamplighter.platform.schema import keep_history

FEES = ("meter_test", "reconnect", "after_hours", "returned", "returned_again")


class Migration(migrations.Migration):
    dependencies = [("billing", "0011_lines_refer")]
    operations = [
        migrations.CreateModel(
            name="FeeSchedule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", lamplighter.platform.columns.PeriodField()),
                *((name, lamplighter.platform.columns.MoneyField()) for name in FEES),
                ("citation", models.CharField(max_length=200)),
                ("set_by", lamplighter.platform.columns.ActorField()),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("period", django.contrib.postgres.fields.ranges.RangeOperators.OVERLAPS)],
                        name="one_fee_schedule_at_a_time",
                    )
                ],
            },
        ),
        *keep_history("billing_feeschedule"),
    ]
