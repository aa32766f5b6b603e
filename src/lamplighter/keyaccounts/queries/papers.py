"""Papers of an organisation, and the template that holds on a day."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from lamplighter.keyaccounts.models import Organisation, Paper, SlideTemplate
from lamplighter.platform.queries.files import path_of


def papers_of(organisation: Organisation) -> QuerySet[Paper]:
    """The newest first."""
    return Paper.objects.filter(organisation=organisation).select_related("agreement__premise").order_by("-pk")


def template_on(on: date) -> bytes | None:
    """The utility's own template; None: the plain one."""
    newest = SlideTemplate.objects.filter(since__lte=on).order_by("-since", "-id").first()
    return path_of(newest.file_id).read_bytes() if newest else None
