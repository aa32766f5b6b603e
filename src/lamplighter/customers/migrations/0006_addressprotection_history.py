"""What protected addresses were stays known."""

from django.db import migrations

from lamplighter.platform.schema import keep_history


class Migration(migrations.Migration):
    dependencies = [("customers", "0005_addressprotection"), ("platform", "0002_guards")]
    operations = [*keep_history("customers_addressprotection")]
