"""Note what a customer says about giving their use away; give it, and keep what went to whom on what grounds."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.accounts.models import Agreement
from lamplighter.customers.consent import Said
from lamplighter.kernel.actors import Actor
from lamplighter.keyaccounts.documents.meterbills import workbook
from lamplighter.keyaccounts.models import DataConsent, DataRelease, Organisation
from lamplighter.keyaccounts.queries.benchmarks import ReleaseDraft, consents_of, draft_release
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.platform.operations.events import record
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.transactions import in_transaction

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@in_transaction
def state_data_consent(
    *, organisation: Organisation, agreement: Agreement, receiver: str, given: bool, until: date | None, how: Said,
    said_by: str, on: date, by: Actor, at: datetime,
) -> DataConsent:  # fmt: skip
    """From now on this holds for the service and the receiver. Raises CannotKeep: a last day that is over."""
    if given and until is not None and until < on:
        raise CannotKeep("That last day is over. Leave it empty where the consent has no end.")
    Agreement.objects.select_for_update().get(pk=agreement.pk)
    made = DataConsent.objects.create(
        organisation=organisation, agreement=agreement, receiver=receiver, given=given, until=until if given else None,
        how=how, said_by=said_by, stated_at=at, stated_by=by,
    )  # fmt: skip
    record("keyaccounts.data.consent", subject=organisation.subject, by=by, at=at, consent=made.pk, given=given)
    return made


@in_transaction
def release_service(
    *, draft: ReleaseDraft, seen: str, consent: DataConsent, meter: str, on: date, by: Actor, at: datetime
) -> DataRelease:
    """Give a service's months to whom its customer allowed it. Raises CannotKeep: taken back, run out, or changed."""
    Agreement.objects.select_for_update().get(pk=draft.service.pk)
    held = [one for one in consents_of(draft.organisation, on=on) if one.agreement_id == draft.service.pk]
    if consent not in held:
        raise CannotKeep("This consent does not hold any more. Ask the customer, and note what they say.")
    grounds = f"Consent of {consent.said_by}"
    return _release(draft, seen, consent.receiver, grounds, consent, meter=meter, on=on, by=by, at=at)


@in_transaction
def release_building(
    *, draft: ReleaseDraft, seen: str, receiver: str, grounds: str, meter: str, on: date, by: Actor, at: datetime
) -> DataRelease:
    """Give the sum of a building to its owner or the owner's agent; `grounds`: how we know that they are. Raises
    CannotKeep."""
    return _release(draft, seen, receiver, grounds, None, meter=meter, on=on, by=by, at=at)


def _release(
    draft: ReleaseDraft, seen: str, receiver: str, grounds: str, consent: DataConsent | None, *, meter: str, on: date,
    by: Actor, at: datetime,
) -> DataRelease:  # fmt: skip
    now = draft_release(draft.organisation, draft.service, building=draft.building, on=on)
    if now.digest != seen:
        raise CannotKeep("The figures changed since you looked at them. Open this again and look.")
    if not now.given:
        raise CannotKeep(f"No month can be given. {now.left[-1].month.start:%B %Y}: {now.left[-1].why}")
    content = workbook(now, meter=meter, receiver=receiver, at=at)
    name = f"portfolio-manager-{draft.organisation.slug}-{on.isoformat()}.xlsx"
    file, _ = store_file([content], name=name, media_type=XLSX, by=by, at=at)
    made = DataRelease.objects.create(
        organisation=draft.organisation, agreement=draft.service, building=draft.building, receiver=receiver,
        grounds=grounds, consent=consent, months=len(now.given), file=file, released_at=at, released_by=by,
    )  # fmt: skip
    record("keyaccounts.data.released", subject=draft.organisation.subject, by=by, at=at, release=made.pk,
           months=len(now.given), building=draft.building)  # fmt: skip
    return made
