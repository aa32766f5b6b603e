"""Set a goal of the team."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse

from lamplighter.web.access import actor, needs
from lamplighter.web.desk.team.views import TEAM
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once
from lamplighter.web.visits import visit
from lamplighter.workforce.operations.goals import CannotAim, set_goal
from lamplighter.workforce.queries.measures import MEASURES


class GoalForm(Once, Form):
    measure = forms.ChoiceField(label="Of what", choices=[(one.key, one.label) for one in MEASURES.values()])
    percent = forms.IntegerField(label="At least (percent)", min_value=1, max_value=100, initial=90)
    on = DayField(label="From")


@needs("team.lead")
def set_one(request: HttpRequest) -> HttpResponse:
    def act(form: GoalForm) -> str:
        said = form.cleaned_data
        set_goal(measure=said["measure"], percent=said["percent"], on=said["on"], by=actor(request),
                 at=visit(request).at)  # fmt: skip
        return f"The goal is {said['percent']} %."

    return form_panel(
        request, title="Set a goal", form=lambda *args: GoalForm(*args, initial={"on": visit(request).on}), act=act,
        submit="Set it", back=TEAM.url, crumbs=[TEAM], refusals=(CannotAim,), done=Done,
    )  # fmt: skip
