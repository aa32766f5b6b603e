"""Templates: read in every language, drafted anew in one, proposed for a second person."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lamplighter.kernel.actors import system
from lamplighter.notices.languages import Language
from lamplighter.notices.models import Sender, Template
from lamplighter.notices.operations import draft_template, load_starter_templates, set_sender
from lamplighter.notices.operations.starter import starter_contents
from lamplighter.notices.rules.wording import Wording
from lamplighter.platform.models import Approval, Event
from lamplighter.platform.transactions import unit_of_work
from tests.notices.conftest import CONTENT, DANA, ENGLISH, VIETNAMESE
from tests.web.administration.conftest import ADA, send, text
from tests.web.conftest import LONG_AGO

TEMPLATES = "/admin-desk/templates/"
TOWN = system("town")


@pytest.fixture
def utility(db):
    with unit_of_work(ADA):
        return set_sender(
            utility="Marisol Bay Power", phone="(510) 555-0100", website="mbp.example", office="800 Foundry St",
            email="service@mbp.example", by=ADA, at=LONG_AGO,
        )  # fmt: skip


@pytest.fixture
def starters(utility) -> dict[tuple[str, str], Template]:
    with unit_of_work(TOWN):
        made = load_starter_templates(by=TOWN, at=LONG_AGO, demo_town=True)
    return {(each.code, each.channel): each for each in made}


@pytest.fixture
def reminder(utility) -> Template:
    with unit_of_work(DANA):
        return draft_template(content=CONTENT, by=DANA, at=LONG_AGO)


def page_of(template: Template) -> str:
    return f"{TEMPLATES}{template.pk}/"


def blocks(template: Template, language: str, **changes: str) -> dict[str, str]:
    """What the form would send for the words of a language as they are, but for some changes."""
    words = dict(template.wordings.get(language=language).blocks) | changes
    return {f"block-{name}": words for name, words in words.items()}


@pytest.mark.parametrize("path", ["", "1/", "1/do/draft/en/", "1/do/propose/", "1/do/retire/"])
def test_templates_are_for_those_who_draft_them(desk, path):
    assert desk.get(TEMPLATES + path).status_code == 403


def test_without_templates_the_list_says_what_would_be_there(ada):
    assert "No notice has a template yet." in text(ada.get(TEMPLATES))


def test_the_list_has_a_row_for_each_code_and_channel(ada, starters):
    page = text(ada.get(TEMPLATES))
    assert page.count('class="row-link"') == len(starters)
    assert "en original" in page
    assert "vi draft" in page
    assert "Adopted" in page


def test_a_newer_draft_stands_beside_the_version_in_force(ada, starters):
    old = starters["past-due", "letter"]
    send(ada, f"{page_of(old)}do/draft/en/", **blocks(old, "en", foot="{{ utility }}, your city's utility"))
    page = text(ada.get(f"{TEMPLATES}?code=past-due&channel=letter"))
    assert page.count('class="row-link"') == 1
    assert "<td >1</td>" in page.replace("<td>", "<td >")
    assert ">Draft</span>" in page


def test_the_list_is_filtered(ada, starters):
    page = text(ada.get(f"{TEMPLATES}?channel=email"))
    assert page.count('class="row-link"') == sum(channel == "email" for _, channel in starters)
    assert "Nothing matches this filter." in text(ada.get(f"{TEMPLATES}?state=draft"))


def test_more_templates_ask_no_more_questions(ada, reminder, django_assert_max_num_queries):
    ada.get(TEMPLATES)
    with CaptureQueriesContext(connection) as few:
        ada.get(TEMPLATES)
    with unit_of_work(TOWN):
        load_starter_templates(by=TOWN, at=LONG_AGO)
    with django_assert_max_num_queries(len(few)):
        ada.get(TEMPLATES)


def test_a_version_is_previewed_with_its_samples_in_each_language(ada, reminder):
    english = text(ada.get(page_of(reminder)))
    assert "Please pay $186.42 by Thu, Dec 3" in english
    assert "Alex Sample: Your payment is late." in english
    vietnamese = text(ada.get(f"{page_of(reminder)}?language=vi"))
    assert '<article class="pad" lang="vi"><h3>Xin trả $186.42' in vietnamese
    assert "Behind it, in English:" in vietnamese
    assert "Vietnamese: certified" in vietnamese


def test_a_version_tells_its_fields_basis_and_drafter(ada, starters):
    page = text(ada.get(page_of(starters["past-due", "letter"])))
    assert "California Public Utilities Code 10010.1" in page
    assert "money, such as 186.42" in page
    assert "starter templates" in page


def test_words_are_shown_as_text(ada, utility):
    english = Wording(
        Language.ENGLISH, (*ENGLISH.blocks[:-1], ("help", "<b>Call</b> {{ phone }}")), ENGLISH.translation
    )
    with unit_of_work(DANA):
        made = draft_template(content=replace(CONTENT, wordings=(english,)), by=DANA, at=LONG_AGO)
    assert "&lt;b&gt;Call" in ada.get(page_of(made)).content.decode()


def test_without_a_sender_the_preview_says_what_to_set(ada, reminder):
    Sender.objects.all().delete()
    page = text(ada.get(page_of(reminder)))
    assert "The utility's phone is not set. Set the sender first." in page
    assert "money, such as 186.42" in page, "the rest of the page stands"


def test_a_draft_is_proposed_once_and_waits_for_a_second_person(ada, reminder):
    path = f"{page_of(reminder)}do/propose/"
    assert path in text(ada.get(page_of(reminder)))
    assert ada.post(path, {"remark": "Counsel read it."}).status_code == 303
    assert Approval.objects.get().proposal["template"] == reminder.pk
    page = text(ada.get(page_of(reminder)))
    assert "It waits for a second person to adopt it." in page
    assert path not in page
    again = ada.post(path, {"remark": ""})
    assert again.status_code == 422
    assert "already waiting" in text(again)


def test_a_supervisor_adopts_what_was_proposed(ada, reminder, signed_in):
    ada.post(f"{page_of(reminder)}do/propose/", {"remark": ""})
    decided = signed_in("supervisor").post(f"/lead/approvals/{Approval.objects.get().pk}/", {"decision": "yes"})
    assert decided.status_code == 303
    assert Template.objects.get().state == "adopted"


def test_a_draft_that_came_to_nothing_is_retired_and_says_why(ada, reminder):
    path = f"{page_of(reminder)}do/retire/"
    assert "Fill in “Why”." in text(ada.post(path, {"remark": ""}))
    assert ada.post(path, {"remark": "Written for a form that is gone."}).status_code == 303
    reminder.refresh_from_db()
    assert (reminder.state, reminder.retired_by) == ("retired", ADA)
    event = Event.objects.get(name="notices.template.retired")
    assert str(event.remark) == "Written for a form that is gone."
    assert "do/retire/" not in text(ada.get(page_of(reminder)))
    assert "is retired already" in text(ada.post(path, {"remark": "Again."}))


def test_a_version_in_force_warns_before_it_is_retired(ada, starters):
    asked = text(ada.get(f"{page_of(starters['past-due', 'letter'])}do/retire/"))
    assert "Until another version is adopted, this notice is not written" in asked


def test_what_waits_to_be_adopted_is_not_retired_meanwhile(ada, reminder):
    ada.post(f"{page_of(reminder)}do/propose/", {"remark": ""})
    assert "do/retire/" not in text(ada.get(page_of(reminder)))
    answer = ada.post(f"{page_of(reminder)}do/retire/", {"remark": "Not now."})
    assert answer.status_code == 422
    assert "waits to be adopted" in text(answer)


def test_draft_translations_are_not_proposed(ada, utility):
    with unit_of_work(TOWN):
        load_starter_templates(by=TOWN, at=LONG_AGO)
    letter = Template.objects.get(code="past-due", channel="letter")
    assert "have them certified, or leave them out" in text(ada.get(page_of(letter)))
    answer = ada.post(f"{page_of(letter)}do/propose/", {"remark": ""})
    assert answer.status_code == 422
    assert "These translations are drafts: Spanish" in text(answer)
    assert not Approval.objects.exists()


def test_the_form_holds_the_words_as_they_are(ada, reminder):
    page = text(ada.get(f"{page_of(reminder)}do/draft/vi/"))
    assert "Quý vị trả trễ." in page
    assert "Your payment is late." in page, "the English words stand beside it"
    assert "why.late" in page
    assert 'value="certified"' in page


def test_a_translation_is_certified_in_the_next_version(ada, reminder):
    answer = send(
        ada, f"{page_of(reminder)}do/draft/vi/", standing="draft", **blocks(reminder, "vi", help="Gọi {{ phone }} nhé.")
    )
    newer = Template.objects.get(version=2)
    assert answer["Location"] == page_of(newer)
    assert newer.wordings.get(language="vi").translation == "draft"
    assert dict(newer.wordings.get(language="vi").blocks)["help"] == "Gọi {{ phone }} nhé."
    assert newer.wordings.get(language="en").blocks == reminder.wordings.get(language="en").blocks
    send(ada, f"{page_of(newer)}do/draft/vi/", standing="certified", **blocks(newer, "vi"))
    assert Template.objects.get(version=3).wordings.get(language="vi").translation == "certified"


def test_new_english_words_unmake_every_certificate(ada, reminder):
    send(ada, f"{page_of(reminder)}do/draft/en/", **blocks(reminder, "en", help="Call or visit us: {{ phone }}."))
    newer = Template.objects.get(version=2)
    assert newer.wordings.get(language="en").translation == "original"
    assert newer.wordings.get(language="vi").translation == "draft"


def test_english_words_kept_as_they_are_keep_the_certificates(ada, reminder):
    send(ada, f"{page_of(reminder)}do/draft/en/", **blocks(reminder, "en"))
    assert Template.objects.get(version=2).wordings.get(language="vi").translation == "certified"


def test_a_language_can_be_left_out_and_brought_back(ada, reminder):
    send(ada, f"{page_of(reminder)}do/draft/vi/", standing="left-out", **blocks(reminder, "vi"))
    without = Template.objects.get(version=2)
    assert list(without.wordings.values_list("language", flat=True)) == ["en"]
    words = {f"block-{name}": text for name, text in VIETNAMESE.blocks}
    send(ada, f"{page_of(without)}do/draft/vi/", standing="draft", **words)
    assert Template.objects.get(version=3).wordings.filter(language="vi").exists()


def test_a_wrong_field_is_refused_by_language_block_and_field(ada, reminder):
    wrong = blocks(reminder, "en", help="Call {{ fone }}.")
    answer = send(ada, f"{page_of(reminder)}do/draft/en/", **wrong)
    assert answer.status_code == 422
    assert "fone is not a field of this template." in text(answer)
    assert "Call {{ fone }}." in text(answer), "what was typed stays"
    assert Template.objects.count() == 1


def test_what_is_not_there_is_not_found(ada, reminder):
    assert ada.get(f"{TEMPLATES}999999/").status_code == 404
    assert ada.get(f"{page_of(reminder)}do/draft/fr/").status_code == 404


def test_a_version_in_force_goes_out_of_use_by_two_people(ada, starters, signed_in):
    """Alone nobody takes the notice away that the law asks for."""
    notice = starters["past-due", "letter"]
    path = f"{page_of(notice)}do/retire/"
    assert ada.post(path, {"remark": "Counsel wants other words."}).status_code == 303
    notice.refresh_from_db()
    assert notice.state == "adopted"
    page = text(ada.get(page_of(notice)))
    assert "It is used until a second person has decided." in page
    assert "do/retire/" not in page
    asked = Approval.objects.get(kind="notices.retirement")
    supervisor = signed_in("supervisor")
    assert notice.code in text(supervisor.get(f"/lead/approvals/{asked.pk}/"))
    assert supervisor.post(f"/lead/approvals/{asked.pk}/", {"decision": "yes"}).status_code == 303
    notice.refresh_from_db()
    assert notice.state == "retired"
    event = Event.objects.get(name="notices.template.retired")
    assert (event.actor, str(event.remark)) == (notice.retired_by, "Counsel wants other words.")


def test_a_utility_brings_the_starters_and_proposes_them_without_uncertified_languages(ada, reminder):
    missing = len(starter_contents())
    page = ada.get(TEMPLATES)
    assert "Bring the new starters" in text(page)
    assert f"{missing} templates" in text(ada.get(f"{TEMPLATES}do/starters/"))
    assert send(ada, f"{TEMPLATES}do/starters/").status_code == 303
    assert "Bring the new starters" not in text(ada.get(TEMPLATES))
    assert Template.objects.count() == missing + 1
    assert send(ada, f"{TEMPLATES}do/propose/", remark="To begin with").status_code == 303
    assert "Propose every draft" not in text(ada.get(TEMPLATES))
    waiting = Approval.objects.filter(kind="notices.adoption", state="waiting")
    assert waiting.count() == missing + 1
    proposed = Template.objects.filter(state="proposed").prefetch_related("wordings")
    assert proposed.count() == missing + 1
    assert not any(row.translation == "draft" for found in proposed for row in found.wordings.all())
    assert all(any(row.language == "en" for row in found.wordings.all()) for found in proposed)
