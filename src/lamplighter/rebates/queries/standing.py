"""Where applications stand: what is missing, what is due, whom each waits for."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Concat

from lamplighter.platform.models import Approval
from lamplighter.rebates.models import RebateApplication
from lamplighter.rebates.rules.qualifying import PaperKind, Way, needed
from lamplighter.rebates.rules.stages import Party
from lamplighter.rebates.rules.worth import Basis, Worked, worth

PAYMENT, CLAWBACK = "rebates.payment", "rebates.clawback"


def rebates() -> QuerySet[RebateApplication]:
    """All of them with what lists show of each and `asked` (a second person), the newest first."""
    waiting = Approval.objects.filter(kind__in=(PAYMENT, CLAWBACK), state=Approval.State.WAITING)
    subject = Concat(Value("rebate:"), OuterRef("number"), output_field=CharField())
    return (
        RebateApplication.objects.select_related("entry__measure__program", "account", "agreement__premise")
        .annotate(asked=Exists(waiting.filter(subject=subject)))
        .order_by("-received_on", "-id")
    )


def missing_papers(application: RebateApplication) -> list[PaperKind]:
    """What must still be brought, in the order of the kinds."""
    has = set(application.papers.values_list("kind", flat=True))
    wanted = needed(application.entry.paper_kinds, Way(application.way))
    return [kind for kind in PaperKind if kind in wanted and kind not in has]


def units_of(application: RebateApplication) -> Decimal:
    """What is paid for: units as installed and found; kWh of the first year where the meter tells."""
    if application.entry.measure.basis == Basis.MEASURED and hasattr(application, "saving"):
        return max(Decimal(application.saving.kwh), Decimal(0))
    done = application.quantity_done
    return Decimal(application.quantity if done is None else done)


def due_of(application: RebateApplication) -> Worked:
    """What would be paid now: what it comes to, and never more than was reserved."""
    cost = application.cost if application.cost_done is None else application.cost_done
    worked = worth(application.entry.rate, units_of(application), cost=cost, others=application.others)
    if worked.amount <= application.amount:
        return worked
    return Worked(application.amount, (*worked.says, f"No more than the {application.amount} that is reserved."))


def is_asked(application: RebateApplication) -> bool:
    """Whether its payment or clawback waits for a second person."""
    waiting = Approval.objects.filter(kind__in=(PAYMENT, CLAWBACK), state=Approval.State.WAITING)
    return waiting.filter(subject=application.subject).exists()


def whom(application: RebateApplication, *, asked: bool) -> Party:
    """Whom it waits for; `asked`: a second person was asked for its money."""
    return Party.SECOND if asked else application.stage.waits_for
