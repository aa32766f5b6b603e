"""The tables of notice templates and of the versions of one."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Count, Exists, IntegerField, OuterRef, Prefetch, QuerySet, Subquery
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django_filters import FilterSet

from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.models import Template, WordingRow
from lamplighter.notices.rules.wording import Translation
from lamplighter.web.naming import named, plain
from lamplighter.web.ui.markup import badge
from lamplighter.web.ui.parts import Badge, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, MomentColumn, NumberColumn, Table

STATES = {"Adopted": Tone.GOOD, "Proposed": Tone.WATCH, "Draft": Tone.NOTICE}
MARKS = {Translation.ORIGINAL: Tone.INFO, Translation.CERTIFIED: Tone.GOOD, Translation.DRAFT: Tone.WATCH}


def newest() -> QuerySet[Template]:
    """The newest version of each template, with the one in force and the marks of its languages."""
    same = Template.objects.filter(code=OuterRef("code"), channel=OuterRef("channel")).order_by()
    count = same.values("code").annotate(versions=Count("pk")).values("versions")
    return (
        Template.objects.filter(~Exists(same.filter(version__gt=OuterRef("version"))))
        .annotate(
            in_force=Subquery(same.adopted().values("version")[:1], output_field=IntegerField()),
            versions=Subquery(count, output_field=IntegerField()),
        )
        .prefetch_related(_marks())
        .order_by("title", "channel")
    )


def versions(template: Template) -> QuerySet[Template]:
    """Every version of the same template, the newest first."""
    rows = Template.objects.filter(code=template.code, channel=template.channel).prefetch_related(_marks())
    return rows.annotate(drafter=named("drafted_by")).order_by("-version")


def mark(language: str, translation: str) -> Badge:
    return Badge(f"{Language(language).label}: {translation}", MARKS[Translation(translation)])


def short_mark(language: str, translation: str) -> Badge:
    """For lists, where six languages stand in one cell: "es draft"."""
    return Badge(f"{language} {translation}", MARKS[Translation(translation)])


class LanguagesColumn(Column):  # type: ignore[misc]
    """The languages of a version, each with its mark: original, draft or certified."""

    def __init__(self) -> None:
        super().__init__("Languages", accessor="wordings", orderable=False, attrs={"td": {"class": "text-nowrap"}})

    def render(self, record: Any) -> SafeString:
        marks = (short_mark(row.language, row.translation) for row in record.wordings.all())
        return format_html_join(" ", "{}", ((badge(each),) for each in marks))

    def value(self, record: Any) -> str:
        return ", ".join(mark(row.language, row.translation).text for row in record.wordings.all())


class Templates(Table):
    """One row for each code and channel."""

    title = Column("Notice")
    code = Column("Code")
    channel = Column("Goes by", accessor="get_channel_display", order_by="channel")
    in_force = Column("Version in force", default="none")
    state = BadgeColumn("Newest is", accessor="get_state_display", order_by="state", tones=STATES)
    versions = NumberColumn("Versions")
    languages = LanguagesColumn()

    def row_url(self, record: Any) -> str:
        return reverse("admin-desk:template", args=[record.pk])


class TemplateFilters(FilterSet):  # type: ignore[misc]
    code = django_filters.CharFilter(lookup_expr="icontains", label="Code")
    channel = django_filters.ChoiceFilter(
        label="Goes by", choices=[(each.value, each.label) for each in Channel], empty_label="All"
    )
    state = django_filters.ChoiceFilter(label="Newest is", choices=Template.State.choices, empty_label="All")


class Versions(Table):
    version = Column("Version")
    state = BadgeColumn("State", accessor="get_state_display", order_by="state", tones=STATES)
    drafter = Column("Drafted by")
    drafted_at = MomentColumn("Drafted")
    adopted_at = MomentColumn("Adopted")
    languages = LanguagesColumn()

    def render_drafter(self, value: str) -> str:
        return plain(value) if ":" in value else value

    def row_url(self, record: Any) -> str:
        return reverse("admin-desk:template", args=[record.pk])


def _marks() -> Prefetch[str, Any, str]:
    """Languages and marks without the words."""
    return Prefetch("wordings", WordingRow.objects.only("template", "language", "translation").order_by("pk"))
