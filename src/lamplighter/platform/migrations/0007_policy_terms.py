"""The figures that the utility decides itself, from a day on."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations, models

import lamplighter.platform.columns
from lamplighter.platform.schema import keep_history


class Migration(migrations.Migration):
    dependencies = [("platform", "0006_retention")]
    operations = [
        migrations.CreateModel(
            name="PolicyTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("about", models.CharField(max_length=20)),
                ("period", lamplighter.platform.columns.PeriodField()),
                ("figures", models.JSONField()),
                ("citation", models.CharField(max_length=200)),
                ("set_by", lamplighter.platform.columns.ActorField()),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("about", django.contrib.postgres.fields.ranges.RangeOperators.EQUAL),
                            ("period", django.contrib.postgres.fields.ranges.RangeOperators.OVERLAPS),
                        ],
                        name="one_policy_of_a_matter_at_a_time",
                    )
                ],
            },
        ),
        *keep_history("platform_policyterms"),
    ]
