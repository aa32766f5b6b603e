"""Steps of requests are never altered; a request keeps what it was."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_requests"), ("platform", "0002_guards")]
    operations = [*append_only("cases_requeststep"), *keep_history("cases_request")]
