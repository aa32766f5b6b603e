"""By which key another system knew what was taken over from it."""

from django.db import migrations, models

from lamplighter.platform.schema import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0004_remarks_searched"),
    ]

    operations = [
        migrations.CreateModel(
            name="LegacyKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("old", models.CharField(max_length=40)),
                ("row", models.BigIntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "old"), name="legacy_key_once")],
            },
        ),
        *append_only("platform_legacykey"),
    ]
