"""Which points are off is asked with every payment; few are, and an index of those alone answers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("metering", "0004_lots_and_tests_stay")]
    operations = [
        migrations.AddIndex(
            model_name="switchstate",
            index=models.Index(condition=models.Q(("state", "off")), fields=["point"], name="switch_off_at_point"),
        ),
    ]
