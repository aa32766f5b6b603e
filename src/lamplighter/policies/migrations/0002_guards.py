"""Words, adoptions and reviews are append-only; texts and changes that are still drafts keep their history."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_initial"), ("platform", "0002_guards")]
    operations = [
        *append_only("policies_version", "policies_adoption", "policies_review"),
        *keep_history("policies_text", "policies_change"),
    ]
