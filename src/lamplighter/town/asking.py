"""What the city answered: after calls, once a year from medium businesses; and a complaint that is looked into."""

from __future__ import annotations

from datetime import date, timedelta

from lamplighter.kernel.actors import system
from lamplighter.keyaccounts.models import Issue
from lamplighter.keyaccounts.operations import complaints
from lamplighter.outreach.models import Invitation, Survey
from lamplighter.outreach.operations import surveys
from lamplighter.platform.models import User
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.calendar import at
from lamplighter.town.outreach import PAGE
from lamplighter.town.post import send_queued
from lamplighter.town.staff import JOEL, PRIYA

PUBLIC = system("public")
AFTER = "rating: How easy was it to reach us?\nrating: How well was it solved?\nwords: What should we do better?"
AFTER_ES = (
    "rating: ¿Qué tan fácil fue comunicarse con nosotros?\nrating: ¿Qué tan bien se resolvió?\n"
    "words: ¿Qué deberíamos hacer mejor?"
)
YEARLY = (
    "rating: How reliable is your power?\nrating: How well do we explain your bill?\n"
    "rating: How likely are you to recommend us?\nwords: What would help your business most?"
)
RATINGS = ((5, 4, 5), (4, 2, 4), (5, 5, 5), (3, 3, 3), (4, 4, 5), (5, 3, 4), (4, 3, 4), (5, 4, 4))
WORDS = ("Tell us of planned work earlier.", "", "", "The demand charge is hard to understand.", "", "", "", "")
SHARE = 3
"""One business of so many answers."""


def ask_around(today: date) -> None:
    """A survey after calls that runs since a month, a yearly one, and Lantern Dock's lights."""
    with unit_of_work(PRIYA):
        _yearly(today - timedelta(days=25))
        _after_calls(today)
    with unit_of_work(JOEL):
        _look_into(today)


def _yearly(day: date) -> None:
    asked = surveys.begin_survey(name=f"Business survey {day.year}", when="yearly", segment={"rate": "GS-2"},
                                 owner=User.objects.get(username="priya"), by=PRIYA, at=at(day, 9))  # fmt: skip
    surveys.word_survey(survey=asked, language="en", intro="Once a year we ask how we serve your business.",
                        text=YEARLY, by=PRIYA, at=at(day, 9, 10))  # fmt: skip
    surveys.invite(survey=asked, page=PAGE, on=day, by=PRIYA, at=at(day, 10))
    send_queued(_accounts(asked), when=at(day, 10, 30), subject=asked.subject)
    for nth, invitation in enumerate(list(asked.invitations.order_by("pk"))[::SHARE]):
        ratings = dict(enumerate(RATINGS[nth % len(RATINGS)], start=1))
        when = day + timedelta(days=1 + nth % 9)
        surveys.answer(invitation=invitation, ratings=ratings, words=WORDS[nth % len(WORDS)], calls_back=False,
                       how="link", on=when, by=PUBLIC, at=at(when, 11))  # fmt: skip


def _after_calls(today: date) -> None:
    """Who called this week was asked yesterday; Dele is unhappy, and Joel hears of it today."""
    yesterday = today - timedelta(days=1)
    began, joel = today - timedelta(days=30), User.objects.get(username="joel")
    asked = surveys.begin_survey(name="After a call", when="after", segment={}, by=PRIYA, owner=joel, at=at(began, 9))
    for language, intro, text in (
        ("en", "You spoke with us this week. Two questions tell us how it went.", AFTER),
        ("es", "Usted habló con nosotros esta semana. Dos preguntas nos dicen cómo nos fue.", AFTER_ES),
    ):  # fmt: skip
        surveys.word_survey(survey=asked, language=language, intro=intro, text=text, by=PRIYA,
                            at=at(began, 9, 20))  # fmt: skip
    surveys.invite(survey=asked, page=PAGE, on=yesterday, by=PRIYA, at=at(yesterday, 17))
    send_queued(_accounts(asked), when=at(yesterday, 17, 15), subject=asked.subject)
    dele = Invitation.objects.filter(survey=asked, person__name__startswith="Dele ").first()
    if dele is not None:
        surveys.answer(invitation=dele, ratings={1: 4, 2: 1}, words="Nobody has looked at the pump yet.",
                       calls_back=True, how="link", on=yesterday, by=PUBLIC, at=at(yesterday, 19))  # fmt: skip


def _look_into(today: date) -> None:
    """What dims the lights at the shipyard was found; it is put right in three weeks, and they are not told yet."""
    issue = Issue.objects.get(organisation__slug="lantern-dock", about=Issue.About.QUALITY, closed_at__isnull=True)
    day, joel = today - timedelta(days=5), User.objects.get(username="joel")
    one = complaints.investigate(issue=issue, investigator=joel, due_on=today + timedelta(days=2), on=day, by=JOEL,
                                 at=at(day, 9))  # fmt: skip
    complaints.find(investigation=one, cause="equipment", by=JOEL, at=at(today - timedelta(days=1), 15),
                    words="Crane and welders hang on one transformer: each start pulls it to 112 V.")  # fmt: skip
    complaints.correct(
        investigation=one, words="Put the crane on a transformer of its own", owner=User.objects.get(username="priya"),
        due_on=today + timedelta(days=20), on=today - timedelta(days=1), by=JOEL,
        at=at(today - timedelta(days=1), 15, 30),
    )  # fmt: skip


def _accounts(asked: Survey) -> list[int]:
    return [one.account_id for one in asked.invitations.all() if one.account_id is not None]
