"""From an address to an organisation, an issue, a plan or a service, with what stands over each of its pages."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest
from django.urls import reverse

from lamplighter.accounts.models import Agreement
from lamplighter.keyaccounts.models import Gathering, Issue, Organisation
from lamplighter.keyaccounts.queries.portfolio import Known, known, services_of
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.web.access import permissions
from lamplighter.web.loading import load_account
from lamplighter.web.ui.parts import Action, Badge, Crumb, Tab, Tone
from lamplighter.web.visits import visit

TODAY, PORTFOLIO = Crumb("Today", "/key/"), Crumb("Portfolio", "/key/portfolio/")
HEALTH = {"Good": Tone.GOOD, "Watch": Tone.WATCH, "Poor": Tone.BAD}
TABS = (
    ("Overview", "key:account"),
    ("Load", "key:load"),
    ("Power", "key:quality"),
    ("Rates", "key:rates"),
    ("What if", "key:advice"),
    ("Savings", "key:savings"),
    ("Rebates", "key:account-rebates"),
    ("Plan", "key:plan"),
    ("Papers", "key:papers"),
    ("People", "key:people"),
)


def load_organisation(slug: str) -> Organisation:
    found = Organisation.objects.filter(slug=slug).select_related("person").first()
    if found is None:
        raise Http404("There is no such organisation among those that managers look after.")
    return found


def load_gathering(slug: str) -> Gathering:
    found = Gathering.objects.filter(slug=slug).select_related("user", "host__person").first()
    if found is None:
        raise Http404("There is no such event.")
    return found


def text_of(file: UploadedFile[bytes]) -> str:
    """A file that was sent, as text. Raises CannotKeep where it is none."""
    try:
        return str(file.read(), "utf-8-sig")
    except UnicodeDecodeError as fault:
        raise CannotKeep("The file is not text in UTF-8.") from fault


def load_issue(request: HttpRequest, number: str, *, to: str) -> Issue:
    rows = Issue.objects.select_related(
        "organisation__person", "account", "words", "closing", "owner", "investigation__investigator",
        "investigation__findings",
    )  # fmt: skip
    found = rows.filter(number=number).first()
    if found is None:
        raise Http404(f"There is no issue {number}.")
    if found.account is not None:
        load_account(request, found.account.number, to=to)  # nobody works on what concerns themselves
    return found


def load_service(request: HttpRequest, organisation: Organisation) -> tuple[list[Agreement], Agreement | None]:
    """The organisation's services, and the one that the page is about: as asked, else the largest."""
    services = services_of(organisation)
    asked = request.GET.get("service", "")
    chosen = next((one for one in services if str(one.pk) == asked), services[0] if services else None)
    return services, chosen


def heading(request: HttpRequest, organisation: Organisation, current: str) -> dict[str, Any]:
    """What stands over every tab of an organisation."""
    (found,) = known([organisation], on=visit(request).on)
    return {
        "title": organisation.person.name,
        "crumbs": [PORTFOLIO],
        "badges": _badges(found),
        "meta": [word for word in _meta(found) if word],
        "tabs": [Tab(label, reverse(name, args=[organisation.slug]), current=name == current) for label, name in TABS]
        if organisation.kind == Organisation.Kind.CUSTOMER
        else [],
        "actions": acts(request, organisation),
        "found": found,
    }


def acts(request: HttpRequest, organisation: Organisation) -> list[Action]:
    if "keyaccounts.work" not in permissions(request):
        return []
    slug = [organisation.slug]
    return [
        Action("Log a contact", reverse("key:do-log", args=slug), key="l", primary=True),
        Action("Next step", reverse("key:do-step", args=slug), key="t"),
        Action("Issue", reverse("key:do-issue", args=slug), key="i"),
        Action("Visit", reverse("key:visit", args=slug), key="v", panel=False),
    ]


def _badges(found: Known) -> list[Badge]:
    if found.organisation.kind != Organisation.Kind.CUSTOMER:
        return [Badge(found.organisation.get_kind_display())]
    return [
        Badge(f"Tier {found.tier.name}", Tone.INFO),
        Badge(f"Health {found.health.score} · {found.health.word}", HEALTH[found.health.word]),
    ]


def _meta(found: Known) -> list[str]:
    one = found.organisation
    services = f"{found.services} service{'' if found.services == 1 else 's'}"
    return [
        one.segment,
        services if one.kind == Organisation.Kind.CUSTOMER else "",
        f"Manager: {found.manager}" if found.manager else "Nobody leads it",
        f"Cover: {found.cover}" if found.cover else "",
    ]
