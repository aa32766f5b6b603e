"""A survey behind the link in its email: its questions in the reader's language, answered once. Nobody signs in."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from lamplighter.kernel.actors import system
from lamplighter.outreach.models import Invitation, SurveyAnswer
from lamplighter.outreach.operations.surveys import answer
from lamplighter.outreach.queries.surveys import questions
from lamplighter.outreach.rules.segments import CannotReach
from lamplighter.outreach.tokens import read_token
from lamplighter.platform.transactions import unit_of_work
from lamplighter.web.access import public
from lamplighter.web.key.outreach.asking_forms import Answers
from lamplighter.web.visits import visit

PUBLIC = system("public")


@public
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """The form; thanks once it was answered; that it is over where it ended meanwhile."""
    invitation = _load(token)
    asked = questions(invitation.survey, invitation.person.language)
    form, status = Answers(request.POST or None, questions=asked), 200
    given = SurveyAnswer.objects.filter(invitation=invitation).first()
    if request.method == "POST" and given is None:
        if form.is_valid():
            try:
                _keep(request, invitation, form)
            except CannotReach as why:
                form.add_error(None, str(why))
            else:
                return HttpResponseRedirect(request.path, status=303)
        status = 422
    shown = what_is_shown(invitation, form, given) | {"has_errors": status == 422, "url": request.path}
    response = render(request, "replies/survey.html", shown, status=status)
    response["Cache-Control"] = "no-store"
    return response


def as_shown(invitation: Invitation) -> dict[str, Any]:
    """The page as it was sent out, to whoever looks at it."""
    form = Answers(None, questions=questions(invitation.survey, invitation.person.language))
    return what_is_shown(invitation, form, SurveyAnswer.objects.filter(invitation=invitation).first())


def what_is_shown(invitation: Invitation, form: Answers, given: SurveyAnswer | None) -> dict[str, Any]:
    wording = invitation.survey.wordings.filter(language=invitation.person.language).first()
    wording = wording or invitation.survey.wordings.filter(language="en").first()
    return {
        "title": invitation.survey.name, "intro": wording.intro if wording else "", "form": form, "given": given,
        "language": wording.language if wording else "en", "over": invitation.survey.ended_at is not None,
    }  # fmt: skip


def _keep(request: HttpRequest, invitation: Invitation, form: Answers) -> None:
    said, now = form.cleaned_data, visit(request)
    with unit_of_work(PUBLIC):
        answer(invitation=invitation, ratings=form.ratings(), words=said["words"], calls_back=said["calls_back"],
               how=SurveyAnswer.How.LINK, on=now.on, by=PUBLIC, at=now.at)  # fmt: skip


def _load(token: str) -> Invitation:
    read = read_token("survey", token)
    rows = Invitation.objects.select_related("survey__owner", "person", "account")
    found = rows.filter(survey=read[0], source=read[1]).first() if read else None
    if found is None:
        raise Http404("This link is not known. Call us instead.")
    return found
