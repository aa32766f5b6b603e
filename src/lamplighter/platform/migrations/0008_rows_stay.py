"""A row to which rows without a foreign key refer is not deleted, and keeps its key."""

from django.db import migrations

STAYS = """
CREATE FUNCTION platform_row_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a row of % stays, and so does its key: others refer to it', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("platform", "0007_policy_terms")]
    operations = [migrations.RunSQL(STAYS, "DROP FUNCTION platform_row_stays CASCADE")]
