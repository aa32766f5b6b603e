"""What the database itself refuses, whoever asks: asked of the catalogue, so that no table is forgotten."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.contrib.auth.models import update_last_login
from django.db import IntegrityError, connection, transaction

from lamplighter.kernel.actors import staff
from lamplighter.platform.models import Event, PastRow, Remark, User
from lamplighter.platform.operations.events import record
from lamplighter.platform.operations.retention import erase_remarks
from lamplighter.platform.operations.users import add_user
from lamplighter.platform.queries.references import astray, references

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 18, tzinfo=UTC)
ADMIN = staff("ada")
MODELS = {model._meta.db_table: model for model in apps.get_models() if model.__module__.startswith("lamplighter.")}
TABLES = sorted(MODELS)
STAYS = (
    "accounts_share",
    "accounts_shareplan",
    "billing_adjustment",
    "billing_bill",
    "billing_billdocument",
    "billing_billline",
    "billing_billlinktry",
    "billing_billpiece",
    "billing_piecestep",
    "cases_attachment",
    "cases_messagestep",
    "cases_requeststep",
    "cases_requirementstep",
    "cases_verification",
    "credit_agencyfile",
    "credit_agencynews",
    "credit_agencypayment",
    "credit_arrangeddebt",
    "credit_assistancecheck",
    "credit_bureaufile",
    "credit_casestep",
    "credit_certificate",
    "credit_contactattempt",
    "credit_cover",
    "credit_depositdecision",
    "credit_fileddebt",
    "credit_furnisheddebt",
    "credit_furnishingstop",
    "credit_investigationstep",
    "credit_judgedbill",
    "credit_match",
    "credit_recovery",
    "credit_searchstep",
    "credit_setaside",
    "credit_weatherreport",
    "customers_consent",
    "credit_writeoff",
    "credit_writtenoffpart",
    "fieldwork_orderstep",
    "fieldwork_photo",
    "fieldwork_report",
    "incidents_incidentstep",
    "keyaccounts_adoptedcosts",
    "keyaccounts_adoptedplanning",
    "keyaccounts_adoptedsurroundings",
    "keyaccounts_contractalarm",
    "keyaccounts_contractsigning",
    "keyaccounts_goalreading",
    "keyaccounts_correction",
    "keyaccounts_dataconsent",
    "keyaccounts_datarelease",
    "keyaccounts_developmentstage",
    "keyaccounts_loadletter",
    "keyaccounts_obligationtest",
    "keyaccounts_paper",
    "keyaccounts_slidetemplate",
    "keyaccounts_termsdraft",
    "keyaccounts_touch",
    "keyaccounts_touchphoto",
    "ledger_departmentcode",
    "ledger_entry",
    "ledger_periodextract",
    "ledger_posting",
    "ledger_settlement",
    "ledger_settlementline",
    "ledger_subledger",
    "metering_lotmeter",
    "metering_metertest",
    "notices_batchedletter",
    "network_checkanswer",
    "network_commandstep",
    "network_message",
    "network_meterevent",
    "network_sighting",
    "notices_delivery",
    "notices_notice",
    "notices_wording",
    "outreach_confirmation",
    "outreach_invitation",
    "outreach_refusedline",
    "outreach_reply",
    "outreach_surveyanswer",
    "outreach_takenlist",
    "outreach_target",
    "outreach_told",
    "payments_bankdeposit",
    "payments_bankline",
    "payments_bankmatch",
    "payments_bankstatement",
    "payments_cardcharge",
    "payments_carddraw",
    "payments_cardevent",
    "payments_checkimage",
    "payments_blockedbank",
    "payments_controltotal",
    "payments_depositedcontrol",
    "payments_draft",
    "payments_draftfile",
    "payments_draftstep",
    "payments_drawercount",
    "payments_journalline",
    "payments_journalseal",
    "payments_overshort",
    "payments_payment",
    "payments_paymentevent",
    "payments_paymentsegment",
    "payments_refund",
    "payments_refundstep",
    "payments_refundway",
    "payments_remittance",
    "payments_remittedline",
    "payments_returnedtender",
    "payments_reversal",
    "payments_tender",
    "payments_transfer",
    "payments_turnin",
    "payments_unappliedstep",
    "payments_verification",
    "policies_adoption",
    "policies_review",
    "policies_version",
    "platform_accessrecord",
    "platform_event",
    "platform_legacykey",
    "platform_pastrow",
    "programs_borneshare",
    "programs_fundmove",
    "programs_offer",
    "programs_paper",
    "programs_reminder",
    "programs_sample",
    "ratestudies_forecastmonth",
    "ratestudies_revenuebudget",
    "ratestudies_revenuebudgetline",
    "ratestudies_review",
    "ratestudies_studyyear",
    "rebates_appliedincentive",
    "rebates_clawback",
    "rebates_commitment",
    "rebates_inspection",
    "rebates_rebatepaper",
    "rebates_rebatepayment",
    "rebates_saving",
    "tariffs_tarifftext",
    "usage_ignoredrevision",
    "usage_publication",
    "usage_registerread",
    "worklist_step",
    "workforce_assignment",
    "workforce_attempt",
    "workforce_dutydone",
    "workforce_dutyhandover",
    "workforce_dutyreturn",
    "workforce_listfinish",
    "workforce_logline",
    "workforce_module",
    "workforce_workreview",
)  # fmt: skip
STAYS_BUT = (  # for a cancellation, for words erased
    "billing_segment", "cases_message", "notices_noticewords", "platform_remark", "programs_household",
)  # fmt: skip
FROZEN = {"billing_segment"}
"""A segment is cancelled, and nothing else of it is ever written."""
TENDER = "(id, event_id, control_id, kind, amount, handed_over, reference) VALUES (7, 99, 1, 'card', 5, 5, '')"
PAYMENT = "(event_id, account_id, amount, entry_id)"
LEADING_NOWHERE = [
    ("payments_tender", "event_id", TENDER),
    ("payments_payment", "event_id", f"{PAYMENT} VALUES (99, 1, 5, 99)"),
    ("payments_paymentsegment", "payment_id", "(payment_id, agreement_id, amount) VALUES (99, 1, 5)"),
    ("billing_billline", "segment_id",
     ("(segment_id, place, code, label, kind, quantity, unit, price, amount, gl) "
     "VALUES (99, 0, 'x', 'x', 'x', 1, 'kWh', 1, 1, 'revenue')")),
    ("payments_journalline", "source_id", "(source_id, place, act, of, digest) VALUES ('99', 1, 'count', 1, 'x')"),
    ("billing_bill", "account_id",
     ("(number, account_id, origin, kind, issued_on, due_on, previous, received, corrected, charges, due, mark, "
     "issued_at, issued_by) VALUES ('x', 99, 'own', 'final', now(), now(), 0, 0, 0, 0, 0, 0, now(), 'x')")),
    ("billing_segment", "bill_id",
     ("(bill_id, agreement_id, period, kind, month, schedule, estimated, revision, statement, sha256, total, "
     "cancel_reason) VALUES (99, 1, '[2026-01-01,2026-02-01)', 'regular', now(), 'x', false, 1, '{}', 'x', 0, '')")),
]  # fmt: skip
MAY_CHANGE = [
    ("accounts_account", "id"), ("accounts_agreement", "id"), ("payments_tendersource", "key"),
    ("payments_tendercontrol", "id"), ("billing_cyclewindow", "id"),
]  # fmt: skip
"""A posting that leads nowhere is among the books' own tests."""
REFUSED = r"append-only|only the retention schedule"
NEITHER = {
    "accounts_accountwords": "is what stands elsewhere, put together anew when that changes",
    "cases_presence": "who looks at what just now",
    "billing_trialbill": "may be computed anew",
    "notices_outgoing": "what waits for a gateway; its steps tell the rest",
    "platform_requestkey": "a one-time key and its answer",
    "platform_run": "progress of work",
    "ratestudies_advice": "is found anew for everybody",
    "platform_storedfile": "names bytes by their digest",
    "usage_importedfile": "names a file by its digest",
    "usage_estimationscore": "is found anew for its channel",
    "usage_outage": "told from outside, and told again",
    "usage_dayweather": "told from outside, and told again",
}


@pytest.mark.parametrize("table", TABLES)
def test_a_table_stays_or_keeps_its_history(table):
    guards = triggers(table)
    assert bool(guards & {"append_only", "retention_only"}) == (table in {*STAYS, *STAYS_BUT})
    assert ("keep_history" in guards) == (table not in {*STAYS, *STAYS_BUT, *NEITHER})


@pytest.mark.parametrize("table", sorted({*TABLES} - {*NEITHER}))
def test_no_table_that_remembers_is_emptied_past_its_triggers(table):
    with pytest.raises(IntegrityError, match=r"TRUNCATE|only the retention schedule"), transaction.atomic():
        run("SET CONSTRAINTS ALL IMMEDIATE", f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("table", STAYS)
def test_what_happened_is_not_changed(table):
    """The refusal is the statement's: it does not wait for a row that it meets."""
    column = next(field.column for field in MODELS[table]._meta.concrete_fields)
    with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
        run(f"UPDATE {table} SET {column} = {column}")


@pytest.mark.parametrize("table", [*STAYS, *STAYS_BUT])
def test_what_happened_is_not_deleted(table):
    with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
        run(f"DELETE FROM {table}")


def test_what_has_no_foreign_key_is_looked_at_by_a_trigger_and_neither_end_ever_goes():
    found = list(references())
    assert found, "there are some"
    for model, field in found:
        table, to = model._meta.db_table, field.related_model._meta.db_table
        assert table in {*STAYS, *FROZEN}, f"{table}.{field.column} might be changed without a look"
        kept = to in {*STAYS, *STAYS_BUT} or triggers(to) & {"code_stays", "row_stays"}
        assert kept, f"{to} might lose what {table} refers to"
        assert {"refers", "balance"} & triggers(table), f"nobody looks where {table}.{field.column} leads"


@pytest.mark.parametrize(("table", "key"), MAY_CHANGE)
def test_what_is_referred_to_without_a_foreign_key_may_change_but_neither_goes_nor_gets_another_key(table, key):
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {key} = {key}"):
        with pytest.raises(IntegrityError, match=f"a row of {table} stays, and so does its key"), transaction.atomic():
            run(statement)


@pytest.mark.parametrize("column", ["bill_id", "agreement_id", "entry_id"])
def test_of_a_segment_nothing_is_written_but_that_it_was_cancelled(column):
    (row,) = (row for table, _, row in LEADING_NOWHERE if table == "billing_segment")
    run("SET LOCAL session_replication_role = replica", f"INSERT INTO billing_segment {row}")
    run("SET LOCAL session_replication_role = origin")
    with pytest.raises(IntegrityError, match="never edited: cancel it, once"):
        run(f"UPDATE billing_segment SET {column} = 7, cancelled_at = now()")


def test_no_look_at_what_rows_refer_to_reads_a_whole_table_by_a_plan_of_when_it_was_empty():
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname, proconfig FROM pg_proc WHERE proname LIKE '%\\_refers'")
        found = dict(cursor.fetchall())
    assert set(found) == {f"{model._meta.db_table}_refers" for model, _ in references()} - {"ledger_posting_refers"}
    assert all("enable_seqscan=off" in (settings or ()) for settings in found.values())


@pytest.mark.parametrize(("table", "column", "row"), LEADING_NOWHERE)
def test_a_row_that_leads_nowhere_is_refused_at_once(table, column, row):
    with pytest.raises(IntegrityError, match=f"{column} of {table} refers to 99, which is not there"):
        run(f"INSERT INTO {table} {row}")


def test_check_finds_a_row_that_came_in_past_the_triggers():
    assert astray() == []
    with transaction.atomic():
        run("SET LOCAL session_replication_role = replica", f"INSERT INTO payments_tender {TENDER}")
    assert astray() == [
        "payments_tender.event_id: 1 rows lead nowhere, to 99 first",
        "payments_tender.control_id: 1 rows lead nowhere, to 1 first",
    ]


def test_signing_in_is_no_history_of_a_login_but_a_new_name_is():
    user = add_user(username="dana", name="Dana Reyes", kind=User.Kind.STAFF, by=ADMIN, at=AT)
    update_last_login(None, user)
    User.objects.filter(pk=user.pk).update(name="Dana Reyes")
    assert not PastRow.objects.exists()
    User.objects.filter(pk=user.pk).update(name="Dana Ruiz")
    user.delete()
    assert [past.was["name"] for past in PastRow.objects.order_by("id")] == ["Dana Reyes", "Dana Ruiz"]


def test_the_words_of_a_remark_are_erased_but_never_altered():
    remark = record("accounts.note.written", subject="account:1", by=ADMIN, at=AT, remark="called at noon").remark
    for statement in (
        f"UPDATE platform_remark SET words = 'never called' WHERE id = {remark.pk}",
        f"UPDATE platform_remark SET id = id + 100, words = '', erased_at = now() WHERE id = {remark.pk}",
        "DELETE FROM platform_remark",
    ):
        with pytest.raises(IntegrityError, match=r"never altered|append-only"), transaction.atomic():
            run(statement)
    erase_remarks(remarks=[remark.pk], at=AT)
    assert str(Remark.objects.get()) == "(erased)"
    with pytest.raises(IntegrityError, match="never altered"), transaction.atomic():
        run("UPDATE platform_remark SET words = 'put back', erased_at = NULL")
    assert Event.objects.filter(remark=remark).exists()


def run(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def triggers(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled = 'O'",
            [table],
        )
        return {name for (name,) in cursor.fetchall()}


def test_what_a_model_calls_unique_is_so_in_the_database():
    """Also where only what is told is indexed."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT t.relname, a.attname FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
            JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
            WHERE i.indisunique AND i.indnkeyatts = 1
              AND (i.indpred IS NULL OR pg_get_expr(i.indpred, t.oid) = format('(%I IS NOT NULL)', a.attname))
        """)
        guarded = set(cursor.fetchall())
    said = {
        (table, field.column)
        for table, model in MODELS.items()
        for field in model._meta.local_concrete_fields
        if field.unique
    }
    assert ("billing_segment", "rebills_id") in said
    assert said - guarded == set()
