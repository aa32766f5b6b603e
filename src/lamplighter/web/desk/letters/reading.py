"""One notice as it was sent: its words in each language, to whom, and every step on its way with its proof."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.models import Delivery, Notice
from lamplighter.notices.rules.steps import DeliveryStep
from lamplighter.web.access import needs, permissions
from lamplighter.web.administration.notices.views import TAGS
from lamplighter.web.desk.confidential.withholding import refuse_withheld
from lamplighter.web.desk.letters.barcode import tracking_of
from lamplighter.web.loading import load_account, note_access
from lamplighter.web.naming import names_of
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Badge, Crumb, Entry, Fact, Level, Link, Tone
from lamplighter.web.ui.wording import moment
from lamplighter.web.visits import visit

TONES = {
    DeliveryStep.QUEUED: Tone.INFO, DeliveryStep.HANDED_OVER: Tone.NOTICE, DeliveryStep.DELIVERED: Tone.GOOD,
    DeliveryStep.BOUNCED: Tone.BAD, DeliveryStep.RETURNED: Tone.BAD,
}  # fmt: skip


@needs("accounts.view")
def letter(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What the customer has in hand."""
    found, account = _load(request, pk)
    if "panel" not in request.GET:
        note_access(request, found.key, "accounts.view")
    here = reverse("desk:account", args=[account.number]) if account else ""
    steps = list(found.deliveries.select_related("remark").order_by("id"))
    last = DeliveryStep(steps[-1].step) if steps else None
    written = moment(found.composed_at, visit(request).on)
    return page(
        request,
        title=found.template.title,
        number=found.number,
        crumbs=[Crumb(account.number, here)] if account else [],
        badges=[Badge(last.label, TONES[last])] if last else [Badge("Not queued")],
        meta=[found.get_channel_display(), Language(found.language).label, written],
        alerts=_alerts(found),
        actions=_actions(request, found, last),
        panels=[
            Panel("words", "As it was sent", "desk/letters/words.html", lambda: _words(found)),
            Panel("way", "On its way", "desk/letters/way.html",
                  lambda: {"entries": [_entry(step) for step in steps]}, "side"),
            Panel("about", "About it", "administration/notices/facts.html",
                  lambda: {"facts": _facts(found, account, here)}, "side"),
        ],
    )  # fmt: skip


def _load(request: HttpRequest, pk: int) -> tuple[Notice, Account | None]:
    """A notice; of an account, if this person may see that."""
    found = Notice.objects.filter(pk=pk).select_related("template", "words", "replaces").first()
    if found is None:
        raise Http404(f"There is no notice N-{pk}.")
    refuse_withheld(request, [found])
    account = Account.objects.filter(pk=found.account or 0).first()
    return found, load_account(request, account.number, to="accounts.view") if account else None


def _actions(request: HttpRequest, found: Notice, last: DeliveryStep | None) -> list[Action]:
    if found.channel != Channel.LETTER:
        return []
    acts = [Action("Paper", reverse("desk:letter-paper", args=[found.pk]), key="p", panel=False)]
    if last in {DeliveryStep.HANDED_OVER, DeliveryStep.DELIVERED} and "notices.send" in permissions(request):
        acts.append(Action("It came back", reverse("desk:do-returned", args=[found.pk]), key="b"))
    return acts


def _words(found: Notice) -> dict[str, Any]:
    words = found.words
    return {
        "erased": words.erased_at,
        "address": words.address,
        "letter": found.channel == Channel.LETTER,
        "sheets": [(_tag(sheet.language), sheet) for sheet in words.read],
        "lines": [(_tag(Language(language)), line) for language, line in words.lines],
    }


def _tag(language: Language) -> str:
    return TAGS.get(language, language.value)


def _alerts(found: Notice) -> list[Alert]:
    if not found.fallback:
        return []
    wanted = Language(found.wanted_language).label
    return [Alert(Level.WATCH, "Sent in English", f"The customer reads {wanted}; no full translation was adopted.")]


def _entry(step: Delivery) -> Entry:
    remark = str(step.remark) if step.remark else ""
    known = DeliveryStep(step.step)
    proof = f"Proof {step.proof}" if step.proof else ""
    return Entry(step.happened_at, Badge(known.label, TONES[known]), remark or known.label, proof)


def _facts(found: Notice, account: Account | None, here: str) -> list[Fact]:
    facts = [
        *([Fact("Account", account.number, Link("Open", here))] if account else []),
        Fact("Template", f"{found.template.title}, version {found.template.version}"),
        Fact("Basis", found.template.basis or "none: no law asks for it"),
        *([Fact("Barcode", tracking_of(found.pk))] if found.channel == Channel.LETTER and settings.MAILER else []),
        Fact("Written by", names_of([found.composed_by])[found.composed_by]),
    ]
    if found.replaces:
        again = Link("Open", reverse("desk:letter", args=[found.replaces.pk]))
        facts.append(Fact("Sent again for", found.replaces.number, again))
    return facts
