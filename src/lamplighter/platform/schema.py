"""What migrations ask of the database beyond tables: append-only tables and history of mutable ones.

Plain triggers of our own, not a library's: they cannot be switched off from Python (docs/adr/0003-triggers.md).
"""

from __future__ import annotations

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION platform_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused. Write a correcting row instead.', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION platform_words_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.erased_at IS NOT NULL OR NEW.erased_at IS NULL
    OR to_jsonb(OLD) ->> TG_ARGV[0] IS DISTINCT FROM to_jsonb(NEW) ->> TG_ARGV[0] THEN
    RAISE EXCEPTION '% keeps words as they were: never altered, only erased', TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION platform_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO platform_pastrow (table_name, row_id, was, changed_at, actor)
  VALUES (TG_TABLE_NAME, to_jsonb(OLD) ->> TG_ARGV[0], to_jsonb(OLD), clock_timestamp(),
          coalesce(nullif(current_setting('lamplighter.actor', true), ''), 'system:unnamed'));
  RETURN NULL;
END $$;

CREATE FUNCTION platform_history_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% keeps its history: TRUNCATE would go past it', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION platform_retention_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'DELETE' OR current_setting('lamplighter.retention', true) IS DISTINCT FROM 'on' THEN
    RAISE EXCEPTION '% keeps what rows were: only the retention schedule deletes from it', TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
"""

DROP_FUNCTIONS = (
    "DROP FUNCTION platform_append_only CASCADE; DROP FUNCTION platform_words_stay CASCADE; "
    "DROP FUNCTION platform_keep_history CASCADE; DROP FUNCTION platform_history_stays CASCADE; "
    "DROP FUNCTION platform_retention_only CASCADE;"
)


def append_only(*tables: str) -> list[migrations.RunSQL]:
    """Refuse UPDATE, DELETE and TRUNCATE on these tables."""
    return [
        migrations.RunSQL(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION platform_append_only()",
            f"DROP TRIGGER append_only ON {table}",
        )
        for table in tables
    ]


def retention_only(table: str) -> migrations.RunSQL:
    """Refuse UPDATE and TRUNCATE, and DELETE but by the retention schedule: past rows may hold personal data."""
    return migrations.RunSQL(
        f"CREATE TRIGGER retention_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION platform_retention_only()",
        f"DROP TRIGGER retention_only ON {table}",
    )


def erase_only(table: str, *, key: str = "id") -> migrations.RunSQL:
    """Refuse DELETE and TRUNCATE, and UPDATE but the one by which a row's words are erased (`erased_at`)."""
    return migrations.RunSQL(
        f"CREATE TRIGGER words_stay BEFORE UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION platform_words_stay('{key}');"
        f"CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION platform_append_only()",
        f"DROP TRIGGER words_stay ON {table}; DROP TRIGGER append_only ON {table}",
    )


def keep_history(*tables: str, key: str = "id", but: tuple[str, ...] = ()) -> list[migrations.RunSQL]:
    """Keep what a row was, by whom it was changed and when, in platform_pastrow. `key` is the primary key.

    An update that changes nothing, or nothing `but` columns that are no history, keeps nothing.
    """
    left_out = f"'{{{','.join(but)}}}'::text[]"
    changed = (
        f"to_jsonb(OLD) - {left_out} IS DISTINCT FROM to_jsonb(NEW) - {left_out}"
        if but
        else ("OLD IS DISTINCT FROM NEW")
    )
    kept = f"EXECUTE FUNCTION platform_keep_history('{key}')"
    return [
        migrations.RunSQL(
            f"CREATE TRIGGER keep_history AFTER UPDATE ON {table} FOR EACH ROW WHEN ({changed}) {kept};"
            f"CREATE TRIGGER keep_history_of_deleted AFTER DELETE ON {table} FOR EACH ROW {kept};"
            f"CREATE TRIGGER history_stays BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION platform_history_stays()",
            f"DROP TRIGGER keep_history ON {table}; DROP TRIGGER keep_history_of_deleted ON {table}; "
            f"DROP TRIGGER history_stays ON {table}",
        )
        for table in tables
    ]


def create_sequences(**series: int) -> list[migrations.RunSQL]:
    """A number series each, by name and first number (platform.numbering)."""
    return [
        migrations.RunSQL(f"CREATE SEQUENCE number_{name} START {start}", f"DROP SEQUENCE number_{name}")
        for name, start in series.items()
    ]


def row_stays(table: str, key: str = "id") -> migrations.RunSQL:
    """Refuse DELETE, and UPDATE of the key: rows without a foreign key refer to it. All else may change."""
    return migrations.RunSQL(
        f"CREATE TRIGGER row_stays BEFORE DELETE OR UPDATE OF {key} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION platform_row_stays()",
        f"DROP TRIGGER row_stays ON {table}",
    )


def unique_where_told(table: str, column: str) -> migrations.RunSQL:
    """Index a unique column that most rows leave empty (a OneToOneField) only where it is told. What is empty is never
    a duplicate, and each row of a bill run would be put into an index that finds nobody."""
    name = f"{table}_{column}_key"
    return migrations.RunSQL(
        f"ALTER TABLE {table} DROP CONSTRAINT {name}; "
        f"CREATE UNIQUE INDEX {name} ON {table} ({column}) WHERE {column} IS NOT NULL",
        f"DROP INDEX {name}; ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE ({column})",
    )


def refers(table: str, **to: str) -> migrations.RunSQL:
    """Look once a statement, not once a row, whether what new rows refer to is there: `entry_id="ledger_entry"`, or
    `source_id="payments_tendersource.key"` where its key is another than `id`. All columns of a table that are looked
    at so; said again, these take the place of those before.

    In place of a foreign key, for tables and columns that are never changed, to tables from which nothing is ever
    deleted (docs/adr/0023-references-of-a-batch.md). Asked key by key, and never by reading a whole table: the plan is
    kept, and may have been made while the table was empty.
    """
    leads = [(column, *f"{parent}.id".split(".")[:2]) for column, parent in to.items()]
    missing = " UNION ALL ".join(
        f"SELECT '{column}', a.key::text FROM (SELECT DISTINCT {column} AS key FROM added) a WHERE a.key IS NOT NULL "  # noqa: S608
        f"AND (SELECT p.{key} FROM {parent} p WHERE p.{key} = a.key) IS NULL"
        for column, parent, key in leads
    )
    looked_at = f"""
CREATE OR REPLACE FUNCTION {table}_refers() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE missing record;
BEGIN
  SELECT * INTO missing FROM ({missing} LIMIT 1) AS found (place, key);
  IF FOUND THEN
    RAISE EXCEPTION '% of {table} refers to %, which is not there', missing.place, missing.key
      USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER refers AFTER INSERT ON {table} REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION {table}_refers();
"""  # noqa: S608 - tables and columns of our own
    return migrations.RunSQL(looked_at, f"DROP FUNCTION {table}_refers CASCADE")
