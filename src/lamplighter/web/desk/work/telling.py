"""Why an item waits, in words: an account that could not be billed says it; codes are read as they are spoken."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Case, CharField, F, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse

from lamplighter.accounts.models import AgreementPoint
from lamplighter.billing.kinds import PARKED
from lamplighter.billing.models import Parked
from lamplighter.metering.models import Installation
from lamplighter.web.ui.parts import Fact, Link
from lamplighter.worklist.models import Item

CODE = re.compile(r"\A[a-z]+(?:[.-][a-z]+)+(?=: )")


def with_why(rows: QuerySet[Item]) -> QuerySet[Item]:
    """Items with `why`: their summary, or what keeps their account from being billed."""
    agreement = Concat(Value("agreement:"), Cast("agreement_id", CharField()))
    parked = Parked.objects.annotate(subject=agreement).filter(subject=OuterRef("subject"), state=Parked.State.OPEN)
    said = Coalesce(Subquery(parked.order_by("-pk").values("message")[:1]), F("summary"),
                    output_field=TextField())  # fmt: skip
    return rows.annotate(why=Case(When(kind=PARKED.key, then=said), default=F("summary"), output_field=TextField()))


def of_parked(found: Item) -> list[Fact]:
    """What is to be done for an account that could not be billed, and the meters on which it is done; two queries."""
    if found.kind != PARKED.key:
        return []
    agreement = int(found.subject.partition(":")[2])
    rows = Parked.objects.filter(agreement=agreement, window=found.data.get("window")).order_by("-pk")
    findings = [finding for row in rows[:1] for finding in row.evidence.get("findings", [])]
    remedies = dict.fromkeys(str(finding["remedy"]) for finding in findings if finding.get("remedy"))
    points = AgreementPoint.objects.filter(agreement=agreement).values("point")
    standing = Installation.objects.filter(point__in=points, span__endswith__isnull=True).select_related("meter")
    badges = dict.fromkeys(row.meter.badge for row in standing.order_by("pk"))
    return [
        *(Fact("What to do", remedy) for remedy in remedies),
        *(Fact("Meter", badge, Link("Open", reverse("desk:meter", args=[badge]))) for badge in badges),
    ]


def why(found: Any) -> str:
    """`Corrected read: from Sep 14, 2026` of `corrected-read: from ...`."""
    words = str(getattr(found, "why", found.summary))
    code = CODE.match(words)
    if code is None:
        return words
    spoken = re.sub("[.-]", " ", code[0])
    return f"{spoken[:1].upper()}{spoken[1:]}{words[code.end() :]}"
