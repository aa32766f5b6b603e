"""The journal's lines are written from the tenders of the statement itself, which were read again twice before, by a plan
made anew each time; each digest is the same."""

from django.db import migrations

WRITE = """
CREATE OR REPLACE FUNCTION payments_journal_added() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE one record; whose text; line bigint; before text;
  sources text[] := '{}'; places bigint[] := '{}'; tenders bigint[] := '{}'; digests text[] := '{}';
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('journal:' || source_id, 0)) FROM (
    SELECT DISTINCT c.source_id FROM (SELECT DISTINCT control_id FROM added) a
    JOIN payments_tendercontrol c ON c.id = a.control_id ORDER BY 1) AS held;
  FOR one IN
    SELECT t.id, c.source_id, concat_ws('|', e.receipt, t.kind, t.amount, t.handed_over, t.reference,
      to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00', e.recorded_by) AS says
    FROM added t
    CROSS JOIN LATERAL (SELECT source_id FROM payments_tendercontrol WHERE id = t.control_id OFFSET 0) c
    CROSS JOIN LATERAL (
      SELECT receipt, recorded_at, recorded_by FROM payments_paymentevent WHERE id = t.event_id OFFSET 0) e
    ORDER BY c.source_id, t.id
  LOOP
    IF whose IS DISTINCT FROM one.source_id THEN
      whose := one.source_id;
      SELECT place, digest INTO line, before FROM payments_journalline WHERE source_id = whose
        ORDER BY place DESC LIMIT 1;
    END IF;
    line := coalesce(line, 0) + 1;
    before := encode(sha256(convert_to(
      coalesce(before, repeat('0', 64)) || E'\\n' || whose || '|' || line || '|tender|' || one.id || '|' || one.says,
      'UTF8')), 'hex');
    sources := sources || whose; places := places || line; tenders := tenders || one.id; digests := digests || before;
  END LOOP;
  INSERT INTO payments_journalline (source_id, place, act, of, digest)
  SELECT source, place, 'tender', tender, digest
  FROM unnest(sources, places, tenders, digests) AS made (source, place, tender, digest);
  RETURN NULL;
END $$;
DROP FUNCTION payments_journal_tenders;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0022_all_refer")]

    operations = [migrations.RunSQL(WRITE, migrations.RunSQL.noop)]
