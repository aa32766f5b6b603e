"""Begin a text, draft its versions, and write which figures become others with one; words once written stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Max
from django.utils.text import slugify

from lamplighter.kernel.actors import Actor
from lamplighter.platform.models import User
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction
from lamplighter.policies.models import Adoption, Change, Text, Version
from lamplighter.policies.queries.texts import proposal_of
from lamplighter.policies.rules import CannotWrite

LONG = 40_000


@in_transaction
def begin_text(
    *, kind: str, title: str, about: str, owner: User, words: str, by: Actor, at: datetime, citation: str = "",
    governs: Sequence[str] = (),
) -> Version:  # fmt: skip
    """A policy or an article with its first words, still a draft. Raises CannotWrite."""
    slug = slugify(title)[:58]
    if not slug:
        raise CannotWrite("Give it a title.")
    if Text.objects.filter(slug=slug).exists():
        raise CannotWrite(f"There is a text “{title.strip()}” already. Draft a new version of it.")
    text = Text.objects.create(
        slug=slug, kind=kind, title=title.strip(), about=about, owner=owner, begun_at=at, begun_by=by
    )
    record("policies.text.begun", subject=text.subject, by=by, at=at, kind=kind, owner=owner.username)
    return draft_version(text=text, words=words, why="First version", citation=citation, governs=governs, by=by, at=at)


@in_transaction
def draft_version(
    *, text: Text, words: str, why: str, by: Actor, at: datetime, citation: str = "", governs: Sequence[str] = ()
) -> Version:
    """The next version, not in force until it is adopted. Raises CannotWrite: without words, a reason or, for a policy,
    the board's resolution; an article that governs figures; what differs in nothing from the version before."""
    held = hold(text)
    said, named = words.replace("\r\n", "\n").strip(), sorted(set(governs))
    _check(held, said, why, citation, named)
    last = held.versions.order_by("-number").first()
    if last and (last.words, last.citation, last.governs) == (said, citation.strip(), named):
        raise CannotWrite(f"That is version {last.number} word for word.")
    number = (held.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = Version.objects.create(
        text=held, number=number, words=said, why=why.strip(), citation=citation.strip(), governs=named,
        drafted_at=at, drafted_by=by,
    )  # fmt: skip
    record("policies.version.drafted", subject=held.subject, by=by, at=at, number=number, governs=named)
    return version


@in_transaction
def set_change(
    *, version: Version, parameter: str, figures: Mapping[str, str], before: Mapping[str, str], by: Actor, at: datetime
) -> None:
    """The figures that become others with this draft, in place of what was written before; none: they all stay."""
    hold(version.text)
    if parameter not in version.governs:
        raise CannotWrite("This version does not say that it governs those figures. Draft one that does.")
    if Adoption.objects.filter(version=version).exists() or proposal_of(version) is not None:
        raise CannotWrite(f"{version} is proposed or adopted. Draft a new version to change figures.")
    Change.objects.filter(version=version, parameter=parameter).delete()
    if figures:
        Change.objects.create(
            version=version, parameter=parameter, figures=dict(figures), before=dict(before), set_by=by
        )
    record("policies.change.set", subject=version.text.subject, by=by, at=at, number=version.number,
           parameter=parameter, figures=dict(figures))  # fmt: skip


@in_transaction
def give_text(*, text: Text, owner: User, by: Actor, at: datetime) -> Text:
    """Somebody else keeps it from now on."""
    held = hold(text)
    held.owner = owner
    held.save(update_fields=["owner"])
    record("policies.text.given", subject=held.subject, by=by, at=at, owner=owner.username)
    return held


def hold(text: Text) -> Text:
    """The text's row, locked: one writer of it at a time."""
    return Text.objects.select_for_update(of=("self",)).select_related("owner").get(pk=text.pk)


def _check(text: Text, words: str, why: str, citation: str, governs: Sequence[str]) -> None:
    if not words:
        raise CannotWrite("Write what it says.")
    if len(words) > LONG:
        raise CannotWrite(f"{len(words):,} letters are too long: {LONG:,} at most.")
    if not why.strip():
        raise CannotWrite("Say why it is written anew, in a line.")
    if text.kind == Text.Kind.POLICY and not citation.strip():
        raise CannotWrite("Name the board's resolution: a policy rests on one.")
    if text.kind == Text.Kind.ARTICLE and governs:
        raise CannotWrite("An article governs no figures; a policy does.")
