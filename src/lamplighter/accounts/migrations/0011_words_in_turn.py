"""Two who change parts of one account at the same instant: the second waits, and reads what the first has committed.

Without the lock each wrote the account's words from what it saw, and those of one were left out until the next change.
"""

from django.db import migrations

INSERT = """
INSERT INTO accounts_accountwords (account_id, words)
SELECT account_id, words FROM accounts_words_of(accounts) ORDER BY account_id
ON CONFLICT (account_id) DO UPDATE SET words = excluded.words WHERE accounts_accountwords.words <> excluded.words
"""
LOCK = "SELECT FROM accounts_accountwords WHERE account_id = ANY(accounts) ORDER BY account_id FOR UPDATE;"
FUNCTION = "CREATE OR REPLACE FUNCTION accounts_write_words(accounts bigint[]) RETURNS void LANGUAGE sql AS $$ {} $$"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_words")]
    operations = [migrations.RunSQL(FUNCTION.format(LOCK + INSERT), FUNCTION.format(INSERT))]
