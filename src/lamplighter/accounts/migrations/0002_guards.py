"""History of what can change."""

from django.db import migrations

from lamplighter.platform.schema import keep_history


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("platform", "0002_guards")]
    operations = [
        *keep_history(
            "accounts_account",
            "accounts_accountrole",
            "accounts_agreement",
            "accounts_agreementpoint",
            "accounts_agreementrate",
            "accounts_agreementfact",
        ),
        *keep_history("accounts_cycle", key="code"),
    ]
