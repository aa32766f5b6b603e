"""The utility's terms of giving power back, from a day on."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations, models

import lamplighter.platform.columns
from lamplighter.platform.schema import keep_history


class Migration(migrations.Migration):
    dependencies = [("credit", "0020_searches_stay")]
    operations = [
        migrations.CreateModel(
            name="ReconnectTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", lamplighter.platform.columns.PeriodField()),
                ("least", lamplighter.platform.columns.MoneyField()),
                ("wire_unasked", models.BooleanField()),
                ("citation", models.CharField(max_length=200)),
                ("set_by", lamplighter.platform.columns.ActorField()),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("period", django.contrib.postgres.fields.ranges.RangeOperators.OVERLAPS)],
                        name="one_reconnect_policy_at_a_time",
                    )
                ],
            },
        ),
        *keep_history("credit_reconnectterms"),
    ]
