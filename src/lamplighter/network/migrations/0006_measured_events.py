from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("network", "0005_words")]
    operations = [
        migrations.AddField(
            model_name="meterevent", name="volts", field=models.DecimalField(decimal_places=2, max_digits=9, null=True)
        ),
        migrations.AddField(
            model_name="meterevent",
            name="seconds",
            field=models.DecimalField(decimal_places=3, max_digits=12, null=True),
        ),
    ]
