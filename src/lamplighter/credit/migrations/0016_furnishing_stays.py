"""What bureaus were told is never changed; terms keep their history."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("credit", "0015_furnishing")]
    operations = [
        *append_only("credit_bureaufile", "credit_furnisheddebt", "credit_furnishingstop"),
        *keep_history("credit_furnishingterms"),
    ]
