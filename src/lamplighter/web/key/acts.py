"""What a manager does about an organisation: log a contact, set a step, open an issue, name people, assign it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account, AccountRole, Agreement
from lamplighter.customers.models import Person as Somebody
from lamplighter.customers.operations import add_contact_point, add_human, add_organisation
from lamplighter.customers.rules import CannotRecord
from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.models import Organisation, Tie, Touch
from lamplighter.keyaccounts.operations import organisations as keeping
from lamplighter.keyaccounts.operations import plans, relations
from lamplighter.keyaccounts.operations.relations import TouchIn
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.platform.models import User
from lamplighter.web.access import actor, needs
from lamplighter.web.key import forms
from lamplighter.web.key.loading import PORTFOLIO, load_organisation
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.parts import Crumb
from lamplighter.web.visits import Visit, visit

REFUSALS = (CannotKeep, CannotRecord)


@needs("keyaccounts.work")
def log(request: HttpRequest, slug: str) -> HttpResponse:
    """A contact in ten seconds, with the next step."""
    found, now = load_organisation(slug), visit(request)

    def act(form: forms.Log) -> str:
        person = Somebody.objects.filter(pk=form.cleaned_data["who"] or 0).first()
        relations.log_touch(touch=touch_in(form, now), owner=user_of(now), organisation=found, person=person,
                            by=actor(request), at=now.at)  # fmt: skip
        return "Noted."

    return form_panel(
        request, title=f"Log a contact: {found}", form=lambda *args: forms.Log(*args, organisation=found, now=now),
        act=act, submit="Keep it", back=_here(found), crumbs=_crumbs(found), done=Done, refusals=REFUSALS,
    )  # fmt: skip


@needs("keyaccounts.work")
def log_any(request: HttpRequest) -> HttpResponse:
    """The same from the day's page, where the account is chosen first."""
    now = visit(request)

    def act(form: forms.LogAny) -> str:
        relations.log_touch(touch=touch_in(form, now), owner=user_of(now), by=actor(request), at=now.at,
                            organisation=load_organisation(form.cleaned_data["organisation"]))  # fmt: skip
        return "Noted."

    return form_panel(
        request, title="Log a contact", form=lambda *args: forms.LogAny(*args, now=now), act=act, submit="Keep it",
        back=reverse("key:today"), done=Done, refusals=REFUSALS,
    )  # fmt: skip


@needs("keyaccounts.work")
def step(request: HttpRequest, slug: str) -> HttpResponse:
    found, now = load_organisation(slug), visit(request)

    def act(form: forms.NextStep) -> str:
        said = form.cleaned_data
        relations.set_step(words=said["words"], due_on=said["due_on"], owner=named(said["owner"]), organisation=found,
                           by=actor(request), at=now.at)  # fmt: skip
        return "Set."

    return form_panel(
        request, title=f"Next step: {found}", form=lambda *args: forms.NextStep(*args, now=now), act=act,
        submit="Set it", back=_here(found), crumbs=_crumbs(found), done=Done, refusals=REFUSALS,
    )  # fmt: skip


@needs("keyaccounts.work")
def issue(request: HttpRequest, slug: str) -> HttpResponse:
    """Something to settle, mine from the start."""
    found, now = load_organisation(slug), visit(request)

    def act(form: forms.NewIssue) -> str:
        said = form.cleaned_data
        return relations.open_issue(
            about=said["about"], words=said["words"], promised_on=said["promised_on"], owner=user_of(now),
            organisation=found, on=now.on, by=actor(request), at=now.at,
        ).number  # fmt: skip

    return form_panel(
        request, title=f"Issue: {found}", form=lambda *args: forms.NewIssue(*args, now=now), act=act,
        submit="Open it", back=_here(found), crumbs=_crumbs(found), refusals=REFUSALS,
        done=lambda number: Done(f"Issue {number} is open.", url=reverse("key:issue", args=[number])),
    )  # fmt: skip


@needs("keyaccounts.work")
def tie(request: HttpRequest, slug: str) -> HttpResponse:
    """Somebody has a part there; a new person is entered with how they are reached."""
    found, now = load_organisation(slug), visit(request)

    def act(form: forms.Person) -> str:
        said = form.cleaned_data
        person = _person(said, now, request)
        keeping.tie(organisation=found, person=person, part=said["part"], title=said["title"], on=now.on,
                    by=actor(request), at=now.at)  # fmt: skip
        return f"{person.name} is known here."

    return form_panel(
        request, title=f"A person at {found}", form=forms.Person, act=act, submit="Keep it", back=_here(found),
        crumbs=_crumbs(found), done=Done, refusals=REFUSALS,
    )  # fmt: skip


@needs("keyaccounts.work")
def end_tie(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found, now = load_organisation(slug), visit(request)
    tied = Tie.objects.filter(pk=pk, organisation=found).select_related("person", "organisation").first()
    if tied is None:
        raise Http404("That person has no such part there any more.")

    def act(_form: object) -> str:
        keeping.end_tie(tie=tied, on=now.on, by=actor(request), at=now.at)
        return f"{tied.person.name} has that part no more."

    return form_panel(
        request, title=f"{tied.person.name}: {tied.get_part_display().lower()} no more", form=forms.Sure, act=act,
        submit="End it today", back=_here(found), crumbs=_crumbs(found), done=Done, refusals=REFUSALS,
    )  # fmt: skip


@needs("keyaccounts.work")
def assign(request: HttpRequest, slug: str) -> HttpResponse:
    """Another manager or cover, from a day on."""
    found, now = load_organisation(slug), visit(request)

    def act(form: forms.Assign) -> str:
        said = form.cleaned_data
        user = named(said["user"])
        keeping.assign(organisation=found, user=user, part=said["part"], on=said["on"], by=actor(request), at=now.at)
        return f"{user.name} it is."

    return form_panel(
        request, title=f"Assign {found}", form=lambda *args: forms.Assign(*args, now=now), act=act, submit="Assign",
        back=_here(found), crumbs=_crumbs(found), done=Done, refusals=REFUSALS,
    )  # fmt: skip


@needs("keyaccounts.work")
def describe(request: HttpRequest, slug: str) -> HttpResponse:
    found, now = load_organisation(slug), visit(request)
    known = {"segment": found.segment, "business_code": found.business_code, "community": found.community}

    def act(form: forms.Describe) -> str:
        said = form.cleaned_data
        keeping.describe(
            organisation=found, segment=said["segment"], business_code=said["business_code"],
            community=said["community"], by=actor(request), at=now.at,
        )  # fmt: skip
        return "Kept."

    return form_panel(
        request, title=f"Describe {found}", form=lambda *args: forms.Describe(*args, initial=known), act=act,
        back=_here(found), crumbs=_crumbs(found), done=Done, refusals=REFUSALS,
    )  # fmt: skip


@needs("keyaccounts.work")
def add(request: HttpRequest) -> HttpResponse:
    """A new organisation: a customer by its account, or another by its name."""
    now = visit(request)

    def act(form: forms.NewOrganisation) -> str:
        said = form.cleaned_data
        person = _organisation(said, now, request)
        made = keeping.add_organisation(person=person, kind=said["kind"], segment=said["segment"], by=actor(request),
                                        at=now.at)  # fmt: skip
        keeping.assign(organisation=made, user=user_of(now), part="lead", on=now.on, by=actor(request), at=now.at)
        return made.slug

    return form_panel(
        request, title="Add an organisation", form=forms.NewOrganisation, act=act, back=PORTFOLIO.url,
        crumbs=[PORTFOLIO], refusals=REFUSALS,
        done=lambda slug: Done("It is in your portfolio.", url=reverse("key:account", args=[slug])),
    )  # fmt: skip


@needs("keyaccounts.work")
def contract(request: HttpRequest, slug: str) -> HttpResponse:
    """A special contract, with the day on which it ends."""
    found, now = load_organisation(slug), visit(request)

    def act(form: forms.NewContract) -> str:
        said = form.cleaned_data
        period = Period(said["start"], said["end"] + timedelta(days=1))
        made = plans.keep_contract(
            code=said["code"], organisation=found, agreement=Agreement.objects.get(pk=said["service"]),
            name=said["name"], period=period, minimum=said["minimum"], approval=said["approval"], by=actor(request),
            at=now.at,
        )  # fmt: skip
        return f"{made.code} is kept."

    return form_panel(
        request, title=f"Contract with {found}", form=lambda *args: forms.NewContract(*args, organisation=found),
        act=act, back=_here(found), crumbs=_crumbs(found), done=Done, refusals=REFUSALS,
    )  # fmt: skip


def touch_in(form: forms.Log, now: Visit, kind: str = "") -> TouchIn:
    said: dict[str, Any] = form.cleaned_data
    return TouchIn(said["request_key"], kind or said.get("kind", Touch.Kind.CALL), said["words"], now.at, (),
                   said["step"], said["step_due"])  # fmt: skip


def user_of(now: Visit) -> User:
    assert now.user is not None, "the guard lets nobody in who is not signed in"
    return now.user


def named(username: str) -> User:
    return User.objects.get(username=username)


def _person(said: dict[str, Any], now: Visit, request: HttpRequest) -> Somebody:
    if said["number"]:
        known = Somebody.objects.filter(number=said["number"]).first()
        if known is None:
            raise CannotKeep(f"There is no person {said['number']}.")
        return known
    person = add_human(given=said["given"], family=said["family"], by=actor(request), at=now.at)
    for kind in ("mobile", "email"):
        if said[kind]:
            add_contact_point(person=person, kind=kind, value=said[kind], on=now.on, by=actor(request), at=now.at)
    return person


def _organisation(said: dict[str, Any], now: Visit, request: HttpRequest) -> Somebody:
    """The customer of an account, or somebody new."""
    if said["account"]:
        account = Account.objects.filter(number=said["account"]).first()
        role = AccountRole.objects.filter(account=account, role="main", period__contains=now.on).first()
        if account is None or role is None:
            raise CannotKeep(f"No customer has an account {said['account']}.")
        return role.person
    person = add_organisation(name=said["name"], by=actor(request), at=now.at)
    if said["email"]:
        add_contact_point(person=person, kind="email", value=said["email"], on=now.on, by=actor(request), at=now.at)
    return person


def _here(found: Organisation) -> str:
    return reverse("key:account", args=[found.slug])


def _crumbs(found: Organisation) -> list[Crumb]:
    return [PORTFOLIO, Crumb(str(found), _here(found))]
