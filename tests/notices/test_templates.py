"""A template is drafted by one person and adopted by another; what is wrong with it is named."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.models import Sender, Template, WordingRow
from lamplighter.notices.operations import (
    CannotAdopt,
    CannotDraft,
    draft_template,
    load_starter_templates,
    propose,
    retire,
)
from lamplighter.notices.operations.starter import starter_contents
from lamplighter.notices.queries import content_of, sample
from lamplighter.notices.rules.fields import Field, FieldType
from lamplighter.notices.rules.wording import Content, Translation, Wording, check_content
from lamplighter.platform.models import Event, PastRow
from lamplighter.platform.operations.approvals import CannotDecide, approve, refuse
from tests.notices.conftest import AT, CONTENT, DANA, ENGLISH, FIELDS, RENEE, TOWN, VIETNAMESE, adopt


def english(*blocks):
    return Wording(Language.ENGLISH, blocks, Translation.ORIGINAL)


def said(content):
    return " ".join(str(finding) for finding in check_content(content))


def with_block(wording, name, text):
    return replace(wording, blocks=tuple((key, text if key == name else old) for key, old in wording.blocks))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (replace(CONTENT, wordings=(VIETNAMESE,)), "no English wording"),
        (replace(CONTENT, wordings=(with_block(ENGLISH, "help", "Call {{ fon }}."),)), "en, help: fon is not a field"),
        (replace(CONTENT, wordings=(ENGLISH, with_block(VIETNAMESE, "ask", "{{ customer }} {{ why }}"))),
         "vi, ask: amount is missing here"),
        (replace(CONTENT, wordings=(ENGLISH, with_block(VIETNAMESE, "help", "{{ phone }} {{ amount }}"))),
         "vi, help: amount is said here"),
        (replace(CONTENT, wordings=(ENGLISH, replace(VIETNAMESE, blocks=(*VIETNAMESE.blocks, ("more", "x"))))),
         "vi, more: English has no block"),
        (replace(CONTENT, wordings=(with_block(ENGLISH, "help", " "),)), "English words are missing"),
        (replace(CONTENT, wordings=(with_block(ENGLISH, "subject", "{{ amount }}\n{{ pay_by }}"),)), "one line"),
        (replace(CONTENT, wordings=(with_block(ENGLISH, "why.late", "{{ why }}"),)), "can't hold a choice"),
        (replace(CONTENT, fields=FIELDS[:3]), "why is no choice field"),
        (replace(CONTENT, fields=(*FIELDS, Field("unused", FieldType.TEXT, "x"))), "declared and never used"),
        (replace(CONTENT, fields=(*FIELDS, Field("phone", FieldType.TEXT, "x"))), "phone can't be declared"),
        (replace(CONTENT, fields=(*FIELDS[:1], Field("amount", FieldType.MONEY, "many"), *FIELDS[2:])), "is no money"),
        (replace(CONTENT, fields=(*FIELDS[:3], Field("why", FieldType.CHOICE, "rain"))), "one of late, broken"),
        (Content("x", Channel.TEXT, "X", (), (english(("subject", "a"), ("body", "b")),)), "one block, body"),
        (Content("x", Channel.EMAIL, "X", (), (english(("body", "b")),)), "begins with the block subject"),
        (Content("x", Channel.EMAIL, "X", (), (english(("subject", "a"), ("Body", "b")),)), "misnamed"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(content, complaint):
    assert complaint in said(content)


@pytest.mark.parametrize(
    "code",
    ["{% now 'Y' %}", "{{ phone|upper }}", "{{ a.b }}", "{{ Phone }}", "{{ phone", "phone }}", "{{}}", "{# x #}"],
)
def test_the_merge_language_is_fields_and_nothing_else(code):
    wrong = with_block(ENGLISH, "help", f"Call {{{{ phone }}}} {code}")
    assert "en, help: Only {{ field }} is understood" in said(replace(CONTENT, wordings=(wrong,)))


def test_a_translation_may_still_lack_a_block():
    assert said(replace(CONTENT, wordings=(ENGLISH, with_block(VIETNAMESE, "help", "")))) == ""


@pytest.mark.django_db
def test_a_wrong_template_is_not_kept():
    with pytest.raises(CannotDraft, match="fon is not a field"):
        draft_template(
            content=replace(CONTENT, wordings=(with_block(ENGLISH, "help", "Call {{ fon }}."),)), by=DANA, at=AT
        )
    assert not Template.objects.exists()


@pytest.mark.django_db
def test_drafted_by_one_adopted_by_another():
    template = adopt(CONTENT)
    assert (template.state, template.version, template.drafted_by, template.adopted_by) == ("adopted", 1, DANA, RENEE)
    assert content_of(template) == CONTENT
    told = Event.objects.filter(subject=template.key, name__startswith="notices.").order_by("id")
    assert [event.name.split(".")[-1] for event in told] == ["drafted", "proposed", "adopted"]


@pytest.mark.django_db
def test_nobody_adopts_their_own_words():
    template = draft_template(content=CONTENT, by=DANA, at=AT)
    approval = propose(template=template, by=DANA, at=AT)
    with pytest.raises(CannotDecide, match="their own request"):
        approve(approval=approval, by=DANA, at=AT)


@pytest.mark.django_db
def test_nor_when_a_colleague_proposed_them():
    template = draft_template(content=CONTENT, by=DANA, at=AT)
    approval = propose(template=template, by=RENEE, at=AT)
    with pytest.raises(CannotAdopt, match="that they drafted"):
        approve(approval=approval, by=DANA, at=AT)
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        Template.objects.filter(pk=template.pk).update(state="adopted", adopted_by=DANA, adopted_at=AT)


@pytest.mark.django_db
def test_draft_translations_are_not_proposed():
    unsure = replace(CONTENT, wordings=(ENGLISH, replace(VIETNAMESE, translation=Translation.DRAFT)))
    template = draft_template(content=unsure, by=DANA, at=AT)
    with pytest.raises(CannotAdopt, match="drafts: Vietnamese"):
        propose(template=template, by=DANA, at=AT)


@pytest.mark.django_db
def test_a_new_version_retires_the_old_one():
    first, second = adopt(CONTENT), adopt(replace(CONTENT, title="Second"))
    assert [(t.version, t.state) for t in Template.objects.order_by("version")] == [(1, "retired"), (2, "adopted")]
    assert second.title == "Second"
    with pytest.raises(CannotAdopt, match="retired already"):
        propose(template=first, by=DANA, at=AT)


@pytest.mark.django_db
def test_an_older_proposal_does_not_undo_a_newer_adoption():
    older = draft_template(content=CONTENT, by=DANA, at=AT)
    waiting = propose(template=older, by=DANA, at=AT)
    adopt(CONTENT)
    with pytest.raises(CannotAdopt, match="was adopted since"):
        approve(approval=waiting, by=RENEE, at=AT)


@pytest.mark.django_db
def test_what_was_refused_can_be_proposed_again_but_not_twice_at_once():
    template = draft_template(content=CONTENT, by=DANA, at=AT)
    refuse(approval=propose(template=template, by=DANA, at=AT), by=RENEE, at=AT, remark="Too long")
    propose(template=template, by=DANA, at=AT)
    with pytest.raises(CannotDecide, match="already waiting"):
        propose(template=template, by=DANA, at=AT)


@pytest.mark.django_db
def test_a_retired_proposal_is_not_adopted():
    template = draft_template(content=CONTENT, by=DANA, at=AT)
    approval = propose(template=template, by=DANA, at=AT)
    retire(template=template, by=DANA, at=AT)
    with pytest.raises(CannotAdopt, match="propose it again"):
        approve(approval=approval, by=RENEE, at=AT)


@pytest.mark.django_db
def test_a_versions_words_never_change():
    template = adopt(CONTENT)
    for change in (
        lambda: WordingRow.objects.update(blocks=[]),
        lambda: Template.objects.filter(pk=template.pk).update(title="Other"),
        lambda: Template.objects.filter(pk=template.pk)._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert PastRow.objects.filter(table_name="notices_template").exists()


def test_every_starter_template_is_whole_in_six_languages():
    contents = starter_contents()
    assert {f"{content.code} {content.channel}" for content in contents} >= {
        "bill-corrected letter", "bill-ready email", "bill-ready text", "courtesy-reminder letter",
        "language-line text", "letter-condolence letter", "letter-general email", "letter-general letter",
        "letter-give-way letter", "letter-payment-record letter", "letter-service-started email",
        "letter-service-started letter", "letter-service-stopped email", "letter-service-stopped letter",
        "more-time letter", "past-due letter", "past-due-tomorrow text", "payment-receipt email",
        "payment-receipt text", "plan-ended letter", "plan-made letter",
        "program-approved letter", "program-denied letter", "program-ended letter", "program-papers letter",
        "program-renew letter",
    }  # fmt: skip
    for content in contents:
        assert check_content(content) == ()
        for language in Language:
            wording = content.complete(language)
            assert wording, (content.code, language)
            assert wording.translation == ("original" if language is Language.ENGLISH else "draft")


@pytest.mark.django_db
def test_a_utility_gets_them_as_drafts_once():
    assert len(load_starter_templates(by=RENEE, at=AT)) == len(starter_contents())
    assert set(Template.objects.values_list("state", flat=True)) == {"draft"}
    assert load_starter_templates(by=RENEE, at=AT) == []
    with pytest.raises(CannotAdopt, match="Spanish, Chinese"):
        propose(template=Template.objects.get(code="past-due"), by=RENEE, at=AT)


def test_the_demo_town_adopts_them_at_once(starters):
    assert {template.state for template in starters} == {"adopted"}
    assert {template.adopted_by for template in starters} == {TOWN}


@pytest.mark.django_db
def test_no_person_adopts_them_so():
    with pytest.raises(AssertionError, match="through an approval"):
        load_starter_templates(by=RENEE, at=AT, demo_town=True)


@pytest.mark.parametrize("language", Language)
def test_each_can_be_read_in_each_language_before_it_is_adopted(starters, language):
    for template in starters:
        found = sample(template, language=language)
        assert found.language == language
        assert "{{" not in "".join(sheet.subject + sheet.body for sheet in found.sheets)


def test_what_the_sender_was_is_kept(utility):
    Sender.objects.update(phone="(510) 555-0199")
    assert PastRow.objects.get(table_name="notices_sender").was["phone"] == "(510) 555-0100"
