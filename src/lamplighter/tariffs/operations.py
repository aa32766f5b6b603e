"""How a tariff comes into the rate book: drafted with passing tests, proposed, adopted by a second person."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.findings import Finding, Severity
from lamplighter.platform.models import Approval
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.rating.files import parse, verify
from lamplighter.rating.tariff import Tariff
from lamplighter.tariffs.models import Schedule, TariffText, Version
from lamplighter.tariffs.queries import may_be_proposed

ADOPTION = "tariffs.adoption"


class CannotAdopt(Exception):
    """A tariff is refused; `findings` name file, line, what was expected and the remedy."""

    def __init__(self, message: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(findings)


@in_transaction
def draft(*, text: str, file: str, customer_class: str, by: Actor, at: datetime) -> Version:
    """Keep a tariff file as a draft. Refuses a text with errors, and one whose own worked bills do not come out."""
    tariff = checked(text, file)
    schedule, _ = Schedule.objects.get_or_create(
        key=schedule_key(tariff),
        defaults={
            "utility": tariff.utility, "code": tariff.code, "name": tariff.name, "customer_class": customer_class,
        },
    )  # fmt: skip
    source = keep_text(text=text)
    version = Version.objects.create(
        schedule=schedule, source=source, period=tariff.valid, resolution=tariff.adopted_by[:160], drafted_by=by,
        drafted_at=at,
    )  # fmt: skip
    record("tariffs.version.drafted", subject=f"schedule:{schedule.pk}", by=by, at=at, version=version.pk)
    return version


@in_transaction
def keep_text(*, text: str) -> TariffText:
    """A tariff file under its SHA-256, for a version or for a study of what it would do."""
    source, _ = TariffText.objects.get_or_create(
        sha256=hashlib.sha256(text.encode()).hexdigest(), defaults={"text": text}
    )
    return source


def checked(text: str, file: str) -> Tariff:
    """The tariff of a text without errors, its worked bills passed. Raises CannotAdopt."""
    read = parse(text, file)
    errors = [finding for finding in read.findings if finding.severity is Severity.ERROR]
    if read.tariff is None or errors:
        raise CannotAdopt(f"{file} has {len(errors)} errors. First: {errors[0]}", errors)
    failed = [finding for finding in verify(read.tariff, file) if finding.severity is Severity.ERROR]
    if failed:
        raise CannotAdopt(f"The worked bills of {file} do not come out. First: {failed[0]}", failed)
    return read.tariff


@in_transaction
def propose(*, version: Version, by: Actor, at: datetime, remark: str = "") -> Approval:
    """Put a draft before whoever may adopt tariffs; one whose proposal was refused or withdrawn, again."""
    version = Version.objects.select_for_update(of=("self",)).select_related("schedule").get(pk=version.pk)
    if not may_be_proposed(version):
        raise CannotAdopt(f"This version is {version.get_state_display().lower()} already.")
    Version.objects.filter(pk=version.pk).update(state=Version.State.PROPOSED)
    return approvals.ask(
        kind=ADOPTION, subject=version.subject, permission="tariffs.adopt", by=by, at=at, remark=remark,
        summary=f"Adopt {version.schedule.code} from {version.period.start:%b %-d, %Y}",
        proposal={"version": version.pk, "sha256": version.source_id},
    )  # fmt: skip


@approvals.on_approval(ADOPTION)
def _adopt(approval: Approval, *, by: Actor, at: datetime) -> None:
    version = Version.objects.get(pk=approval.proposal["version"])
    assert version.source_id == approval.proposal["sha256"], "the proposal names the text"
    adopt(version=version, by=by, at=at)


@in_transaction
def adopt(*, version: Version, by: Actor, at: datetime) -> None:
    """It is in force for its days; the version that was in force until then ends where it begins. `by` is who
    approved it: never who drafted it."""
    held = Version.objects.select_for_update().get(pk=version.pk)
    if held.drafted_by == by:
        raise CannotAdopt("Nobody adopts their own draft. Ask a colleague.")
    advisory_lock(f"schedule:{held.schedule_id}")
    adopted = Version.objects.filter(schedule=held.schedule_id, state=Version.State.ADOPTED)
    for before in adopted.filter(period__overlap=held.period):
        if before.period.start >= held.period.start or not before.period.open:
            raise CannotAdopt(f"A version is adopted for {before.period} already. Draft one that begins after it.")
        Version.objects.filter(pk=before.pk).update(period=before.period.ending(held.period.start))
    Version.objects.filter(pk=held.pk).update(state=Version.State.ADOPTED, adopted_by=by, adopted_at=at)
    record("tariffs.version.adopted", subject=f"schedule:{held.schedule_id}", by=by, at=at, version=held.pk)


def schedule_key(tariff: Tariff) -> str:
    """`marisol-bay-power/r-1`."""
    return "/".join("-".join(part.lower().split()) for part in (tariff.utility, tariff.code))
