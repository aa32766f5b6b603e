"""History of what can change."""

from django.db import migrations

from lamplighter.platform.schema import keep_history


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial"), ("platform", "0002_guards")]
    operations = [
        *keep_history(
            "customers_person",
            "customers_othername",
            "customers_contactpoint",
            "customers_mailingaddress",
            "customers_identity",
        ),
    ]
