"""A letter stays in its batch; a batch keeps what it was."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("notices", "0005_batches"), ("platform", "0002_guards")]
    operations = [*append_only("notices_batchedletter"), *keep_history("notices_letterbatch")]
