"""Questions about contacts: who is on the line, were they verified, who else is here, and why did they call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from lamplighter.accounts.models import Account
from lamplighter.cases.models import Contact, Message, MessageStep, Presence, Verification
from lamplighter.cases.words import Means
from lamplighter.kernel.actors import Actor
from lamplighter.platform.models import Event

LIVE = timedelta(hours=10)
HERE = timedelta(seconds=40)
"""A page that is open says so three times in this while."""


@dataclass(frozen=True, slots=True)
class Live:
    """The contact that somebody has now, and when its caller was verified for the account that they look at."""

    contact: Contact
    verified_at: datetime | None


def contact_of(actor: Actor, *, at: datetime) -> Contact | None:
    """The newest call or visit that this person has and has not wrapped up; an older one is over with the next."""
    return _live(actor, at).first()


def _live(actor: Actor, at: datetime) -> QuerySet[Contact]:
    rows = Contact.objects.filter(
        handled_by=actor, wrapped_at__isnull=True, means__in=(Means.CALL, Means.VISIT), began_at__gt=at - LIVE
    )
    return rows.select_related("account").order_by("-began_at", "-id")


def live(account: Account, *, actor: Actor, at: datetime) -> Live | None:
    """The contact that this person has about this account, or about none yet; one query."""
    verified = Verification.objects.filter(contact=OuterRef("pk"), account=account).order_by("-id")
    found = _live(actor, at).annotate(known_at=Subquery(verified.values("at")[:1])).first()
    if found is None or found.account_id not in {None, account.pk}:
        return None
    return Live(found, found.known_at)


def ringing(actor: Actor, *, at: datetime) -> Contact | None:
    """A call that came to this person in the last two minutes and is not over."""
    rows = Contact.objects.filter(
        handled_by=actor, source__startswith="call:", ended_at__isnull=True, wrapped_at__isnull=True,
        began_at__gt=at - timedelta(minutes=2),
    )  # fmt: skip
    return rows.order_by("-id").first()


def contacts_of(account: Account) -> QuerySet[Contact]:
    return Contact.objects.filter(account=account).select_related("remark").order_by("-began_at", "-id")


def outbox(means: Means) -> QuerySet[Message]:
    """Messages of ours that no gateway has, the oldest first."""
    done = MessageStep.objects.filter(step__in=(MessageStep.Step.SENT, MessageStep.Step.FAILED)).values("message")
    rows = Message.objects.filter(contact__means=means, contact__direction=Contact.Direction.OUT)
    return rows.exclude(pk__in=done).select_related("contact", "opens").order_by("pk")


def sent_again(message: Any, opens: Any, body: Any) -> QuerySet[Message]:
    """The same words of ours later in the thread of a message; each is a value, or one of a query around this one."""
    ours = Message.objects.filter(contact__direction=Contact.Direction.OUT, contact__gt=message, body=body)
    return ours.filter(opens=Coalesce(opens, message))


def others_here(subject: str, *, actor: Actor, at: datetime) -> list[Actor]:
    """Colleagues who have this open now, in the order in which they were seen last."""
    rows = Presence.objects.filter(subject=subject, seen_at__gt=at - HERE).exclude(actor=actor)
    return list(rows.order_by("-seen_at").values_list("actor", flat=True))


ACTS = (
    ("payments.payment", "payment"), ("credit.arrangement", "plan"), ("credit.extension", "plan"),
    ("accounts.agreement.started", "start"), ("accounts.agreement.stopped", "stop"), ("fieldwork.", "order"),
    ("customers.", "data"), ("accounts.role", "data"), ("billing.rebill", "bill"), ("billing.adjustment", "bill"),
    ("usage.", "meter"),
)  # fmt: skip
"""What somebody does on an account, and why the customer called, in the order in which it decides."""


def guess(account: Account, *, actor: Actor, since: datetime, owes: bool, fresh_bill: bool) -> str:
    """Why they probably call: by what was done for them since the contact began, else by how the account stands."""
    names = list(
        Event.objects.filter(account=account.pk, actor=actor, at__gte=since)
        .order_by("id")
        .values_list("name", flat=True)
    )
    if done := by_acts(names):
        return done
    return "plan" if owes else "high-bill" if fresh_bill else "bill"


def by_acts(names: Iterable[str]) -> str:
    """The reason that acts point to, or ""; somebody who stops and starts service moves."""
    done = list(names)
    if any(n == "accounts.agreement.started" for n in done) and any(n == "accounts.agreement.stopped" for n in done):
        return "move"
    return next((reason for start, reason in ACTS if any(name.startswith(start) for name in done)), "")
