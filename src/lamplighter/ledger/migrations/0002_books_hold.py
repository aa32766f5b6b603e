"""The books guard themselves: entries balance, are written by one statement, and are never changed."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history

BALANCED = """
CREATE FUNCTION ledger_postings_balance() RETURNS trigger LANGUAGE plpgsql AS $$
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
  SELECT e.source, a.code_id INTO wrong FROM added a JOIN ledger_entry e ON e.id = a.entry_id
  JOIN ledger_code c ON c.key = a.code_id LEFT JOIN ledger_subledger s ON s.id = a.subledger_id
  WHERE c.control <> (a.subledger_id IS NOT NULL) OR s.code_id <> a.code_id LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'entry % posts to % without its own sub-ledger account, or with another code''s',
      wrong.source, wrong.code_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER balance AFTER INSERT ON ledger_posting REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_postings_balance();
"""

OPEN_MONTHS = """
CREATE FUNCTION ledger_month_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE closed date;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('ledger.periods', 0));
  SELECT m.month INTO closed FROM ledger_accountingperiod m
  WHERE m.closed_at IS NOT NULL
    AND EXISTS (SELECT 1 FROM added a WHERE date_trunc('month', a.accounting_on)::date = m.month) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the books of % are closed', to_char(closed, 'FMMonth YYYY') USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER month_open AFTER INSERT ON ledger_entry REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_month_open();
"""

KIND_STAYS = """
CREATE FUNCTION ledger_code_kind_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.key, OLD.kind, OLD.control) IS DISTINCT FROM (NEW.key, NEW.kind, NEW.control) THEN
    RAISE EXCEPTION 'a general-ledger code keeps its kind' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER kind_stays BEFORE UPDATE ON ledger_code FOR EACH ROW EXECUTE FUNCTION ledger_code_kind_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("platform", "0002_guards")]
    operations = [
        migrations.RunSQL(BALANCED, "DROP FUNCTION ledger_postings_balance CASCADE"),
        migrations.RunSQL(OPEN_MONTHS, "DROP FUNCTION ledger_month_open CASCADE"),
        migrations.RunSQL(KIND_STAYS, "DROP FUNCTION ledger_code_kind_stays CASCADE"),
        *append_only("ledger_entry", "ledger_posting", "ledger_subledger"),
        *keep_history("ledger_code", key="key"),
        *keep_history("ledger_accountingperiod", key="month"),
    ]
