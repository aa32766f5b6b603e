"""The database writes each tender into its journal as it is taken; journals are sealed every day; what came back of an
event with several tenders is kept."""

import django.db.models.deletion
from django.db import migrations, models

from lamplighter.platform.schema import append_only

WRITE = """
CREATE FUNCTION payments_journal_tenders(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE one record; whose text; line bigint; before text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('journal:' || source_id, 0)) FROM (
    SELECT DISTINCT c.source_id FROM payments_tender t JOIN payments_tendercontrol c ON c.id = t.control_id
    WHERE t.id = ANY(ids) ORDER BY 1) AS sources;
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
    INSERT INTO payments_journalline (source_id, place, act, of, digest) VALUES (whose, line, 'tender', one.id, before);
  END LOOP;
END $$;
CREATE FUNCTION payments_journal_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM payments_journal_tenders(array_agg(id)) FROM added HAVING count(*) > 0;
  RETURN NULL;
END $$;
CREATE TRIGGER journal AFTER INSERT ON payments_tender REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION payments_journal_added();
SELECT payments_journal_tenders(array_agg(id)) FROM (
  SELECT t.id FROM payments_tender t
  WHERE EXISTS (SELECT 1 FROM payments_journalline o WHERE o.act = 'opened' AND o.of = t.control_id)
    AND NOT EXISTS (SELECT 1 FROM payments_journalline l WHERE l.act = 'tender' AND l.of = t.id)
) AS untold HAVING count(*) > 0;
"""
RETURNED_BEFORE = """
INSERT INTO payments_returnedtender (tender_id, reversal_id)
SELECT t.id, r.id FROM payments_tender t JOIN payments_reversal r ON r.event_id = t.event_id WHERE r.reason = 'returned'
"""
FORGET = "DROP FUNCTION payments_journal_added CASCADE; DROP FUNCTION payments_journal_tenders"


class Migration(migrations.Migration):
    dependencies = [("payments", "0005_cash")]

    operations = [
        migrations.RunSQL(WRITE, FORGET),
        migrations.CreateModel(
            name="JournalSeal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seals",
                        to="payments.tendersource",
                    ),
                ),
                ("on", models.DateField()),
                ("place", models.BigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("source", "place"), name="journal_sealed_once")],
            },
        ),
        migrations.CreateModel(
            name="ReturnedTender",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tender",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returned",
                        to="payments.tender",
                    ),
                ),
                (
                    "reversal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returned",
                        to="payments.reversal",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(RETURNED_BEFORE, migrations.RunSQL.noop),
        *append_only("payments_journalseal", "payments_returnedtender"),
    ]
