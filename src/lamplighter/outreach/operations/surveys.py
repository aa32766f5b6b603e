"""Begin a survey, word it, ask by email or on the phone, and keep one answer for each invitation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.text import slugify

from lamplighter.accounts.models import Account
from lamplighter.customers.models import Person
from lamplighter.kernel.actors import Actor
from lamplighter.keyaccounts.operations.relations import set_step
from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.operations import compose, queue
from lamplighter.notices.queries.drafts import Request, drafts
from lamplighter.outreach.models import Invitation, Survey, SurveyAnswer, SurveyWording
from lamplighter.outreach.queries.audience import opted_out
from lamplighter.outreach.queries.surveys import Asked, due, questions
from lamplighter.outreach.rules.questions import LOW, checked, of_stored, questions_of, stored
from lamplighter.outreach.rules.segments import CannotReach, segment_of
from lamplighter.outreach.tokens import token_of
from lamplighter.platform.models import User
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import in_transaction

CODE = "survey"
ENGLISH = Person.Language.ENGLISH.value
CALL_WITHIN = timedelta(days=2)


@in_transaction
def begin_survey(*, name: str, when: str, segment: Mapping[str, Any], owner: User, by: Actor, at: datetime) -> Survey:
    """A survey, still without questions. One after contacts runs at a time: nobody is asked twice about one call."""
    slug = slugify(name)[:58]
    if not slug or Survey.objects.filter(slug=slug).exists():
        raise CannotReach(f"There is a survey {name} already." if slug else "Give the survey a name.")
    yearly = when == Survey.When.YEARLY
    if not yearly and Survey.objects.filter(when=Survey.When.AFTER, ended_at__isnull=True).exists():
        raise CannotReach("One survey after contacts runs already; end it first.")
    asked = segment_of(segment).kept if yearly else {}
    made = Survey.objects.create(slug=slug, name=name.strip(), when=when, segment=asked, owner=owner, begun_at=at,
                                 begun_by=by)  # fmt: skip
    record("outreach.survey.begun", subject=made.subject, by=by, at=at, when=when)
    return made


@in_transaction
def word_survey(*, survey: Survey, language: str, intro: str, text: str, by: Actor, at: datetime) -> SurveyWording:
    """Its questions in one language, English first. Once somebody was asked, words of a language stay as they are:
    answers to different questions are not counted together."""
    held = _open(survey)
    found = questions_of(text)
    if not intro.strip():
        raise CannotReach("Say in a sentence why you ask.")
    first = held.wordings.filter(language=ENGLISH).first()
    if language != ENGLISH:
        if first is None:
            raise CannotReach("Write it in English first.")
        if [one.kind for one in of_stored(first.questions)] != [one.kind for one in found]:
            raise CannotReach("In every language the same questions stand in the same order, each of the same kind.")
    if held.invitations.exists() and held.wordings.filter(language=language).exists():
        raise CannotReach("Somebody was asked in these words. End this survey and begin another.")
    made, _ = SurveyWording.objects.update_or_create(
        survey=held, language=language, defaults={"intro": " ".join(intro.split()), "questions": stored(found)}
    )
    record("outreach.survey.worded", subject=held.subject, by=by, at=at, language=language)
    return made


@in_transaction
def invite(*, survey: Survey, page: str, on: date, by: Actor, at: datetime, shown: int | None = None) -> int:
    """Ask everybody who is due by email, once for each source. How many were asked.

    `shown` is how many a person saw to be asked; another number by now is refused.
    """
    held = _open(survey)
    found = [one for one in due(held, on=on, at=at) if not one.refused]
    if shown is not None and shown != len(found):
        raise CannotReach(f"It would be {len(found):,} people by now, not {shown:,}. Look at it again.")
    wordings = {row.language: row for row in held.wordings.all()}
    if ENGLISH not in wordings:
        raise CannotReach("Write its questions first.")
    made = drafts([_request(held, one, wordings, page, on) for one in found])
    notices = {notice.source: notice for notice in compose(drafts=made.drafts, by=by, at=at)}
    queue(notices=list(notices.values()), by=by, at=at)
    asked = [(one, notice) for one in found if (notice := notices.get(_source(held, one.source))) is not None]
    Invitation.objects.bulk_create(
        Invitation(survey=held, person=one.person, account=one.account, source=one.source, notice=notice, invited_at=at,
                   invited_by=by)
        for one, notice in asked
    )  # fmt: skip
    if asked:
        record("outreach.survey.sent", subject=held.subject, by=by, at=at, people=len(asked),
               refused=len(made.refused))  # fmt: skip
    return len(asked)


@in_transaction
def answer(
    *, invitation: Invitation, ratings: Mapping[int, int], words: str, calls_back: bool, how: str, on: date, by: Actor,
    at: datetime,
) -> SurveyAnswer:  # fmt: skip
    """Keep what they said; a second answer is refused. Who is unhappy, or asks for a call, is called within two days.

    Raises CannotReach: a question without its rating, an answer that was given, a survey that ended.
    """
    rows = Invitation.objects.select_for_update(of=("self",))
    held = rows.select_related("survey__owner", "person", "account").get(pk=invitation.pk)
    _open(held.survey)
    kept = checked(questions(held.survey), ratings)
    if (given := SurveyAnswer.objects.filter(invitation=held).first()) is not None:
        raise CannotReach(f"This was answered on {given.answered_at:%b %-d, %Y}. Thank you.")
    made = SurveyAnswer.objects.create(
        invitation=held, how=how, ratings=kept, words=write_remark(words.strip(), at=at) if words.strip() else None,
        calls_back=calls_back, answered_at=at, answered_by=by,
    )  # fmt: skip
    record("outreach.survey.answered", subject=held.survey.subject, account=held.account_id, by=by, at=at, how=how)
    low = min(kept.values()) <= LOW
    if low or calls_back:
        why = "unhappy in" if low else "asked for a call in"
        set_step(words=f"Call {held.person.name}: {why} {held.survey}", due_on=on + CALL_WITHIN,
                 owner=held.survey.owner, person=held.person, account=held.account, by=by, at=at)  # fmt: skip
    return made


@in_transaction
def ask_on_the_phone(
    *, survey: Survey, person: Person, account: Account | None, source: str, on: date, by: Actor, at: datetime
) -> Invitation:
    """An invitation by voice, answered at once. `source` as the survey's list has it, else the day."""
    held = _open(survey)
    Person.objects.select_for_update().get(pk=person.pk)
    if person.pk in opted_out({person.pk}, on=on):
        raise CannotReach(f"{person.name} wants no surveys.")
    if (known := Invitation.objects.filter(survey=held, source=source).first()) is not None:
        return known
    made = Invitation.objects.create(survey=held, person=person, account=account, source=source, invited_at=at,
                                     invited_by=by)  # fmt: skip
    record("outreach.survey.asked", subject=held.subject, by=by, at=at, invitation=made.pk)
    return made


@in_transaction
def end_survey(*, survey: Survey, by: Actor, at: datetime) -> Survey:
    held = _open(survey)
    held.ended_at, held.ended_by = at, by
    held.save(update_fields=["ended_at", "ended_by"])
    record("outreach.survey.ended", subject=held.subject, by=by, at=at)
    return held


def _request(survey: Survey, one: Asked, wordings: Mapping[str, SurveyWording], page: str, on: date) -> Request:
    language = one.person.language if one.person.language in wordings else ENGLISH
    return Request(
        CODE, Channel.EMAIL, Language(language), _source(survey, one.source), survey.subject,
        f"person:{one.person.number}", (one.email,),
        {"customer": one.person.name, "intro": wordings[language].intro, "sent": on,
         "link": f"{page}replies/survey/{token_of('survey', survey.pk, one.source)}/"},
        account=one.account.pk if one.account else None,
    )  # fmt: skip


def _source(survey: Survey, source: str) -> str:
    return f"{survey.subject}:{source}"


def _open(survey: Survey) -> Survey:
    held = Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    if held.ended_at is not None:
        raise CannotReach(f"{held} ended on {held.ended_at:%b %-d, %Y}.")
    return held
