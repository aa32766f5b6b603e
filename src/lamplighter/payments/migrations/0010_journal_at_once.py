"""The journal's lines of a batch are written by one INSERT; each digest is the same as before."""

from django.db import migrations

WRITE = """
CREATE OR REPLACE FUNCTION payments_journal_tenders(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE one record; whose text; line bigint; before text;
  sources text[] := '{}'; places bigint[] := '{}'; tenders bigint[] := '{}'; digests text[] := '{}';
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('journal:' || source_id, 0)) FROM (
    SELECT DISTINCT c.source_id FROM payments_tender t JOIN payments_tendercontrol c ON c.id = t.control_id
    WHERE t.id = ANY(ids) ORDER BY 1) AS held;
  FOR one IN
    SELECT t.id, c.source_id, concat_ws('|', e.receipt, t.kind, t.amount, t.handed_over, t.reference,
      to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00', e.recorded_by) AS says
    FROM payments_tender t JOIN payments_paymentevent e ON e.id = t.event_id
    JOIN payments_tendercontrol c ON c.id = t.control_id WHERE t.id = ANY(ids) ORDER BY c.source_id, t.id
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
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0009_cards")]

    operations = [migrations.RunSQL(WRITE, migrations.RunSQL.noop)]
