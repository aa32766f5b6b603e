"""An extract keeps how codes were called when it was made: a code may be given another number later."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_extracts")]

    operations = [migrations.AddField("periodextract", "codes", models.JSONField(default=dict))]
