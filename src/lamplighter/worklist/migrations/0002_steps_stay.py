"""Steps are append-only; items keep history, except of being merely seen again, which thousands are each night."""

from django.db import migrations

from lamplighter.platform.schema import append_only

HISTORY = """
CREATE TRIGGER keep_history AFTER UPDATE ON worklist_item FOR EACH ROW
  WHEN (to_jsonb(OLD) - '{times,last_seen_at}'::text[] IS DISTINCT FROM to_jsonb(NEW) - '{times,last_seen_at}'::text[])
  EXECUTE FUNCTION platform_keep_history('id');
CREATE TRIGGER keep_history_of_deleted AFTER DELETE ON worklist_item FOR EACH ROW
  EXECUTE FUNCTION platform_keep_history('id');
"""
NO_HISTORY = """
DROP TRIGGER keep_history ON worklist_item;
DROP TRIGGER keep_history_of_deleted ON worklist_item;
"""


class Migration(migrations.Migration):
    dependencies = [("worklist", "0001_initial"), ("platform", "0002_guards")]
    operations = [*append_only("worklist_step"), migrations.RunSQL(HISTORY, NO_HISTORY)]
