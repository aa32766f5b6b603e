"""A utility of so many customers, written by INSERT ... SELECT past triggers: the size is real, the people are not."""

from __future__ import annotations

import psycopg

FILL = """
INSERT INTO platform_user (id, password, username, kind, name, title, email, is_active, single_keys, theme, joined_at)
  VALUES (1, '', 'dana', 'staff', 'Dana Reyes', '', '', true, true, 'system', '2020-01-01');
INSERT INTO premises_jurisdiction VALUES ('city', 'City');
INSERT INTO accounts_cycle SELECT lpad(c::text, 2, '0'), 'Cycle ' || c FROM generate_series(1, 20) c;
INSERT INTO tariffs_schedule VALUES ('city/r-1', 'City', 'R-1', 'Residential', 'residential');
INSERT INTO payments_tendersource VALUES ('drawer', 'Drawer 1', 'drawer', 0, 'cash');
INSERT INTO payments_tendercontrol (id, source_id, state, opening_float, opened_by, opened_at)
  SELECT i, 'drawer', CASE WHEN i = 2000 THEN 'open' ELSE 'balanced' END, 0, 'staff:dana', now()
  FROM generate_series(1, 2000) i;
INSERT INTO customers_person (id, number, kind, name, sort_name, language, interpreter)
  SELECT i, i || '-' || i %% 10, 'human', md5(i::text) || ' ' || md5((i / 7)::text), md5((i / 7)::text), 'en', false
  FROM generate_series(1, %(n)s) i;
INSERT INTO customers_contactpoint (person_id, kind, value, "primary", period)
  SELECT i, kind, CASE kind WHEN 'email' THEN md5(i::text) || '@example.net' ELSE '+1510' || lpad(i::text, 7, '0') END,
         true, '[2020-01-01,)' FROM generate_series(1, %(n)s) i, unnest(ARRAY['mobile', 'email']) kind;
INSERT INTO premises_premise (id, number, street, unit, city, state, postcode, jurisdiction_id, use)
  SELECT i, i || '-' || i %% 10, i %% 9973 || ' ' || md5((i / 300)::text) || ' Ave', 'Apt ' || i %% 40, 'City', 'CA',
         '90555', 'city', 'residential' FROM generate_series(1, %(n)s) i;
INSERT INTO premises_servicepoint (id, number, premise_id, commodity, kind, feeder)
  SELECT i, i || '/1', i, 'electricity', 'metered', 'F' || i %% 90 FROM generate_series(1, %(n)s) i;
INSERT INTO metering_meter (id, badge, serial, commodity, maker, model, ami, switch)
  SELECT i, 'E-' || 10000000 + i, 'S' || i, 'electricity', '', '', true, true FROM generate_series(1, %(n)s) i;
INSERT INTO metering_channel (id, meter_id, name, quantity, flow, unit, power, interval, tou)
  SELECT i, i, 'kWh', 'energy', 'delivered', 'Wh', 0, 900, '' FROM generate_series(1, %(n)s) i;
INSERT INTO metering_installation (meter_id, point_id, span)
  SELECT i, i, '[2020-01-01,)' FROM generate_series(1, %(n)s) i;
INSERT INTO accounts_account (id, number, old_number, customer_class, cycle_id, dispatch, opened_on)
  SELECT i, 200000 + i || '-' || i %% 10, 'OLD' || i, 'residential', lpad((1 + i %% 20)::text, 2, '0'), 'paper',
         '2020-01-01' FROM generate_series(1, %(n)s) i;
INSERT INTO accounts_accountrole (account_id, person_id, role, period)
  SELECT i, i, 'main', '[2020-01-01,)' FROM generate_series(1, %(n)s) i;
INSERT INTO ledger_subledger (id, code_id) SELECT i, 'receivable' FROM generate_series(1, %(n)s) i;
INSERT INTO accounts_agreement (id, account_id, kind, premise_id, subledger_id, period, started_by)
  SELECT i, i, 'energy', i, i, '[2020-01-01,)', 'staff:dana' FROM generate_series(1, %(n)s) i;
INSERT INTO accounts_agreementpoint (agreement_id, point_id, use, period)
  SELECT i, i, 'add', '[2020-01-01,)' FROM generate_series(1, %(n)s) i;
INSERT INTO accounts_agreementrate (agreement_id, schedule_id, rider, period)
  SELECT i, 'city/r-1', false, '[2020-01-01,)' FROM generate_series(1, %(n)s) i;
INSERT INTO ledger_entry (id, source, kind, effective_on, accounting_on, posted_at, posted_by, legs)
  SELECT i, 'e:' || i, CASE WHEN i > %(n)s THEN 'payment' ELSE 'bill' END, '2026-09-01', '2026-09-01', now(),
         'system:x', 2 FROM generate_series(1, 2 * %(n)s) i;
INSERT INTO ledger_posting (entry_id, code_id, subledger_id, payoff, current, owed_on, component)
  SELECT i, code, CASE code WHEN 'receivable' THEN 1 + (i - 1) %% %(n)s END, cents, CASE code WHEN 'receivable'
         THEN cents ELSE 0 END, CASE WHEN i <= %(n)s AND code = 'receivable' THEN date '2026-09-01' END, ''
  FROM generate_series(1, 2 * %(n)s) i, LATERAL (VALUES
    ('receivable', CASE WHEN i > %(n)s THEN -1 ELSE 1 END * (5000 + i %% 9000)),
    (CASE WHEN i > %(n)s THEN 'cash-drawers' ELSE 'revenue-residential' END,
     CASE WHEN i > %(n)s THEN 1 ELSE -1 END * (5000 + i %% 9000))) leg (code, cents);
INSERT INTO billing_bill (id, number, account_id, origin, kind, issued_on, due_on, previous, received, corrected,
                          charges, due, mark, issued_at, issued_by)
  SELECT i, i || '-' || i %% 10, i, 'cycle', 'bill', '2026-09-01', '2026-09-22', 0, 0, 0, 5000 + i %% 9000,
         5000 + i %% 9000, 0, now(), 'system:x' FROM generate_series(1, %(n)s) i;
INSERT INTO payments_paymentevent (id, receipt, received_on, recorded_at, recorded_by)
  SELECT i, 20000 + i || '-' || i %% 10, '2026-09-10', now(), 'staff:dana' FROM generate_series(1, %(n)s) i;
INSERT INTO payments_tender (event_id, control_id, kind, amount, handed_over, reference)
  SELECT i, 1 + i %% 1999, 'cash', 5000 + i %% 9000, 5000 + i %% 9000, '' FROM generate_series(1, %(n)s) i;
INSERT INTO payments_payment (id, event_id, account_id, amount, entry_id)
  SELECT i, i, i, 5000 + i %% 9000, %(n)s + i FROM generate_series(1, %(n)s) i;
INSERT INTO payments_paymentsegment (payment_id, agreement_id, amount)
  SELECT i, i, 5000 + i %% 9000 FROM generate_series(1, %(n)s) i;
INSERT INTO platform_event (name, subject, account, actor, at, reason, data)
  SELECT 'accounts.account.opened', 'account:' || i, i, CASE WHEN i %% 5 = 0 THEN 'staff:dana' ELSE 'staff:u' || i %% 50
         END, timestamptz '2020-01-01' + i * interval '1 minute', '', '{}' FROM generate_series(1, 2 * %(n)s) i;
INSERT INTO platform_pastrow (table_name, row_id, was, changed_at, actor)
  SELECT 'accounts_account', i, '{}', timestamptz '2020-01-01' + i * interval '1 minute', 'staff:u' || i %% 50
  FROM generate_series(1, %(n)s) i;
INSERT INTO platform_accessrecord (actor, subject, permission, at)
  SELECT 'staff:u' || i %% 50, 'person:' || i, 'identity.view', timestamptz '2020-01-01' + i * interval '1 minute'
  FROM generate_series(1, %(n)s) i;
INSERT INTO platform_approval (kind, subject, account, summary, proposal, permission, state, asked_by, asked_at)
  SELECT 'x.y', 's:' || i, i, 'x', '{}', 'adjustments.approve', CASE WHEN i %% 1000 = 0 THEN 'waiting' ELSE 'approved'
         END, 'staff:u1', now() FROM generate_series(1, %(n)s / 10) i;
INSERT INTO notices_template (id, code, channel, version, title, basis, fields, state, drafted_by, drafted_at,
                              adopted_by, adopted_at)
  VALUES (1, 'bill-ready', 'email', 1, 'Bill', '', '[]', 'adopted', 'system:x', now(), 'staff:y', now());
INSERT INTO notices_notice (id, source, template_id, channel, language, wanted_language, subject, account, recipient,
                            composed_at, composed_by)
  SELECT i, 'n:' || i, 1, (ARRAY['email', 'letter', 'text'])[1 + i %% 3], 'en', 'en', 'bill:' || i, i, 'person:' || i,
         now(), 'system:x' FROM generate_series(1, %(n)s) i;
INSERT INTO notices_noticewords (notice_id, address, sheets, lines)
  SELECT i, '["a@example.net"]', '[["en", [["subject", "x"], ["body", "y"]]]]', '[]' FROM generate_series(1, %(n)s) i;
INSERT INTO notices_delivery (notice_id, step, happened_at, proof, recorded_at, recorded_by)
  SELECT i, step, now(), CASE step WHEN 'queued' THEN '' ELSE 'file:' || i END, now(), 'system:x'
  FROM generate_series(1, %(n)s) i, unnest(ARRAY['queued', 'handed_over']) step
  WHERE step = 'queued' OR i < %(n)s - 200;
INSERT INTO worklist_item (id, kind, dedupe, subject, account, summary, data, severity, state, owner, outcome,
                           raised_at, raised_by, due_at, times, last_seen_at, ended_at)
  SELECT i, (ARRAY['billing.parked', 'usage.exception'])[1 + i %% 2], 'd:' || i, 's:' || i, i, 'x', '{}', 1,
         CASE WHEN i %% 50 = 0 THEN 'open' ELSE 'done' END, NULL, CASE WHEN i %% 50 = 0 THEN '' ELSE 'resolved' END,
         now(), 'system:x', now() + i * interval '1 second', 1, now(), CASE WHEN i %% 50 = 0 THEN NULL ELSE now() END
  FROM generate_series(1, %(n)s) i;
INSERT INTO worklist_step (item_id, act, at, by, outcome)
  SELECT i, 'raised', now(), 'system:x', '' FROM generate_series(1, %(n)s) i;
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, status, attempts)
  SELECT 'default', 'notices.hand-over', 0, 'l' || i, 'q' || i, '{}',
         (CASE WHEN i %% 1000 = 0 THEN 'todo' ELSE 'succeeded' END)::procrastinate_job_status, 1
  FROM generate_series(1, %(n)s / 10) i;
"""
EXCLUSIONS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'x'
  AND connamespace = 'public'::regnamespace
"""


def fill(url: str, people: int) -> None:
    """Into a database that was migrated and is empty, once Django is up. Foreign keys and triggers are not asked."""
    from lamplighter.ledger.chart import chart

    with psycopg.connect(url, autocommit=True) as session:
        session.execute("SET session_replication_role = replica")
        session.execute("SET synchronous_commit = off")
        session.execute("SET maintenance_work_mem = '512MB'")
        for code in chart():
            session.execute(
                "INSERT INTO ledger_code (key, number, name, kind, fund, control) VALUES (%s, %s, %s, %s, %s, %s)",
                (code.key, code.number, code.name, code.kind, code.fund, code.control),
            )
        exclusions = session.execute(EXCLUSIONS).fetchall()  # built at the end, at once, instead of row by row
        for table, name, _ in exclusions:
            session.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for statement in FILL.split(";\n"):
            if statement.strip():
                session.execute(statement % {"n": people})
        for table, name, definition in exclusions:
            session.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        session.execute("VACUUM ANALYZE")
