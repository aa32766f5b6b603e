"""What postings refer to is looked at once a statement, in the trigger by which entries balance; codes stay."""

import django.db.models.deletion
from django.db import migrations, models

BALANCED = """
CREATE OR REPLACE FUNCTION ledger_postings_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong record;
BEGIN
  SELECT coalesce(e.source, 'that is not there') AS source, a.sum, a.legs, e.legs AS expected INTO wrong
  FROM (SELECT p.entry_id, sum(p.payoff) AS sum, count(*) AS legs FROM ledger_posting p
        WHERE p.entry_id IN (SELECT entry_id FROM added) GROUP BY p.entry_id) a
  LEFT JOIN ledger_entry e ON e.id = a.entry_id WHERE a.sum <> 0 OR a.legs IS DISTINCT FROM e.legs LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'entry % does not balance: % cents over % postings, of % announced',
      wrong.source, wrong.sum, wrong.legs, wrong.expected USING ERRCODE = 'check_violation';
  END IF;
  SELECT e.source, a.code_id, c.key INTO wrong FROM added a JOIN ledger_entry e ON e.id = a.entry_id
  LEFT JOIN ledger_code c ON c.key = a.code_id LEFT JOIN ledger_subledger s ON s.id = a.subledger_id
  WHERE c.key IS NULL OR c.control <> (a.subledger_id IS NOT NULL)
    OR a.subledger_id IS NOT NULL AND s.code_id IS DISTINCT FROM a.code_id LIMIT 1;
  IF FOUND THEN
    IF wrong.key IS NULL THEN
      RAISE EXCEPTION 'entry % posts to %, which is no code of the general ledger', wrong.source, wrong.code_id
        USING ERRCODE = 'foreign_key_violation';
    END IF;
    RAISE EXCEPTION 'entry % posts to % without its own sub-ledger account, or with another code''s',
      wrong.source, wrong.code_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
"""

CODES_STAY = """
CREATE FUNCTION ledger_code_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a general-ledger code stays: what is posted refers to it'
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER code_stays BEFORE DELETE ON ledger_code FOR EACH STATEMENT EXECUTE FUNCTION ledger_code_stays();
"""


def unchecked(to: str, **options: object) -> models.ForeignKey:
    return models.ForeignKey(to=to, on_delete=django.db.models.deletion.PROTECT, db_constraint=False, **options)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0010_fund_codes")]
    operations = [
        migrations.RunSQL(BALANCED, migrations.RunSQL.noop),
        migrations.RunSQL(CODES_STAY, "DROP FUNCTION ledger_code_stays CASCADE"),
        migrations.AlterField("posting", "entry", unchecked("ledger.entry", related_name="postings")),
        migrations.AlterField("posting", "code", unchecked("ledger.code", related_name="+", db_index=False)),
        migrations.AlterField(
            "posting", "subledger", unchecked("ledger.subledger", null=True, related_name="postings", db_index=False)
        ),
    ]
