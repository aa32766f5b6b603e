"""The rules by which readings are judged today, in their order, and the forms that adopt or drop one from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html

from lamplighter.intervals.vee.described import KINDS, SEVERITIES, Threshold, described, step_of, thresholds_of
from lamplighter.intervals.vee.formulas import QUANTITIES
from lamplighter.intervals.vee.groups import Role, Step
from lamplighter.kernel.energy import Flow, Unit
from lamplighter.usage.models import RuleGroup
from lamplighter.usage.operations.rulegroups import CannotAdoptRule, adopt_rule, drop_rule
from lamplighter.usage.queries.rulegroups import FURTHER, channel_names, every_group_on, interval_channels
from lamplighter.usage.queries.ruletexts import RULES
from lamplighter.web.access import actor, needs
from lamplighter.web.administration.rates.views import CLASSES
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import CheckRows, DayField, Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Action, Crumb
from lamplighter.web.ui.tables import Column, NumberColumn, Table, table_page
from lamplighter.web.visits import visit

TITLE = "Rules of readings"
ROLES = {Role.INITIAL_LOAD: "As they come", Role.MANUAL_OVERRIDE: "Edited by hand", Role.ESTIMATION: "Estimates"}
OWN = "own"
LABELS = {code: RULES[code].label for code in KINDS if code in RULES}
WORDS = {"flag": Option("Flag it", "The reading counts; somebody looks."),
         "stop": Option("Stop", "Further rules are skipped, and the reading waits for somebody.")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A step as the page shows it."""

    role: str
    key: str
    place: int
    rule: str
    holds: str
    thresholds: str
    severity: str
    citation: str

    @property
    def pk(self) -> str:
        return f"{self.key}-{self.place}"


class Steps(Table):
    role = Column("Readings", orderable=False)
    place = NumberColumn("Order", orderable=False)
    rule = Column("Rule", orderable=False)
    holds = Column("For", orderable=False)
    thresholds = Column("Thresholds", orderable=False)
    severity = Column("Then", orderable=False)
    citation = Column("By", orderable=False)
    drop = Column("", empty_values=(), orderable=False, exclude_from_export=True)

    def render_drop(self, record: Row) -> str:
        url = reverse("admin-desk:do-drop-reading-rule", args=[record.key, record.place])
        return format_html('<a class="btn btn-sm" href="{}" data-panel>Do without</a>', url)


class AdoptForm(Once, Form):
    role = OptionsField(label="Readings", options={
        **{role.value: Option(words) for role, words in ROLES.items()},
        OWN: Option("A group of our own", "Run only where a rule that names it has fired."),
    })  # fmt: skip
    group = forms.SlugField(label="Name of our own group", max_length=40, required=False)
    rule = forms.ChoiceField(label="Rule", choices=[(code, LABELS.get(code, code)) for code in KINDS])
    classes = forms.MultipleChoiceField(
        label="For", choices=CLASSES, widget=CheckRows, required=False,
        help_text="None chosen: for all. A class that is chosen has this in place of what holds for all.",
    )  # fmt: skip
    flows = forms.MultipleChoiceField(
        label="Flows", choices=[(flow.value, flow.value.capitalize()) for flow in Flow], widget=CheckRows,
        required=False, help_text="None chosen: for all.",
    )  # fmt: skip
    units = forms.MultipleChoiceField(
        label="Units", choices=[(unit.value, unit.value) for unit in (Unit.WH, Unit.VARH, Unit.VAH)], widget=CheckRows,
        required=False, help_text="None chosen: for all.",
    )  # fmt: skip
    meter = forms.CharField(
        label="Only meter", max_length=40, required=False,
        help_text="Its number, for one meter alone: its own threshold takes the place of everybody's.",
    )  # fmt: skip
    channel = forms.CharField(
        label="Only its channel", max_length=40, required=False, help_text="As the meter names it. Empty: all of them.",
    )  # fmt: skip
    thresholds = forms.CharField(
        label="Thresholds", required=False, widget=forms.Textarea({"rows": 3, "class": "code", "spellcheck": "false"}),
        help_text="One on a line, like “percent = 180”. What is left out is as shipped. A formula has a name and a"
        f" comparison, like “formula = max > 3 * before_peak”, of {', '.join(QUANTITIES)}.",
    )  # fmt: skip
    severity = OptionsField(label="When it fires", options=WORDS)
    then = forms.SlugField(
        label="Then run the group", max_length=40, required=False,
        help_text="One of our own, over the meters in which this rule has fired.",
    )  # fmt: skip
    citation = forms.CharField(label="By rule book or decision, or why", max_length=200)
    start = DayField(label="For readings judged with days from")

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not self.errors and said["role"] == OWN:
            said["role"] = FURTHER + said["group"]
        channels = self._channels(said)
        if not self.errors:
            try:
                said["step"] = step_of({
                    "rule": said["rule"], "severity": said["severity"], "classes": said["classes"],
                    "flows": said["flows"], "of_units": said["units"],
                    "channels": channels, "then": said["then"], **_thresholds(said["thresholds"]),
                })  # fmt: skip
            except ValueError as wrong:
                self.add_error("thresholds", str(wrong))
        return said

    def _channels(self, said: dict[str, Any]) -> list[int]:
        if not said.get("meter"):
            return []
        found = interval_channels(said["meter"], said.get("channel", ""))
        if not found:
            self.add_error("meter", "There is no such meter, or it has no such channel of intervals.")
        return found


class DropForm(Once, Form):
    citation = forms.CharField(label="By rule book or decision", max_length=200)
    start = DayField(label="From")


@needs("system.configure")
def listed(request: HttpRequest) -> HttpResponseBase:
    return table_page(
        request, title=TITLE, table=Steps, rows=_rows(visit(request).on), per_page=100,
        crumbs=[Crumb("Rules and limits", reverse("admin-desk:rules"))],
        actions=[Action("Adopt a rule", reverse("admin-desk:do-adopt-reading-rule"), key="a", primary=True)],
    )  # fmt: skip


@needs("system.configure")
def adopt(request: HttpRequest) -> HttpResponse:
    here, now = reverse("admin-desk:reading-rules"), visit(request)

    def act(form: AdoptForm) -> str:
        said = form.cleaned_data
        adopt_rule(
            role=said["role"], step=said["step"], on=said["start"], citation=said["citation"], by=actor(request),
            at=now.at,
        )  # fmt: skip
        return f"{LABELS.get(said['rule'], said['rule'])} holds from {said['start']:%b %-d, %Y}."

    return form_panel(
        request, title="Adopt a rule", form=lambda *args: AdoptForm(*args, initial={"start": now.on}), act=act,
        submit="Adopt it", back=here, crumbs=[Crumb(TITLE, here)], refusals=(CannotAdoptRule,),
        done=lambda words: Done(words, url=here),
    )  # fmt: skip


@needs("system.configure")
def drop(request: HttpRequest, role: str, place: int) -> HttpResponse:
    here, now = reverse("admin-desk:reading-rules"), visit(request)
    step = _step(role, place, now.on)

    def act(form: DropForm) -> str:
        said = form.cleaned_data
        drop_rule(role=role, step=step, on=said["start"], citation=said["citation"], by=actor(request), at=now.at)
        return "The rule no longer holds from that day."

    return form_panel(
        request, title=f"Do without “{LABELS.get(step.rule.code, step.rule.code)}”",
        form=lambda *args: DropForm(*args, initial={"start": now.on}), act=act, submit="Do without it", back=here,
        crumbs=[Crumb(TITLE, here)], refusals=(CannotAdoptRule,), done=lambda words: Done(words, url=here),
    )  # fmt: skip


def _step(role: str, place: int, on: date) -> Step:
    steps = every_group_on(on).get(role)
    if steps is None:
        raise Http404("There are no such readings.")
    if not 1 <= place <= len(steps):
        raise Http404("There is no such rule any more.")
    return steps[place - 1]


def _rows(on: date) -> list[Row]:
    by = {row.role: row.citation for row in RuleGroup.objects.filter(period__contains=on)}
    groups = every_group_on(on)
    of_one = channel_names([pk for steps in groups.values() for step in steps for pk in step.channels or ()])
    return [
        Row(
            _label(role), role, place, LABELS.get(step.rule.code, step.rule.code), _holds(step, of_one),
            ", ".join(f"{name} {_plain(value)}" for name, value in thresholds_of(step.rule).items()),
            _outcome(step), by.get(role, "as shipped"),
        )
        for role, steps in groups.items()
        for place, step in enumerate(steps, start=1)
    ]  # fmt: skip


def _label(role: str) -> str:
    return ROLES[Role(role)] if role in set(Role) else f"Our own group “{role.removeprefix(FURTHER)}”"


def _outcome(step: Step) -> str:
    said = next(WORDS[name].label for name, severity in SEVERITIES.items() if severity is step.severity)
    return f"{said}, then run “{step.then}”" if step.then else said


def _holds(step: Step, of_one: Mapping[int, str]) -> str:
    said = described(step)
    parts = [", ".join(said[name]) for name in ("classes", "flows") if said[name]]
    parts += [of_one.get(pk, "a meter that is gone") for pk in sorted(step.channels or ())]
    if step.units:
        left = sorted(str(unit) for unit in frozenset(Unit) - step.units)
        parts.append(
            f"every unit but {', '.join(left)}" if len(left) < len(step.units) else ", ".join(said["of_units"])
        )
    return "; ".join(parts) or "all"


def _plain(value: Threshold) -> str:
    if isinstance(value, str):
        return f"“{value}”"
    return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"


def _thresholds(text: str) -> dict[str, str]:
    """`percent = 180`, one on a line. Raises ValueError."""
    found = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, sign, value = line.partition("=")
        if not sign:
            raise ValueError(f"“{line}” is not like “percent = 180”.")
        found[name.strip()] = value.strip()
    return found
