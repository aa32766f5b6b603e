"""Room for the names of groups that a rule runs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("usage", "0004_weather")]
    operations = [migrations.AlterField("rulegroup", "role", models.CharField(max_length=60))]
