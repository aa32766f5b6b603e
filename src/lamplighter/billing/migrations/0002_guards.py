"""Bills and lines stay; of a frozen segment only its cancellation may be written, once."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history

CANCEL_ONLY = """
CREATE FUNCTION billing_segment_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.cancelled_at IS NOT NULL OR NEW.cancelled_at IS NULL
    OR to_jsonb(NEW) - '{cancelled_at,cancelled_by,cancel_reason,cancel_entry_id}'::text[]
       <> to_jsonb(OLD) - '{cancelled_at,cancelled_by,cancel_reason,cancel_entry_id}'::text[] THEN
    RAISE EXCEPTION 'a frozen segment is never edited: cancel it, once, and bill again'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE ON billing_segment
  FOR EACH ROW EXECUTE FUNCTION billing_segment_frozen();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON billing_segment
  FOR EACH STATEMENT EXECUTE FUNCTION platform_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial"), ("platform", "0002_guards")]
    operations = [
        migrations.RunSQL(
            CANCEL_ONLY,
            "DROP FUNCTION billing_segment_frozen CASCADE; DROP TRIGGER append_only ON billing_segment",
        ),
        *append_only("billing_bill", "billing_billline", "billing_adjustment", "billing_billdocument"),
        *keep_history("billing_cyclewindow", "billing_billingpolicy", "billing_parked", "billing_rebillrequest"),
    ]
