"""History of what can change, found by its account."""

from django.db import migrations

from lamplighter.platform.schema import keep_history

PAST_OF_ACCOUNT = """
CREATE INDEX past_of_account ON platform_pastrow ((was -> 'account_id'))
  WHERE table_name IN ('accounts_accountrole', 'accounts_agreement');
CREATE INDEX past_of_agreement ON platform_pastrow ((was -> 'agreement_id'))
  WHERE table_name IN ('accounts_agreementrate', 'accounts_agreementpoint', 'accounts_agreementfact');
"""


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
        migrations.RunSQL(PAST_OF_ACCOUNT, "DROP INDEX past_of_account; DROP INDEX past_of_agreement;"),
    ]
