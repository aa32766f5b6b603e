"""Propose a version, and put exactly what was proposed in force from its day."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.kernel.actors import Actor
from lamplighter.platform.models import Approval
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction
from lamplighter.policies.kinds import REVIEW
from lamplighter.policies.models import Adoption, Version
from lamplighter.policies.operations.writing import hold
from lamplighter.policies.queries.texts import ADOPTION, digest_of
from lamplighter.policies.rules import CannotWrite
from lamplighter.worklist.operations import finish_where


@in_transaction
def propose(
    *, version: Version, since: date, review_on: date, on: date, by: Actor, at: datetime, remark: str = ""
) -> Approval:
    """Put a draft before whoever may adopt it. Raises CannotWrite and approvals.CannotDecide."""
    hold(version.text)
    _check(version, since, on=on)
    if review_on <= since:
        raise CannotWrite("It is read again after it comes into force, not before.")
    record("policies.version.proposed", subject=version.text.subject, by=by, at=at, number=version.number,
           since=since.isoformat())  # fmt: skip
    return approvals.ask(
        kind=ADOPTION, subject=version.subject, summary=f"Adopt {version}"[:200], permission="policies.adopt",
        proposal={"version": version.pk, "since": since.isoformat(), "review_on": review_on.isoformat(),
                  "sha256": digest_of(version)},
        by=by, at=at, remark=remark,
    )  # fmt: skip


@in_transaction
def adopt(*, approval: Approval, on: date, by: Actor, at: datetime) -> Adoption:
    """What was approved is in force from its day: those very words, or nothing. Raises CannotWrite."""
    asked = approval.proposal
    version = Version.objects.select_related("text").get(pk=asked["version"])
    text = hold(version.text)
    since = date.fromisoformat(asked["since"])
    _check(version, since, on=on)
    if by == version.drafted_by:
        raise CannotWrite("Nobody adopts what they drafted. Ask a colleague.")
    if digest_of(version) != asked["sha256"]:
        raise CannotWrite(f"{version} was changed since it was proposed. Have it proposed again.")
    text.review_on = date.fromisoformat(asked["review_on"])
    text.save(update_fields=["review_on"])
    made = Adoption.objects.create(
        text=text, version=version, since=since, proposed_by=approval.asked_by, adopted_at=at, adopted_by=by
    )
    finish_where(subjects=[text.subject], kind=REVIEW.key, by=by, at=at)
    record("policies.version.adopted", subject=text.subject, by=by, at=at, number=version.number,
           since=since.isoformat(), sha256=asked["sha256"])  # fmt: skip
    return made


def _check(version: Version, since: date, *, on: date) -> None:
    if since < on:
        raise CannotWrite(f"{since:%b %-d, %Y} is over: a policy binds nobody before it is in force.")
    if Adoption.objects.filter(version=version).exists():
        raise CannotWrite(f"{version} was adopted already.")
    later = Adoption.objects.filter(text=version.text, since__gte=since).select_related("version").first()
    if later is not None:
        raise CannotWrite(f"{later.version} comes into force on {later.since:%b %-d, %Y}. Choose a later day.")
