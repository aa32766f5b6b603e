"""A customer's use for ENERGY STAR Portfolio Manager: consent, the months as they would go, and what was given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms as fields
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Agreement
from lamplighter.customers.consent import Said
from lamplighter.keyaccounts.benchmarking import THRESHOLD
from lamplighter.keyaccounts.models import DataConsent, Organisation
from lamplighter.keyaccounts.operations import releases as giving
from lamplighter.keyaccounts.queries.benchmarks import ReleaseDraft, consents_of, draft_release, releases_of
from lamplighter.keyaccounts.queries.portfolio import services_of
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.platform.queries.files import path_of
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.key.forms import choose
from lamplighter.web.key.loading import PORTFOLIO, load_organisation
from lamplighter.web.naming import names_of
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Badge, Crumb, Empty, Entry, Fact, Level, Link, Tone
from lamplighter.web.ui.wording import day, quantity
from lamplighter.web.visits import visit

METER = "Its number on the meter's page in Portfolio Manager. Empty: whoever uploads the file fills it in."


class StateConsent(Once, Form):
    """What the customer said about giving a service's use to somebody."""

    service = fields.ChoiceField(label="Service")
    receiver = fields.CharField(label="To whom", max_length=120)
    given = OptionsField(label="They say", options={"yes": Option("Yes"), "no": Option("No, or no more")})
    said_by = fields.CharField(label="Who says so", max_length=120, help_text="Name, and what they are there.")
    how = OptionsField(label="How", options={one.value: Option(one.label) for one in Said}, initial=Said.WRITING.value)
    until = DayField(label="Last day", required=False, help_text="Empty: until they take it back.")

    def __init__(self, *args: Any, services: list[Agreement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.services = {str(one.pk): one for one in services}
        choose(self, "service", [(key, str(one.premise)) for key, one in self.services.items()])


class GiveService(Once, Form):
    """One service's months, to a receiver whom its customer allowed."""

    consent = fields.ChoiceField(label="To whom, as the customer allowed")
    meter = fields.CharField(label="Portfolio Manager Meter ID", required=False, max_length=20, help_text=METER)
    seen = fields.CharField(widget=fields.HiddenInput)

    def __init__(self, *args: Any, consents: list[DataConsent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.consents = {str(one.pk): one for one in consents}
        choose(self, "consent", [(key, f"{one.receiver} ({one.said_by})") for key, one in self.consents.items()])


class GiveBuilding(Once, Form):
    """A building's sums, to its owner or the owner's agent."""

    receiver = fields.CharField(label="To whom", max_length=120)
    grounds = fields.CharField(label="How we know that they own it or act for its owner", max_length=200)
    meter = fields.CharField(label="Portfolio Manager Meter ID", required=False, max_length=20, help_text=METER)
    seen = fields.CharField(widget=fields.HiddenInput)


@needs("keyaccounts.work", "metering.view")
def consent(request: HttpRequest, slug: str) -> HttpResponse:
    organisation, now = load_organisation(slug), visit(request)
    services = services_of(organisation)

    def act(form: StateConsent) -> str:
        said = form.cleaned_data
        giving.state_data_consent(
            organisation=organisation, agreement=form.services[said["service"]], receiver=_plain(said["receiver"]),
            given=said["given"] == "yes", until=said["until"], how=Said(said["how"]), said_by=_plain(said["said_by"]),
            on=now.on, by=actor(request), at=now.at,
        )  # fmt: skip
        return "Noted."

    return _panel(request, organisation, "Consent to give data", lambda *a: StateConsent(*a, services=services), act,
                  submit="Note it")  # fmt: skip


@needs("keyaccounts.work", "metering.view")
def give_service(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    organisation, now = load_organisation(slug), visit(request)
    draft = draft_release(organisation, _service(organisation, pk), building=False, on=now.on)
    consents = [one for one in consents_of(organisation, on=now.on) if one.agreement_id == pk]

    def act(form: GiveService) -> str:
        said = form.cleaned_data
        giving.release_service(draft=draft, seen=said["seen"], consent=form.consents[said["consent"]],
                               meter=said["meter"], on=now.on, by=actor(request), at=now.at)  # fmt: skip
        return "The file is made, and what was given is kept."

    alerts = [] if consents else [
        Alert(Level.STOP, "Nobody may be given it yet", "Note the customer's consent first: to whom, and who says so.")
    ]  # fmt: skip
    return _panel(
        request, organisation, f"Give the use of {draft.service.premise}",
        lambda *a: GiveService(*a, consents=consents, initial={"seen": draft.digest}), act, submit="Make the file",
        alerts=[*alerts, *_alerts(draft)], check=_check(draft),
    )  # fmt: skip


@needs("keyaccounts.work", "metering.view")
def give_building(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    organisation, now = load_organisation(slug), visit(request)
    draft = draft_release(organisation, _service(organisation, pk), building=True, on=now.on)

    def act(form: GiveBuilding) -> str:
        said = form.cleaned_data
        giving.release_building(
            draft=draft, seen=said["seen"], receiver=_plain(said["receiver"]), grounds=_plain(said["grounds"]),
            meter=said["meter"], on=now.on, by=actor(request), at=now.at,
        )  # fmt: skip
        return "The file is made, and what was given is kept."

    premise = draft.service.premise
    assert premise is not None, "a service has a premise"
    return _panel(
        request, organisation, f"Give the sums of {premise.street}",
        lambda *a: GiveBuilding(*a, initial={"seen": draft.digest}), act, submit="Make the file",
        alerts=_alerts(draft), check=_check(draft),
    )  # fmt: skip


@needs("keyaccounts.work", "metering.view")
def file(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:  # noqa: ARG001 - the guard reads it
    """What was given, as it was given."""
    found = releases_of(load_organisation(slug)).filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such file.")
    content = path_of(found.file_id).open("rb")
    return FileResponse(content, content_type=found.file.media_type, filename=found.file.name, as_attachment=True)


def given(request: HttpRequest, organisation: Organisation) -> Mapping[str, Any]:
    """Everything that was given, newest first."""
    rows = list(releases_of(organisation)[:60])
    names = names_of(one.released_by for one in rows)
    may = "keyaccounts.work" in permissions(request)
    entries = [
        Entry(
            one.released_at, Badge("Building" if one.building else "Service", Tone.INFO),
            f"{one.months} months of {one.agreement.premise} to {one.receiver}",
            f"{one.grounds} · {names[one.released_by]}",
            Link("File", reverse("key:release", args=[organisation.slug, one.pk])) if may else None,
        )
        for one in rows
    ]  # fmt: skip
    return {"entries": entries, "empty": Empty("Nothing was given to Portfolio Manager yet.")}


def allowed(request: HttpRequest, organisation: Organisation, chosen: Agreement | None) -> Mapping[str, Any]:
    """Who may be given what, and the acts."""
    slug = organisation.slug
    facts = [
        Fact(str(one.agreement.premise), f"{one.receiver}, {f'until {day(one.until)}' if one.until else 'no end'}")
        for one in consents_of(organisation, on=visit(request).on)
    ]
    links = [Link("Note a consent", reverse("key:do-data-consent", args=[slug]), panel=True)]
    if chosen is not None:
        links += [
            Link(f"Give {chosen.premise}", reverse("key:do-give-service", args=[slug, chosen.pk]), panel=True),
            Link("Give its whole building", reverse("key:do-give-building", args=[slug, chosen.pk]), panel=True),
        ]
    shown = links if "keyaccounts.work" in permissions(request) else []
    return {"facts": facts, "links": shown, "empty": Empty("No consent to give data is on file.")}


def _service(organisation: Organisation, pk: int) -> Agreement:
    found = next((one for one in services_of(organisation) if one.pk == pk), None)
    if found is None:
        raise Http404(f"{organisation} has no such running service.")
    return found


def _alerts(draft: ReleaseDraft) -> list[Alert]:
    """What can't be given and why, a line for each reason."""
    reasons: dict[str, list[str]] = {}
    for one in draft.left:
        reasons.setdefault(one.why, []).append(f"{one.month.start:%b %Y}")
    level = Level.WATCH if draft.given else Level.STOP
    said = [Alert(level, f"Left out: {', '.join(months)}", why) for why, months in reasons.items()]
    rule = [Alert(Level.KNOW, "Only a sum that hides each customer is given", THRESHOLD)] if draft.building else []
    return [*rule, *said]


def _check(draft: ReleaseDraft) -> Callable[[Any], Sequence[Fact]] | None:
    """The months as the file would hold them, to look at before it is made; nothing to look at where there is none."""
    shown = [
        Fact(f"{one.month.start:%B %Y}", " · ".join([quantity(one.kwh, "kWh"), *one.notes])) for one in draft.given
    ]
    return (lambda _form: shown) if shown else None


def _plain(said: str) -> str:
    return " ".join(said.split())


def _panel(
    request: HttpRequest, organisation: Organisation, title: str, form: Callable[..., Any], act: Callable[[Any], str],
    *, submit: str, alerts: Sequence[Alert] = (), check: Callable[[Any], Sequence[Fact]] | None = None,
) -> HttpResponse:  # fmt: skip
    back = reverse("key:papers", args=[organisation.slug])
    return form_panel(
        request, title=title, form=form, act=act, submit=submit, back=back,
        crumbs=[PORTFOLIO, Crumb(str(organisation), back)], done=Done, refusals=(CannotKeep,), alerts=alerts,
        check=check,
    )  # fmt: skip
