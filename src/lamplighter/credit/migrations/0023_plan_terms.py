"""The utility's terms of payment plans and of more time, from a day on."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations, models

import lamplighter.platform.columns
from lamplighter.platform.schema import keep_history


class Migration(migrations.Migration):
    dependencies = [("credit", "0022_open_items")]
    operations = [
        migrations.CreateModel(
            name="PlanTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", lamplighter.platform.columns.PeriodField()),
                ("minimum", lamplighter.platform.columns.MoneyField()),
                ("months", models.SmallIntegerField()),
                ("broken_most", models.SmallIntegerField()),
                ("grace", models.SmallIntegerField()),
                ("reminder", models.SmallIntegerField()),
                ("extension_days", models.SmallIntegerField()),
                ("extension_gap_days", models.SmallIntegerField()),
                ("citation", models.CharField(max_length=200)),
                ("set_by", lamplighter.platform.columns.ActorField()),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("period", django.contrib.postgres.fields.ranges.RangeOperators.OVERLAPS)],
                        name="one_plan_policy_at_a_time",
                    )
                ],
            },
        ),
        *keep_history("credit_planterms"),
    ]
