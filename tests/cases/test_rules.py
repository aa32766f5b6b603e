"""Words that a text orders, consent, quiet hours, and what a call was probably about."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.cases.queries.contacts import by_acts
from lamplighter.cases.rules import Command, answers_to, command_in, reply_subject
from lamplighter.customers.consent import Purpose, Wish, quiet, sendable_at, unsaid

ZONE = ZoneInfo("America/Los_Angeles")
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("said", "command"),
    [("STOP", Command.STOP), (" stop. ", Command.STOP), ("Opt Out", Command.STOP), ("unsubscribe!", Command.STOP),
     ("REVOKE", Command.STOP), ("start", Command.START), ("Help", Command.HELP), ("please stop by tomorrow", None),
     ("my power stopped", None), ("", None), ("停", None)],
)  # fmt: skip
def test_a_word_alone_is_a_command_and_a_sentence_is_not(said, command):
    assert command_in(said) is command


def test_a_mail_answers_what_its_references_name():
    references = ("<x@example.net>", "<N-7@marisolbaypower.example>", "<M-12@marisolbaypower.example>", "<M-13@>")
    assert answers_to(references, kind="M") == [12]
    assert answers_to(references, kind="N") == [7]


def test_a_reply_carries_one_re():
    assert reply_subject("RE: Fwd: re: My bill") == "Re: My bill"
    assert reply_subject("  ") == "Your message"


@given(instants, st.sampled_from([Purpose.SERVICE, Purpose.COLLECTION, Purpose.OUTAGE]))
def test_nothing_goes_out_at_night_and_everything_goes_out_by_morning(at, purpose):
    goes = sendable_at(unsaid(purpose), purpose, at=at, zone=ZONE)
    assert goes is not None
    assert at <= goes <= at + timedelta(hours=12)
    assert not quiet(unsaid(purpose), goes.astimezone(ZONE).time())


@given(instants, st.times(), st.times())
def test_quiet_hours_of_any_shape_end(at, start, end):
    wish = Wish(given=True, quiet_from=start, quiet_until=end)
    goes = sendable_at(wish, Purpose.SERVICE, at=at, zone=ZONE)
    assert goes is not None
    assert at <= goes <= at + timedelta(hours=26)


def test_without_consent_only_an_emergency_goes_out():
    at = datetime(2026, 11, 21, 9, tzinfo=UTC)  # one in the morning
    never = Wish(given=False, quiet_from=time(21), quiet_until=time(8))
    assert sendable_at(never, Purpose.OUTAGE, at=at, zone=ZONE) is None
    assert sendable_at(never, Purpose.EMERGENCY, at=at, zone=ZONE) == at
    assert not unsaid(Purpose.PROGRAMS).given


@pytest.mark.parametrize(
    ("acts", "reason"),
    [(["payments.payment.taken"], "payment"), (["credit.arrangement.made", "notices.notice.queued"], "plan"),
     (["accounts.agreement.stopped", "accounts.agreement.started"], "move"), (["customers.contacts.changed"], "data"),
     (["fieldwork.order.raised"], "order"), ([], "")],
)  # fmt: skip
def test_what_was_done_tells_why_they_called(acts, reason):
    assert by_acts(acts) == reason
