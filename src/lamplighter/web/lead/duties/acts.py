"""Set a duty, end one, hand a turn over, or send back what was not done right."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from lamplighter.platform.models import User
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.today.acts import load_turn
from lamplighter.web.lead.duties.views import DUTIES, WEEKDAYS, load_duty
from lamplighter.web.office import office_days
from lamplighter.web.people import colleague, colleagues
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Crumb
from lamplighter.web.visits import visit
from lamplighter.workforce.models import DeskDuty
from lamplighter.workforce.models.duties import WorkList
from lamplighter.workforce.operations.duties import CannotDo, DutyIn, end_duty, hand_over, send_back, set_duty
from lamplighter.workforce.queries.turns import Turn
from lamplighter.workforce.rules.rhythm import LAST, MOST_IN_MONTH, Rhythm
from lamplighter.worklist.kinds import Desk

WHEN = [("daily:0", "Each working day"),
        *((f"weekly:{place}", f"Each {name}") for place, name in enumerate(WEEKDAYS)),
        *((f"monthly:{place}", f"Working day {place} of the month") for place in range(1, MOST_IN_MONTH + 1)),
        (f"monthly:{LAST}", "The last working day of the month")]  # fmt: skip
DESKS = [(desk.value, desk.value.replace("-", " ").capitalize()) for desk in Desk]
ANYBODY = ("", "Anybody of the desk")


class DutyForm(Once, Form):
    draft = "duty"
    title = forms.CharField(label="What is to be done", max_length=80)
    desk = forms.ChoiceField(label="Desk", choices=DESKS)
    list = OptionsField(label="List", options={one.value: Option(one.label) for one in WorkList}, initial="day")
    when = forms.ChoiceField(label="When", choices=WHEN)
    due = forms.TimeField(label="By", initial=time(17), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    evidence = OptionsField(
        label="Evidence", options={one.value: Option(one.label) for one in DeskDuty.Evidence}, initial="none"
    )
    owner = forms.ChoiceField(label="Whose", required=False)
    on = DayField(label="From")


class EndForm(Once, Form):
    on = DayField(label="Last day")


class HandForm(Once, Form):
    to = forms.ChoiceField(label="To whom")


class BackForm(Once, Form):
    why = forms.CharField(label="What was not right", max_length=500, widget=forms.Textarea({"rows": 3}))


@needs("team.lead")
def define(request: HttpRequest) -> HttpResponse:
    def form(*args: Any) -> DutyForm:
        made = DutyForm(*args, initial={"on": visit(request).on, "desk": "service"})
        made.fields["owner"].choices = [ANYBODY, *colleagues()]  # type: ignore[attr-defined]
        return made

    def act(bound: DutyForm) -> str:
        said = bound.cleaned_data
        rhythm, _, place = said["when"].partition(":")
        owner = colleague(said["owner"]).actor if said["owner"] else None
        duty = DutyIn(said["title"], said["desk"], said["list"], Rhythm(rhythm), int(place), said["due"],
                      said["evidence"], owner)  # fmt: skip
        return f"{set_duty(duty=duty, on=said['on'], by=actor(request), at=visit(request).at)}: set."

    return form_panel(
        request, title="Set a duty", form=form, act=act, submit="Set it", back=DUTIES.url, crumbs=[DUTIES], done=Done,
        refusals=(CannotDo,),
    )  # fmt: skip


@needs("team.lead")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    duty = load_duty(pk)

    def act(form: EndForm) -> str:
        end_duty(duty=duty, on=form.cleaned_data["on"], by=actor(request), at=visit(request).at)
        return f"{duty} ends."

    return form_panel(
        request, title=f"End: {duty}", form=lambda *args: EndForm(*args, initial={"on": visit(request).on}), act=act,
        submit="End it", back=DUTIES.url, crumbs=[DUTIES], refusals=(CannotDo,), done=Done,
    )  # fmt: skip


@needs("team.lead", "worklist.work")
def turn(request: HttpRequest, pk: int, day: str) -> HttpResponse:
    """A turn that is open is handed over; one that is done may be sent back."""
    found = load_turn(request, pk, day)
    if found.done is None:
        return _hand(request, found)
    done = found.done

    def act(form: BackForm) -> str:
        send_back(done=done, why=form.cleaned_data["why"], by=actor(request), at=visit(request).at)
        return f"{found.duty}: sent back."

    return form_panel(
        request, title=f"Send back: {found.duty}", form=BackForm, act=act, submit="Send it back", back=DUTIES.url,
        crumbs=[DUTIES, Crumb(found.duty.title, f"/lead/duties/{pk}/")], refusals=(CannotDo,), done=Done,
    )  # fmt: skip


def _hand(request: HttpRequest, found: Turn) -> HttpResponse:
    def form(*args: Any) -> HandForm:
        made = HandForm(*args)
        made.fields["to"].choices = colleagues()  # type: ignore[attr-defined]
        return made

    def act(bound: HandForm) -> str:
        to: User = colleague(bound.cleaned_data["to"])
        hand_over(duty=found.duty, day=found.day, to=to, calendar=office_days(request), by=actor(request),
                  at=visit(request).at)  # fmt: skip
        return f"{found.duty}: {to.name} has it."

    return form_panel(
        request, title=f"Hand over: {found.duty}", form=form, act=act, submit="Hand it over", back=DUTIES.url,
        crumbs=[DUTIES, Crumb(found.duty.title, f"/lead/duties/{found.duty.pk}/")], refusals=(CannotDo,), done=Done,
    )  # fmt: skip
