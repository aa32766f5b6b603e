"""What was said about a number is never altered."""

from django.db import migrations

from lamplighter.platform.schema import append_only


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_consent"), ("platform", "0002_guards")]
    operations = append_only("customers_consent")
