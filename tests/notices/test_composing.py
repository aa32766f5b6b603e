"""What was shown is what is sent, once, or nothing is."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.models import Notice, NoticeWords
from lamplighter.notices.operations import (
    CannotRecord,
    compose,
    erase_words,
    load_starter_templates,
    queue,
)
from lamplighter.notices.queries import CannotCompose, draft, drafts, notices_of
from lamplighter.platform.models import Event
from tests.notices.conftest import AT, CONTENT, DANA, ENGLISH, HOME, NAME, TOWN, VALUES, adopt, ask, composed


def test_a_notice_says_what_its_draft_said(reminder):
    shown = draft(ask())
    (notice,) = compose(drafts=[shown], by=DANA, at=AT)
    assert notice.words.read == shown.rendered.sheets
    assert tuple(notice.words.address) == HOME
    assert (notice.language, notice.wanted_language, notice.fallback) == ("vi", "vi", False)
    assert (notice.template, notice.account, notice.recipient, notice.composed_by) == (reminder, 7, "person:8812", DANA)
    assert list(notices_of(account=7)) == [notice]


def test_a_draft_of_an_older_version_is_refused(reminder):
    shown = draft(ask())
    adopt(replace(CONTENT, title="The same words, another version"))
    with pytest.raises(CannotCompose, match=r"changed since\. Look at it again"):
        compose(drafts=[shown], by=DANA, at=AT)
    assert compose(drafts=[draft(ask())], by=DANA, at=AT)


def test_so_is_one_that_names_an_old_telephone_number(reminder, utility):
    shown = draft(ask())
    utility.phone = "(510) 555-0199"
    utility.save()
    with pytest.raises(CannotCompose, match="sender changed"):
        compose(drafts=[shown], by=DANA, at=AT)


def test_the_same_source_is_composed_once(reminder):
    composed()
    with pytest.raises(CannotCompose, match="composed before"):
        composed()
    assert Notice.objects.count() == 1


def test_without_an_adopted_template_nothing_is_composed(utility):
    with pytest.raises(CannotCompose, match="no adopted letter template 'reminder'"):
        draft(ask())


def test_without_a_sender_no_email_goes_out(db):
    load_starter_templates(by=TOWN, at=AT, demo_town=True)
    with pytest.raises(CannotCompose, match="utility's email is not set"):
        draft(ask(code="payment-receipt", channel=Channel.EMAIL, address=("hoa@example.net",)))
    with pytest.raises(CannotCompose, match="utility's phone is not set"):
        draft(ask(code="language-line", channel=Channel.TEXT, address=("(510) 555-0142",), values={}))


def test_missing_and_unknown_fields_are_refused_by_name(reminder):
    wrong = {**VALUES, "nonsense": "x"}
    del wrong["amount"]
    with pytest.raises(CannotCompose, match=r"amount is missing\. nonsense is not a field"):
        draft(ask(values=wrong))


def test_one_bad_request_does_not_stop_the_others(reminder, django_assert_max_num_queries):
    asked = [ask(source=f"test:{n}") for n in range(30)] + [ask(source="bad", address=("no envelope",))]
    with django_assert_max_num_queries(3):
        found = drafts(asked)
    assert len(found.drafts) == 30
    assert [(r.request.source, r.finding.message[:16]) for r in found.refused] == [("bad", "A letter's addre")]
    assert len(compose(drafts=found.drafts, by=DANA, at=AT)) == 30


def test_a_missing_translation_is_told_to_the_caller_and_in_an_event(reminder):
    shown = draft(ask(language=Language.SPANISH))
    assert shown.rendered.fallback
    assert [finding.code for finding in shown.findings] == ["notices.untranslated"]
    (notice,) = compose(drafts=[shown], by=DANA, at=AT)
    assert (notice.language, notice.wanted_language, notice.fallback) == ("en", "es", True)
    assert notice.words.lines[0] == ["es", "Ayuda gratis: (510) 555-0100."]
    missed = Event.objects.get(name="notices.translation.missed")
    assert missed.data == {"code": "reminder", "version": 1, "channel": "letter", "language": "es"}


def test_and_so_is_a_missing_language_line(reminder):
    codes = [finding.code for finding in draft(ask(language=Language.TAGALOG)).findings]
    assert codes == ["notices.untranslated", "notices.no-language-line"]


def test_draft_translations_are_told(starters):
    request = ask(
        code="language-line", channel=Channel.TEXT, address=("(510) 555-0142",), values={}, language=Language.SPANISH
    )
    assert [finding.code for finding in draft(request).findings] == ["notices.draft-translation"]


def test_events_hold_no_words_and_no_address(reminder):
    notice = composed(language=Language.SPANISH)
    queue(notices=[notice], by=DANA, at=AT)
    told = " ".join(f"{event.subject} {event.data} {event.remark}" for event in Event.objects.all())
    said = [text for sheet in notice.words.read for _, text in sheet.blocks]
    for private in (*said, *HOME, NAME, "$186.42", "18642"):
        assert private not in told


def test_sent_words_are_never_altered(reminder):
    notice = composed()
    for change in (
        lambda: NoticeWords.objects.update(address=["Somebody else", "Elsewhere"]),
        lambda: NoticeWords.objects.update(sheets=[], erased_at=AT),
        lambda: NoticeWords.objects.all()._raw_delete("default"),
        lambda: Notice.objects.update(recipient="person:1"),
        lambda: Notice.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert NoticeWords.objects.get(notice=notice).read


def test_they_can_be_erased_and_the_notice_stays(reminder):
    notice = composed()
    assert [erase_words(notices=[notice.pk], by=DANA, at=AT) for _ in range(2)] == [1, 0]
    with pytest.raises(CannotRecord, match="were erased"):
        queue(notices=[notice], by=DANA, at=AT)
    words = NoticeWords.objects.get(notice=notice)
    assert (words.read, words.address, words.lines, str(words)) == ((), [], [], "(erased)")
    assert Event.objects.filter(name="notices.words.erased").count() == 1
    with pytest.raises(IntegrityError, match="never altered"), transaction.atomic():
        NoticeWords.objects.update(erased_at=None)


def test_words_that_wait_to_be_sent_are_not_erased(reminder):
    notice = composed()
    queue(notices=[notice], by=DANA, at=AT)
    assert erase_words(notices=[notice.pk], by=DANA, at=AT) == 0
    assert NoticeWords.objects.get(notice=notice).read


def test_a_wording_that_lost_a_block_does_not_mix_languages(reminder):
    adopt(replace(CONTENT, wordings=(ENGLISH, replace(CONTENT.wordings[1], blocks=CONTENT.wordings[1].blocks[:-1]))))
    (sheet,) = draft(ask()).rendered.sheets
    assert sheet.language == Language.ENGLISH
