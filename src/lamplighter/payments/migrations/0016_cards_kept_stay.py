"""What the processor was asked for stays; kept cards and invitations keep what they were."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("payments", "0015_cards_kept"), ("platform", "0002_guards")]
    operations = [*append_only("payments_carddraw"), *keep_history("payments_savedcard", "payments_cardinvite")]
