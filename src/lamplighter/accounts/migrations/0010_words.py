"""By which words accounts are found: one text an account, kept by the database whenever one of them changes."""

import django.db.models.deletion
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models

WRITE = """
CREATE FUNCTION accounts_words_of(accounts bigint[]) RETURNS TABLE (account_id bigint, words text)
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
SELECT a.id, upper(concat_ws(E'\n', people.names, people.others, people.contacts, places.streets,
                             replace(a.number, '-', ''), nullif(a.old_number, ''),
                             nullif(replace(a.old_number, '-', ''), '')))
FROM accounts_account a,
LATERAL (SELECT string_agg(p.name, E'\n' ORDER BY r.id) AS names,
                string_agg((SELECT string_agg(o.name, E'\n' ORDER BY o.id) FROM customers_othername o
                            WHERE o.person_id = p.id), E'\n' ORDER BY r.id) AS others,
                string_agg((SELECT string_agg(c.value, E'\n' ORDER BY c.id) FROM customers_contactpoint c
                            WHERE c.person_id = p.id), E'\n' ORDER BY r.id) AS contacts
         FROM accounts_accountrole r JOIN customers_person p ON p.id = r.person_id WHERE r.account_id = a.id) AS people,
LATERAL (SELECT string_agg(concat_ws(' ', p.street, nullif(p.unit, '')), E'\n' ORDER BY g.id) AS streets
         FROM accounts_agreement g JOIN premises_premise p ON p.id = g.premise_id WHERE g.account_id = a.id) AS places
WHERE a.id = ANY(accounts)
$$;

CREATE FUNCTION accounts_write_words(accounts bigint[]) RETURNS void LANGUAGE sql AS $$
INSERT INTO accounts_accountwords (account_id, words)
SELECT account_id, words FROM accounts_words_of(accounts) ORDER BY account_id
ON CONFLICT (account_id) DO UPDATE SET words = excluded.words WHERE accounts_accountwords.words <> excluded.words
$$;

CREATE FUNCTION accounts_words_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE 'SELECT accounts_write_words(ARRAY(SELECT DISTINCT ' || TG_ARGV[0] || '))';
  RETURN NULL;
END $$;

SELECT accounts_write_words(ARRAY(SELECT id FROM accounts_account));
"""
OF_PEOPLE = "r.account_id FROM changed JOIN accounts_accountrole r ON r.person_id = changed."
WHOSE = {
    "accounts_account": ("INSERT UPDATE", "id FROM changed"),
    "accounts_accountrole": ("INSERT UPDATE DELETE", "account_id FROM changed"),
    "accounts_agreement": ("INSERT UPDATE", "account_id FROM changed"),
    "customers_person": ("UPDATE", f"{OF_PEOPLE}id"),
    "customers_othername": ("INSERT UPDATE DELETE", f"{OF_PEOPLE}person_id"),
    "customers_contactpoint": ("INSERT UPDATE DELETE", f"{OF_PEOPLE}person_id"),
    "premises_premise": (
        "UPDATE", "g.account_id FROM changed JOIN accounts_agreement g ON g.premise_id = changed.id",
    ),
}  # fmt: skip
"""Whose words change with the rows of a table. A row never goes from one account or person to another."""


def triggers() -> list[migrations.RunSQL]:
    return [
        migrations.RunSQL(
            f"CREATE TRIGGER words_on_{event.lower()} AFTER {event} ON {table} "
            f"REFERENCING {'OLD' if event == 'DELETE' else 'NEW'} TABLE AS changed "
            f"FOR EACH STATEMENT EXECUTE FUNCTION accounts_words_change('{whose}')",
            f"DROP TRIGGER words_on_{event.lower()} ON {table}",
        )
        for table, (events, whose) in WHOSE.items()
        for event in events.split()
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_rows_stay"), ("customers", "0006_addressprotection_history"),
        ("premises", "0004_sealedaddress_history"),
    ]  # fmt: skip
    operations = [
        migrations.CreateModel(
            name="AccountWords",
            fields=[
                ("account", models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="+", serialize=False,
                    to="accounts.account",
                )),
                ("words", models.TextField()),
            ],
            options={
                "indexes": [GinIndex(OpClass("words", name="gin_trgm_ops"), name="account_words_trigrams")],
            },
        ),
        migrations.RunSQL(
            WRITE, "DROP FUNCTION accounts_words_change CASCADE; DROP FUNCTION accounts_write_words; DROP FUNCTION accounts_words_of;"
        ),
        *triggers(),
    ]  # fmt: skip
