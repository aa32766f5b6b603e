"""Share plans are never altered, and the shares of each add up to the whole."""

from django.db import migrations

from lamplighter.platform.schema import append_only

WHOLE = """
CREATE FUNCTION accounts_shares_are_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong bigint;
BEGIN
  SELECT plan_id INTO wrong FROM accounts_share WHERE plan_id IN (SELECT plan_id FROM added)
    GROUP BY plan_id HAVING sum(percent) <> 100 LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'the shares of plan % do not add up to 100 percent', wrong
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER whole AFTER INSERT ON accounts_share REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION accounts_shares_are_whole();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_shares"), ("platform", "0002_guards")]
    operations = [
        *append_only("accounts_shareplan", "accounts_share"),
        migrations.RunSQL(WHOLE, "DROP FUNCTION accounts_shares_are_whole CASCADE"),
    ]
