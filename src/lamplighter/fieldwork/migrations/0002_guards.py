"""Steps, reports and photos are append-only; an order's state is moved by its steps alone, in their strict sequence."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history

STEPS = """
CREATE FUNCTION fieldwork_take_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  now_in text;
  steps int;
BEGIN
  SELECT state INTO now_in FROM fieldwork_order WHERE id = NEW.order_id FOR UPDATE;
  SELECT count(*) INTO steps FROM fieldwork_orderstep WHERE order_id = NEW.order_id;
  IF NEW.serial <> steps + 1 OR (steps = 0 AND NEW.was <> '') OR (steps > 0 AND NEW.was <> now_in) THEN
    RAISE EXCEPTION 'order % is %, step % from "%" is out of sequence', NEW.order_id, now_in, NEW.serial, NEW.was
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (NEW.was, NEW.state) NOT IN (
    ('', 'pending'), ('pending', 'waiting'), ('pending', 'faulty'), ('faulty', 'waiting'), ('faulty', 'discarded'),
    ('waiting', 'in-progress'), ('waiting', 'discarded'), ('in-progress', 'complete'), ('in-progress', 'waiting'),
    ('in-progress', 'discarded')
  ) THEN
    RAISE EXCEPTION 'an order does not go from "%" to "%"', NEW.was, NEW.state
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  UPDATE fieldwork_order SET state = NEW.state WHERE id = NEW.order_id;
  RETURN NEW;
END $$;
CREATE TRIGGER take_step BEFORE INSERT ON fieldwork_orderstep FOR EACH ROW EXECUTE FUNCTION fieldwork_take_step();

CREATE FUNCTION fieldwork_by_steps_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (TG_OP = 'INSERT' AND NEW.state <> 'pending')
     OR (TG_OP = 'UPDATE' AND NEW.state <> OLD.state AND pg_trigger_depth() < 2) THEN
    RAISE EXCEPTION 'an order moves by its steps alone: % refused', TG_OP
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER by_steps_only BEFORE INSERT OR UPDATE OR DELETE ON fieldwork_order
  FOR EACH ROW EXECUTE FUNCTION fieldwork_by_steps_only();
"""
NO_STEPS = """
DROP TRIGGER take_step ON fieldwork_orderstep;
DROP FUNCTION fieldwork_take_step;
DROP TRIGGER by_steps_only ON fieldwork_order;
DROP FUNCTION fieldwork_by_steps_only;
"""


class Migration(migrations.Migration):
    dependencies = [("fieldwork", "0001_initial"), ("platform", "0002_guards")]
    operations = [
        migrations.RunSQL(STEPS, NO_STEPS),
        *append_only("fieldwork_orderstep", "fieldwork_report", "fieldwork_photo"),
        *keep_history("fieldwork_area", "fieldwork_crew", key="key"),
        *keep_history(
            "fieldwork_crewmember", "fieldwork_shift", "fieldwork_order", "fieldwork_task", "fieldwork_visit",
            "fieldwork_sitenote",
        ),
    ]  # fmt: skip
