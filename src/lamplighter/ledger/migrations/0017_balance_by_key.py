"""Whether entries balance is asked key by key. A session keeps the trigger's plan, which may have been made while the
books were small and for one entry: then a batch of ten thousand was compared each with each, and took a minute."""

from django.db import migrations

BALANCED = """
CREATE OR REPLACE FUNCTION ledger_postings_balance() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE wrong record;
BEGIN
  SELECT coalesce(e.source, 'that is not there') AS source, a.sum, a.legs, e.legs AS expected INTO wrong
  FROM (SELECT DISTINCT entry_id FROM added) n
  CROSS JOIN LATERAL (SELECT sum(payoff), count(*) AS legs FROM ledger_posting WHERE entry_id = n.entry_id OFFSET 0) a
  LEFT JOIN LATERAL (SELECT source, legs FROM ledger_entry WHERE id = n.entry_id OFFSET 0) e ON true
  WHERE a.sum <> 0 OR a.legs IS DISTINCT FROM e.legs LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'entry % does not balance: % cents over % postings, of % announced',
      wrong.source, wrong.sum, wrong.legs, wrong.expected USING ERRCODE = 'check_violation';
  END IF;
  SELECT (SELECT source FROM ledger_entry WHERE id = a.entry_id), a.code_id, c.key INTO wrong
  FROM (SELECT code_id, subledger_id, min(entry_id) AS entry_id FROM added GROUP BY code_id, subledger_id) a
  LEFT JOIN LATERAL (SELECT key, control FROM ledger_code WHERE key = a.code_id OFFSET 0) c ON true
  LEFT JOIN LATERAL (SELECT code_id FROM ledger_subledger WHERE id = a.subledger_id OFFSET 0) s ON true
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


class Migration(migrations.Migration):
    dependencies = [("ledger", "0016_unclaimed_code")]
    operations = [migrations.RunSQL(BALANCED, migrations.RunSQL.noop)]
