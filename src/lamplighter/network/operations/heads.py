"""Set up a head-end, with the logins of both sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from lamplighter.formats.network.messages import Login
from lamplighter.kernel.actors import Actor
from lamplighter.network.models import HeadEnd
from lamplighter.network.types import Protocol
from lamplighter.platform.operations.events import record
from lamplighter.platform.secrets import digest, encrypt
from lamplighter.platform.transactions import in_transaction


class CannotDefine(Exception):
    """A head-end can't be set up so; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True)
class HeadEndIn:
    """A head-end as it is from now on. `ours` is our login there, `theirs` the one with which it calls `reply_url`."""

    key: str
    name: str
    vendor: str
    protocol: Protocol
    url: str
    reply_url: str
    zone: str
    ours: Login
    theirs: Login
    makers: Sequence[str] = ()
    codes: Mapping[str, Any] = field(default_factory=dict)
    active: bool = True


@in_transaction
def define_head_end(*, head_end: HeadEndIn, by: Actor, at: datetime) -> HeadEnd:
    """New or as it is from now on. A maker's meters are reached through one head-end. Raises CannotDefine."""
    one = head_end
    if not one.url.startswith(("http://", "https://")) or not one.reply_url.startswith(("http://", "https://")):
        raise CannotDefine("An address begins with http:// or https://.")
    if not one.theirs.password:
        raise CannotDefine("Give the head-end a password, with which it proves itself when it calls.")
    if one.zone not in available_timezones():
        raise CannotDefine(f"{one.zone} is no time zone. Name one such as America/Los_Angeles.")
    if HeadEnd.objects.exclude(key=one.key).filter(their_user=one.theirs.user).exists():
        raise CannotDefine(f"Another head-end logs in here as {one.theirs.user}. Give it a login of its own.")
    other = HeadEnd.objects.exclude(key=one.key).filter(active=True, makers__overlap=list(one.makers)).first()
    if other:
        raise CannotDefine(f"{other} reaches the meters of one of these makers already.")
    made, _ = HeadEnd.objects.update_or_create(
        key=one.key,
        defaults={
            "name": one.name, "vendor": one.vendor, "protocol": one.protocol.value, "url": one.url,
            "reply_url": one.reply_url, "zone": one.zone, "makers": list(one.makers), "codes": dict(one.codes),
            "user": one.ours.user, "sealed": encrypt(one.ours.password), "their_user": one.theirs.user,
            "their_digest": digest(one.theirs.password), "active": one.active,
        },
    )  # fmt: skip
    record("network.head_end.defined", subject=made.subject, by=by, at=at, protocol=one.protocol.value, url=one.url)
    return made


@in_transaction
def move_head_end(*, head_end: HeadEnd, url: str, reply_url: str, by: Actor, at: datetime) -> HeadEnd:
    """It listens elsewhere from now on, or we do."""
    head_end.url, head_end.reply_url = url, reply_url
    head_end.save(update_fields=["url", "reply_url"])
    record("network.head_end.defined", subject=head_end.subject, by=by, at=at, url=url)
    return head_end
