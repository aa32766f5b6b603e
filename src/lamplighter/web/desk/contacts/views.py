"""The contact log, one contact with its thread and files, and the contacts of an account."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET

from lamplighter.cases.models import Attachment, Contact, Message
from lamplighter.cases.queries.contacts import contacts_of
from lamplighter.cases.words import FACTS, Means
from lamplighter.customers import rules
from lamplighter.platform.queries.files import path_of
from lamplighter.web.access import needs, permissions
from lamplighter.web.desk.accounts.views import heading, known_account
from lamplighter.web.desk.contacts.loading import load_contact
from lamplighter.web.desk.contacts.tables import ContactFilters, Contacts
from lamplighter.web.naming import customer_of, name_of, named, names_of
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Entry, Fact, Link, Tone
from lamplighter.web.ui.tables import table_page
from lamplighter.web.ui.wording import moment
from lamplighter.web.visits import visit

CONTACTS = Crumb("Contacts", "/desk/contacts/")
STEPS = {"sent": Tone.GOOD, "delivered": Tone.GOOD, "failed": Tone.BAD}


@needs("contacts.work")
def listed(request: HttpRequest) -> HttpResponseBase:
    """Every contact over every channel, with filters and CSV."""
    nothing = Empty("Contacts appear here when somebody calls, visits or writes.")
    return table_page(
        request, title="Contacts", table=Contacts, rows=_named(Contact.objects.order_by("-began_at", "-id")),
        filters=ContactFilters, empty=nothing,
    )  # fmt: skip


@needs("accounts.view")
def of_account(request: HttpRequest, number: str) -> HttpResponseBase:
    """The contacts of one account, as a tab of it."""
    known = known_account(request, number)
    return table_page(
        request, table=Contacts, rows=_named(contacts_of(known.account)), filters=ContactFilters,
        empty=Empty("Nobody called, visited or wrote yet."), **heading(request, known, "desk:account-contacts"),
    )  # fmt: skip


@needs("accounts.view")
def contact(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One contact: what was said, in its thread, and what came with it."""
    found = load_contact(request, pk, to="accounts.view")
    message = getattr(found, "message", None)
    panels = [
        Panel("said", "What was said", "desk/contacts/thread.html", lambda: _thread(found, message, request)),
        Panel("about", "About", "desk/accounts/facts.html", lambda: {"facts": _about(found, request)}, place="side"),
        Panel("files", "Files", "desk/contacts/files.html", lambda: _files(found), place="side"),
    ]
    return page(
        request, title=found.label, number=found.number, crumbs=[CONTACTS, *_crumb(found)],
        badges=[Badge(str(found.get_outcome_display()) or "Live", Tone.PLAIN)], actions=_acts(found, message, request),
        panels=panels, watch=found.subject,
    )  # fmt: skip


@require_GET
@needs("accounts.view")
def file(request: HttpRequest, pk: int, sha256: str) -> HttpResponseBase:
    """A file of a contact, always to be saved: what came from outside is not shown inside."""
    found = load_contact(request, pk, to="accounts.view")
    kept = Attachment.objects.filter(contact=found, file=sha256).select_related("file").first()
    if kept is None:
        raise Http404("There is no such file with this contact.")
    return FileResponse(
        path_of(sha256).open("rb"), as_attachment=True, filename=kept.name, content_type="application/octet-stream"
    )


def _named(rows: QuerySet[Contact]) -> QuerySet[Contact]:
    customer = Case(When(account__isnull=False, then=customer_of("account")), default=Value(""))
    return rows.select_related("person").annotate(customer=customer, by_name=named("handled_by"))


def _crumb(found: Contact) -> list[Crumb]:
    if found.account is None:
        return []
    return [Crumb(found.account.number, reverse("desk:account", args=[found.account.number]))]


def _acts(found: Contact, message: Message | None, request: HttpRequest) -> list[Action]:
    if "contacts.work" not in permissions(request):
        return []
    acts = []
    if message is not None and found.direction == Contact.Direction.IN:
        acts.append(Action("Answer", reverse("desk:do-answer", args=[found.pk]), key="r", primary=True))
    if found.account is None:
        acts.append(Action("Whose is it?", reverse("desk:do-attach", args=[found.pk]), key="a", primary=not acts))
    return acts


def _about(found: Contact, request: HttpRequest) -> list[Fact]:
    on = visit(request).on
    shown = found.party if "@" in found.party else rules.shown(found.party)
    account = found.account
    verified = [
        Fact("Verified", f"{moment(one.at, on)} by {', '.join(FACTS[fact].lower() for fact in one.facts)}")
        for one in found.verifications.all()
    ]
    link = Link("Open", reverse("desk:account", args=[account.number])) if account else None
    facts = [
        Fact("Account", account.number, link) if account else Fact("Account", "Nobody's yet"),
        *([Fact("Person", found.person.name)] if found.person else []),
        *([Fact("From" if found.direction == "in" else "To", shown)] if shown else []),
        Fact("Began", moment(found.began_at, on)),
        *([Fact("Ended", moment(found.ended_at, on))] if found.ended_at else []),
        *([Fact("Why", str(found.get_reason_display()))] if found.reason else []),
        *([Fact("Handled by", name_of(found.handled_by))] if found.handled_by else []),
    ]
    return [*facts, *verified]


def _thread(found: Contact, message: Message | None, request: HttpRequest) -> dict[str, Any]:
    """The whole thread, the oldest first; a call has its note alone."""
    if message is None:
        words = [Entry(found.began_at, Badge(found.label), str(found.remark))] if found.remark else []
        return {"entries": words, "empty": Empty("Nothing was written down.")}
    first = message.opens_id or message.pk
    rows = Message.objects.filter(Q(pk=first) | Q(opens=first)).select_related("contact").prefetch_related("steps")
    messages = list(rows.order_by("pk"))
    names = names_of(one.contact.handled_by for one in messages)
    on = visit(request).on
    shown = []
    for one in messages:
        by = one.contact.handled_by
        ours = one.contact.direction == Contact.Direction.OUT
        steps = [Badge(step.get_step_display(), STEPS[step.step]) for step in one.steps.all()]
        shown.append({
            "who": (names[by] if by else "") if ours else one.contact.party, "when": moment(one.written_at, on),
            "subject": one.subject, "body": str(one) if one.erased_at else one.body, "ours": ours,
            "steps": steps or ([Badge("In the outbox", Tone.WATCH)] if ours else []), "here": one.pk == message.pk,
        })  # fmt: skip
    return {"messages": shown, "mail": found.means == Means.EMAIL, "empty": Empty("Nothing was written.")}


def _files(found: Contact) -> dict[str, Any]:
    files = [
        Fact(
            one.name,
            f"{one.file.size:,} bytes",
            Link("Save", reverse("desk:contact-file", args=[found.pk, one.file_id])),
        )
        for one in found.attachments.select_related("file")
    ]
    return {"facts": files, "empty": Empty("No files came with it.")}
