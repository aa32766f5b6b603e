"""Wordings, notices and deliveries are append-only; a version keeps what it says; sent words can only be erased."""

from django.db import migrations

from lamplighter.platform.schema import append_only, erase_only, keep_history

VERSION_STAYS = """
CREATE FUNCTION notices_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (OLD.id, OLD.code, OLD.channel, OLD.version, OLD.title, OLD.basis, OLD.fields,
                          OLD.drafted_by, OLD.drafted_at)
      IS DISTINCT FROM (NEW.id, NEW.code, NEW.channel, NEW.version, NEW.title, NEW.basis, NEW.fields,
                        NEW.drafted_by, NEW.drafted_at) THEN
    RAISE EXCEPTION 'a template version keeps what it says: draft the next version'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER version_stays BEFORE UPDATE OR DELETE ON notices_template
  FOR EACH ROW EXECUTE FUNCTION notices_version_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial"), ("platform", "0002_guards")]
    operations = [
        migrations.RunSQL(VERSION_STAYS, "DROP FUNCTION notices_version_stays CASCADE"),
        erase_only("notices_noticewords", key="notice_id"),
        *append_only("notices_wording", "notices_notice", "notices_delivery"),
        *keep_history("notices_template", "notices_sender"),
    ]
