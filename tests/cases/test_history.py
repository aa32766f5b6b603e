"""The whole history is searched by its indexes, however many years of it there are."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from lamplighter.cases.models import Contact, Message
from lamplighter.cases.queries.history import holding, noted, search_history, written

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 18, tzinfo=UTC)
MANY = 20_000


def filled(sql: str, table: str, *trigrams: str) -> None:
    """So many rows, known to the planner as the nightly vacuum leaves them."""
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} FROM generate_series(1, {MANY}) AS n")
        cursor.execute(f"ANALYZE {table}")
        for index in trigrams:
            cursor.execute("SELECT gin_clean_pending_list(%s)", [index])


def test_remarks_are_found_by_their_index():
    filled(
        "INSERT INTO platform_remark (words, written_at) SELECT md5(n::text) || ' said so', now()",
        "platform_remark",
        "remark_trigrams",
    )
    filled(
        "INSERT INTO platform_event (name, subject, actor, at, reason, data, remark_id) SELECT 'a.b', 'account:1', "
        "'staff:x', now(), '', '{}', (SELECT min(id) - 1 FROM platform_remark) + n",
        "platform_event",
    )
    assert "remark_trigrams" in noted(["kiln", "garage"]).explain()


def test_messages_are_found_by_their_indexes():
    filled(
        "INSERT INTO cases_contact (means, direction, party, began_at, reason, outcome) "
        "SELECT 'email', 'in', md5(n::text) || '@example.net', now(), '', ''",
        "cases_contact",
        "contact_party_trigrams",
    )
    filled(
        "INSERT INTO cases_message (contact_id, message_id, subject, body, written_at) "
        "SELECT (SELECT min(id) - 1 FROM cases_contact) + n, n::text, md5((n + 1)::text), md5((n + 2)::text), now()",
        "cases_message",
        "message_body_trigrams",
        "message_subject_trigrams",
    )
    rows = Message.objects.order_by("-pk")
    assert "message_body_trigrams" in holding(rows, "body", ["kiln"]).explain()
    assert "message_subject_trigrams" in holding(rows, "subject", ["kiln"]).explain()
    assert "contact_party_trigrams" in holding(Contact.objects.order_by("-pk"), "party", ["kiln"]).explain()


def test_letters_are_found_by_their_index():
    filled(
        "INSERT INTO notices_template (code, channel, version, title, basis, fields, state, drafted_by, drafted_at) "
        "SELECT 'c' || n, 'letter', 1, 'A letter', '', '[]', 'draft', 'staff:x', now()",
        "notices_template",
    )
    filled(
        "INSERT INTO notices_notice (source, channel, language, wanted_language, subject, recipient, composed_at, "
        "composed_by, template_id) SELECT n::text, 'letter', 'en', 'en', 'account:1', 'person:1', now(), 'staff:x', "
        "(SELECT min(id) FROM notices_template)",
        "notices_notice",
    )
    filled(
        "INSERT INTO notices_noticewords (notice_id, address, sheets, lines) SELECT (SELECT min(id) - 1 FROM "
        """notices_notice) + n, '[]', ('[["en", [["subject", "About it"], ["body", "' || md5(n::text) || '"]]]]')"""
        "::jsonb, '[]'",
        "notices_noticewords",
        "notice_words_trigrams",
    )
    assert "notice_words_trigrams" in written(["kiln"]).explain()
    assert search_history("body") == [], "the name of a block is no word of a letter"
    assert len(search_history("About")) == 200
