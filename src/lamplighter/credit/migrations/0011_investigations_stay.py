"""What was done in a case of unauthorized use stays as it is; the case keeps what it was."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("credit", "0010_unauthorized_use"), ("platform", "0002_guards")]
    operations = [*append_only("credit_investigationstep"), *keep_history("credit_investigation")]
