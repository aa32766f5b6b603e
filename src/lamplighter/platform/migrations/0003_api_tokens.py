"""Keys with which other programs use the API."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lamplighter.platform.columns
from lamplighter.platform.schema import keep_history


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("label", models.CharField(max_length=60)),
                ("begins", models.CharField(max_length=12)),
                ("digest", models.CharField(max_length=64, unique=True)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None),
                ),
                ("source", models.CharField(blank=True, max_length=30)),
                ("per_minute", models.PositiveIntegerField()),
                ("issued_at", models.DateTimeField()),
                ("issued_by", lamplighter.platform.columns.ActorField(max_length=80)),
                ("expires_on", models.DateField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_by", lamplighter.platform.columns.ActorField(max_length=80, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                            models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="token_revoked_by_someone",
                    )
                ],
            },
        ),
        *keep_history("platform_apitoken"),
    ]
