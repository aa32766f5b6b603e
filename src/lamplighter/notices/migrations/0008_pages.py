"""Words of pages are templates too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0007_words_searched")]

    operations = [
        migrations.AlterField(
            model_name="template",
            name="channel",
            field=models.CharField(
                choices=[("letter", "Letter"), ("email", "Email"), ("text", "Text message"), ("page", "Page")],
                max_length=6,
            ),
        ),
    ]
