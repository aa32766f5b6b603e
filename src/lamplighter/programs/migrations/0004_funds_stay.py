"""The book of a fund is never changed; terms, gifts and grants keep their history. Grants have numbers."""

from django.db import migrations

from lamplighter.platform.schema import append_only, create_sequences, keep_history


class Migration(migrations.Migration):
    dependencies = [("programs", "0003_funds"), ("ledger", "0010_fund_codes")]
    operations = [
        *create_sequences(grant=60001),
        *append_only("programs_fundmove"),
        *keep_history("programs_fundterms", "programs_gift", "programs_grant"),
        *keep_history("programs_assistancefund", key="key"),
    ]
