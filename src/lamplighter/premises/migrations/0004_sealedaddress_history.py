"""Which addresses were sealed stays known."""

from django.db import migrations

from lamplighter.platform.schema import keep_history


class Migration(migrations.Migration):
    dependencies = [("premises", "0003_sealedaddress"), ("platform", "0002_guards")]
    operations = [*keep_history("premises_sealedaddress", key="premise_id")]
