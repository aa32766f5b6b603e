"""Leads until it is known what came of them, and material that somebody asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Account, AccountRole
from lamplighter.customers.models import Person
from lamplighter.customers.queries import reach
from lamplighter.keyaccounts.models import Gathering, Organisation, Step
from lamplighter.outreach.models import Lead, MaterialRequest
from lamplighter.outreach.operations import leads as keeping
from lamplighter.outreach.rules.segments import CannotReach
from lamplighter.platform.queries.events import events_about
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.key.acts import user_of
from lamplighter.web.key.outreach import forms
from lamplighter.web.key.steps import steps_shown
from lamplighter.web.loading import load_account
from lamplighter.web.naming import names_of
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Chip, Crumb, Empty, Entry, Fact, Link, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, Table, table_page
from lamplighter.web.ui.wording import due
from lamplighter.web.visits import Visit, visit

LEADS = Crumb("Leads", "/key/leads/")
TONES = {"Open": Tone.WATCH, "Went ahead": Tone.GOOD}


class Leads(Table):
    """Leads with the person, their source and their state."""

    person = Column("Who", accessor="person__name", order_by="person__sort_name")
    topic = Column("About", accessor="get_topic_display", order_by="topic")
    source = Column("From", empty_values=(), orderable=False)
    opened_at = DayColumn("Since")
    state = BadgeColumn("State", accessor="get_outcome_display", empty_values=(), order_by="outcome", tones=TONES)
    owner = Column("Manager", accessor="owner__name")

    def render_source(self, record: Any) -> str:
        return str(record.campaign or record.gathering or "")

    def value_source(self, record: Any) -> str:
        return self.render_source(record)

    def row_url(self, record: Any) -> str:
        return reverse("key:lead", args=[record.pk])


@needs("keyaccounts.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    """Those that are open, or all."""
    every, here = request.GET.get("which") == "all", reverse("key:leads")
    rows = Lead.objects.select_related("person", "campaign", "gathering", "owner").order_by("-opened_at")
    rows = rows if every else rows.filter(closed_at__isnull=True)
    may = "keyaccounts.work" in permissions(request)
    return table_page(
        request, title="Leads", table=Leads, rows=rows, template="key/portfolio.html", rule="", tabs=[],
        chips=[Chip("Open", here, on=not every), Chip("All", f"{here}?which=all", on=every)],
        actions=[
            Action("A lead", reverse("key:do-lead"), key="a", primary=True),
            Action("Material is needed", reverse("key:do-material"), key="m"),
        ] if may else [],
        empty=Empty("No lead is open. They come from events, campaigns, and calls."),
    )  # fmt: skip


@needs("keyaccounts.view")
def lead(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Who they are and how they are reached, what they may want, the follow-up, and what was heard since."""
    found = load_lead(request, pk, to="keyaccounts.view")
    open_, mine = found.closed_at is None, [found.pk]
    may = open_ and "keyaccounts.work" in permissions(request)
    steps = Step.objects.filter(pk=found.step_id).select_related("organisation__person", "account", "person", "words",
                                                                 "issue", "owner")  # fmt: skip
    return page(
        request, title=f"{found.get_topic_display()}: {found.person.name}", crumbs=[LEADS],
        badges=[Badge("Open", Tone.WATCH) if open_ else Badge(found.get_outcome_display(), Tone.GOOD)],
        meta=[f"Manager: {found.owner.name}"],
        actions=[
            Action("What came of it", reverse("key:do-close-lead", args=mine), key="e", primary=True),
            Action("Material is needed", f"{reverse('key:do-material')}?for=lead:{found.pk}", key="m"),
        ] if may else [],
        panels=[
            Panel("about", "What they may want", "key/facts.html", lambda: _about(request, found)),
            Panel("steps", "Follow-up", "key/steps.html", lambda: steps_shown(request, list(steps))),
            Panel("heard", "What was heard", "key/entries.html", lambda: _heard(found)),
        ],
    )  # fmt: skip


@needs("keyaccounts.work")
def add(request: HttpRequest) -> HttpResponse:
    """A lead of somebody who called or came."""
    now = visit(request)

    def act(form: forms.NewLead) -> str:
        said = form.cleaned_data
        account, person = somebody(request, said["who"], now)
        made = keeping.open_lead(
            person=person, account=account, topic=said["topic"], owner=user_of(now), words=said["words"], on=now.on,
            by=actor(request), at=now.at, organisation=Organisation.objects.filter(person=person).first(),
        )  # fmt: skip
        return str(made.pk)

    return form_panel(
        request, title="A lead", form=forms.NewLead, act=act, back=LEADS.url, crumbs=[LEADS], refusals=(CannotReach,),
        done=lambda pk: Done("It is a lead, with its follow-up.", url=reverse("key:lead", args=[pk])),
    )  # fmt: skip


@needs("keyaccounts.work")
def close(request: HttpRequest, pk: int) -> HttpResponse:
    found = load_lead(request, pk, to="keyaccounts.work")
    here = reverse("key:lead", args=[pk])

    def act(form: forms.CloseLead) -> str:
        said = form.cleaned_data
        keeping.close_lead(lead=found, outcome=said["outcome"], words=said["words"], by=actor(request),
                           at=visit(request).at)  # fmt: skip
        return "Kept."

    return form_panel(
        request, title="What came of it", form=forms.CloseLead, act=act, back=here, crumbs=[LEADS], done=Done,
        refusals=(CannotReach,),
    )  # fmt: skip


@needs("keyaccounts.work")
def material(request: HttpRequest) -> HttpResponse:
    """Brochures or slides by a day, for an event, a lead or an organisation."""
    now = visit(request)

    def act(form: forms.Material) -> str:
        said = form.cleaned_data
        keeping.ask_material(
            title=said["title"], copies=said["copies"], language=said["language"], needed_on=said["needed_on"],
            on=now.on, by=actor(request), at=now.at, **_purpose(request, said["purpose"]),
        )  # fmt: skip
        return "It stands on the page of today until it was sent."

    return form_panel(
        request, title="Material is needed", act=act, back=LEADS.url, crumbs=[LEADS], done=Done,
        form=lambda *args: forms.Material(*args, now=now, purpose=request.GET.get("for", "")), refusals=(CannotReach,),
    )  # fmt: skip


@needs("keyaccounts.work")
def answer_material(request: HttpRequest, pk: int) -> HttpResponse:
    asked = MaterialRequest.objects.filter(pk=pk).first()
    if asked is None:
        raise Http404("Nobody asked for that.")

    def act(form: forms.AnswerMaterial) -> str:
        said = form.cleaned_data
        keeping.answer_material(asked=asked, answer=said["answer"], how=said["how"], by=actor(request),
                                at=visit(request).at)  # fmt: skip
        return "Kept."

    return form_panel(
        request, title=str(asked), form=forms.AnswerMaterial, act=act, back=reverse("key:today"), done=Done,
        refusals=(CannotReach,),
    )  # fmt: skip


def material_shown(request: HttpRequest) -> Mapping[str, Any]:
    """What was asked for and not answered yet, the soonest first."""
    on, may = visit(request).on, "keyaccounts.work" in permissions(request)
    rows = MaterialRequest.objects.filter(answered_at__isnull=True).select_related(
        "gathering", "organisation__person", "lead__person"
    )
    entries = [
        Entry(one.needed_on,
              Badge("Late", Tone.BAD) if one.needed_on < on else Badge(due(one.needed_on, on), Tone.INFO),
              f"{one}, {one.get_language_display()}", f"For {one.gathering or one.organisation or one.lead}",
              Link("Answer", reverse("key:do-answer-material", args=[one.pk]), panel=True) if may else None)
        for one in rows.order_by("needed_on", "pk")
    ]  # fmt: skip
    return {"entries": entries, "empty": Empty("No material is waited for.", good=True)}


def somebody(request: HttpRequest, number: str, now: Visit) -> tuple[Account | None, Person]:
    """The customer of an account by its number, or a person by theirs. Raises CannotReach."""
    said = number.strip()
    if (account := Account.objects.filter(number=said).first()) is not None:
        load_account(request, said, to="keyaccounts.work")
        role = AccountRole.objects.filter(account=account, role="main", period__contains=now.on).first()
        if role is None:
            raise CannotReach(f"Nobody is the customer of account {said}.")
        return account, role.person
    person = Person.objects.filter(number=said, erased_at__isnull=True).first()
    if person is None:
        raise CannotReach(f"There is no account and no person {said}.")
    return None, person


def load_lead(request: HttpRequest, pk: int, *, to: str) -> Lead:
    rows = Lead.objects.select_related(
        "person", "account", "organisation__person", "words", "closing", "owner", "campaign", "gathering", "step"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such lead.")
    if found.account is not None:
        load_account(request, found.account.number, to=to)  # nobody works on what concerns themselves
    return found


def _purpose(request: HttpRequest, said: str) -> dict[str, Any]:
    kind, _, key = said.partition(":")
    match kind:
        case "event":
            return {"gathering": Gathering.objects.get(slug=key)}
        case "lead":
            return {"lead": load_lead(request, int(key), to="keyaccounts.work")}
        case _:
            return {"organisation": Organisation.objects.get(slug=key)}


def _about(request: HttpRequest, found: Lead) -> Mapping[str, Any]:
    reached = reach(found.person, on=visit(request).on)
    facts = [Fact("Said", str(found.words or "–"))]
    facts += [Fact(label, value) for label, value in (("Telephone", reached.phone), ("Email", reached.email)) if value]
    if found.organisation is not None:
        facts.append(Fact("Organisation", str(found.organisation),
                          Link("Open", reverse("key:account", args=[found.organisation.slug]))))  # fmt: skip
    if found.account is not None:
        facts.append(Fact("Account", found.account.number,
                          Link("Open", reverse("desk:account", args=[found.account.number]))))  # fmt: skip
    if found.campaign is not None:
        facts.append(Fact("Campaign", str(found.campaign),
                          Link("Open", reverse("key:campaign", args=[found.campaign.slug]))))  # fmt: skip
    if found.gathering is not None:
        facts.append(Fact("Event", str(found.gathering),
                          Link("Open", reverse("key:event", args=[found.gathering.slug]))))  # fmt: skip
    if found.closed_at is not None:
        facts.append(Fact("What came of it", f"{found.get_outcome_display()}: {found.closing}"))
    return {"facts": facts, "links": []}


def _heard(found: Lead) -> Mapping[str, Any]:
    rows = list(events_about(subject=found.subject)[:40])
    names = names_of(one.actor for one in rows)
    labels = {"opened": "Lead", "heard_again": "Heard again", "closed": "Closed"}
    entries = [
        Entry(one.at, Badge(labels.get(one.name.rpartition(".")[2], "Noted")), str(one.remark or "–"), names[one.actor])
        for one in rows
    ]  # fmt: skip
    return {"entries": entries, "empty": Empty("Nothing yet.")}
