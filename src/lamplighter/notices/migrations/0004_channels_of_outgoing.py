"""A message goes out by one of the channels that there are now."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0003_outgoing"),
    ]

    operations = [
        migrations.AlterField(
            model_name="outgoing",
            name="channel",
            field=models.CharField(
                choices=[("letter", "Letter"), ("email", "Email"), ("text", "Text message")], max_length=6
            ),
        ),
    ]
