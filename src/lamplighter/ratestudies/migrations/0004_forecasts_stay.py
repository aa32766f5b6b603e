"""A forecast's months and a budget stay; a forecast keeps its history."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("ratestudies", "0003_forecasts"), ("platform", "0002_guards")]
    operations = [
        *append_only("ratestudies_forecastmonth", "ratestudies_revenuebudget", "ratestudies_revenuebudgetline"),
        *keep_history("ratestudies_forecast"),
    ]
