"""Where one looked for a customer stays as it was noted; searches and claims on guarantors keep their past."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("credit", "0019_guarantors_and_searches")]
    operations = [
        *append_only("credit_searchstep"),
        *keep_history("credit_search", "credit_guarantorclaim"),
    ]
