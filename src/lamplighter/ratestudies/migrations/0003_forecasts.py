"""Forecasts with their months, budgets with their lines, and the forecast that a study stands on."""

import django.db.models.deletion
from django.db import migrations, models

import lamplighter.platform.columns


def kwh() -> models.DecimalField:
    return models.DecimalField(decimal_places=3, max_digits=18)


class Migration(migrations.Migration):
    dependencies = [("ratestudies", "0002_guards"), ("platform", "0002_guards")]

    operations = [
        migrations.CreateModel(
            name="Forecast",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("first", models.DateField()),
                ("given", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Being worked out"),
                            ("done", "Done"),
                            ("refused", "Can't be told"),
                        ],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("result", models.JSONField(default=dict)),
                ("made_by", lamplighter.platform.columns.ActorField(max_length=80)),
                ("made_at", models.DateTimeField()),
                (
                    "run",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="platform.run",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ForecastMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("customer_class", models.CharField(max_length=12)),
                ("month", models.DateField()),
                ("base_kwh", kwh()),
                ("added", kwh()),
                ("kwh_low", kwh()),
                ("kwh", kwh()),
                ("kwh_high", kwh()),
                ("revenue_low", lamplighter.platform.columns.MoneyField()),
                ("revenue", lamplighter.platform.columns.MoneyField()),
                ("revenue_high", lamplighter.platform.columns.MoneyField()),
                ("kw_low", models.DecimalField(decimal_places=3, max_digits=15, null=True)),
                ("kw", models.DecimalField(decimal_places=3, max_digits=15, null=True)),
                ("kw_high", models.DecimalField(decimal_places=3, max_digits=15, null=True)),
                (
                    "forecast",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="ratestudies.forecast"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("forecast", "customer_class", "month"), name="forecast_month_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="RevenueBudget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.SmallIntegerField()),
                ("name", models.CharField(max_length=120)),
                ("made_by", lamplighter.platform.columns.ActorField(max_length=80)),
                ("made_at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["year", "-id"], name="budget_newest")]},
        ),
        migrations.CreateModel(
            name="RevenueBudgetLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("customer_class", models.CharField(max_length=12)),
                ("kwh", kwh()),
                ("revenue", lamplighter.platform.columns.MoneyField()),
                (
                    "budget",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="ratestudies.revenuebudget",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("budget", "month", "customer_class"), name="budget_line_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="study",
            name="forecast",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="studies",
                to="ratestudies.forecast",
            ),
        ),
    ]
