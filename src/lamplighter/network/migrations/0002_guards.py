"""Messages, steps, sightings and events are append-only; a command's state is moved by its steps alone."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history

STEPS = """
CREATE FUNCTION network_take_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  now_in text;
  steps int;
BEGIN
  SELECT state INTO now_in FROM network_command WHERE id = NEW.command_id FOR UPDATE;
  SELECT count(*) INTO steps FROM network_commandstep WHERE command_id = NEW.command_id;
  IF NEW.serial <> steps + 1 OR (steps = 0 AND NEW.was <> '') OR (steps > 0 AND NEW.was <> now_in) THEN
    RAISE EXCEPTION 'command % is %, step % from "%" is out of sequence', NEW.command_id, now_in, NEW.serial, NEW.was
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (NEW.was, NEW.state) NOT IN (
    ('', 'created'), ('created', 'sent'), ('created', 'failed'), ('created', 'timed-out'), ('sent', 'accepted'),
    ('sent', 'completed'), ('sent', 'failed'), ('sent', 'timed-out'), ('accepted', 'completed'),
    ('accepted', 'failed'), ('accepted', 'timed-out')
  ) THEN
    RAISE EXCEPTION 'a command does not go from "%" to "%"', NEW.was, NEW.state
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  UPDATE network_command SET state = NEW.state,
    ended_at = CASE WHEN NEW.state IN ('completed', 'failed', 'timed-out') THEN NEW.at END,
    words = CASE WHEN NEW.state IN ('completed', 'failed', 'timed-out') THEN NEW.words ELSE words END,
    next_at = CASE WHEN NEW.state IN ('completed', 'failed', 'timed-out') THEN NULL ELSE next_at END
  WHERE id = NEW.command_id;
  RETURN NEW;
END $$;
CREATE TRIGGER take_step BEFORE INSERT ON network_commandstep FOR EACH ROW EXECUTE FUNCTION network_take_step();

CREATE FUNCTION network_by_steps_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (TG_OP = 'INSERT' AND NEW.state <> 'created')
     OR (TG_OP = 'UPDATE' AND NEW.state <> OLD.state AND pg_trigger_depth() < 2) THEN
    RAISE EXCEPTION 'a command moves by its steps alone: % refused', TG_OP
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER by_steps_only BEFORE INSERT OR UPDATE OR DELETE ON network_command
  FOR EACH ROW EXECUTE FUNCTION network_by_steps_only();
"""
NO_STEPS = """
DROP TRIGGER take_step ON network_commandstep;
DROP FUNCTION network_take_step;
DROP TRIGGER by_steps_only ON network_command;
DROP FUNCTION network_by_steps_only;
"""


class Migration(migrations.Migration):
    dependencies = [("network", "0001_initial"), ("platform", "0002_guards")]
    operations = [
        migrations.RunSQL(STEPS, NO_STEPS),
        *append_only("network_message", "network_commandstep", "network_sighting", "network_meterevent"),
        *keep_history("network_headend", key="key"),
        *keep_history("network_command", but=("tries", "next_at")),
    ]
