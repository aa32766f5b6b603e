"""Write a certificate: what was read and every check, whatever the outcome. The only way to one."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from lamplighter.accounts.models import Agreement
from lamplighter.credit.models import Certificate
from lamplighter.credit.queries.certificates import judge
from lamplighter.credit.rules.facts import Evidence, Reason, plain
from lamplighter.kernel.actors import Actor
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction


@in_transaction
def certify(
    *,
    agreement: Agreement,
    reason: Reason,
    by: Actor,
    at: datetime,
    evidence: Evidence | None = None,
    sending: bool = False,
    rechecks: Certificate | None = None,
) -> Certificate:
    """Judge a service now and keep the answer for ever.

    The account is locked first: whoever pays or arranges at the same time is seen whole or waits until we are done.
    """
    advisory_lock(f"account:{agreement.account_id}")
    facts, decision = judge(agreement, reason=reason, at=at, evidence=evidence)
    made = Certificate.objects.create(
        agreement=agreement, reason=reason, at=at, allowed=decision.allowed, pack=decision.pack, facts=plain(facts),
        checks=[asdict(check) for check in decision.checks], off_on=decision.off_on, sending=sending,
        rechecks=rechecks, asked_by=by,
    )  # fmt: skip
    record(
        "credit.certificate.allowed" if made.allowed else "credit.certificate.refused", subject=made.subject,
        account=agreement.account_id, by=by, at=at, reason=reason.value, sending=sending,
        failed=[check.code for check in decision.refusals],
    )  # fmt: skip
    return made
