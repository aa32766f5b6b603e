"""What an approval would do, in words, by its kind."""

from __future__ import annotations

from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.billing.operations.crediting import APPROVAL as CREDIT
from lamplighter.billing.operations.crediting import REASONS
from lamplighter.notices.operations.templates import ADOPTION as TEMPLATE
from lamplighter.platform.models import Approval
from lamplighter.tariffs.operations import ADOPTION as TARIFF
from lamplighter.web.naming import customer_of
from lamplighter.web.ui.parts import Fact, Link


def told(found: Approval) -> list[Fact]:
    """Exactly what will be done, with links to what it is about."""
    return [*_about(found), *_account(found)]


def _about(found: Approval) -> list[Fact]:
    asked = found.proposal
    match found.kind:
        case kind if kind == TARIFF:
            link = Link("Read what changes", reverse("admin-desk:version", args=[asked["version"]]))
            return [Fact("Rate", found.summary.removeprefix("Adopt "), link), Fact("SHA-256", asked["sha256"][:16])]
        case kind if kind == TEMPLATE:
            link = Link("Read it", reverse("admin-desk:template", args=[asked["template"]]))
            return [Fact("Template", f"{asked['code']} ({asked['channel']}), version {asked['version']}", link)]
        case kind if kind == CREDIT:
            reason = REASONS.get(asked["reason"])
            return [Fact("Give back", found.amount or "–"), Fact("As", reason.label if reason else asked["reason"])]
    return [Fact(name.replace("_", " ").capitalize(), str(value)) for name, value in asked.items()]


def _account(found: Approval) -> list[Fact]:
    account = Account.objects.filter(pk=found.account or 0).annotate(customer=customer_of("pk")).first()
    if account is None:
        return []
    link = Link("Open", reverse("desk:account", args=[account.number]))
    return [Fact("Account", f"{account.customer}, {account.number}", link)]
