"""Template versions as plain values, and how one looks in each language."""

from __future__ import annotations

from collections.abc import Iterable

from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.models import Sender, Template
from lamplighter.notices.rules.fields import Field, FieldType
from lamplighter.notices.rules.rendering import Rendered, render
from lamplighter.notices.rules.wording import Content, Translation, Wording

LANGUAGE_LINE = "language-line"  # a text template whose body says, in each language, that help is free


def adopted(codes: Iterable[str]) -> dict[tuple[str, Channel], Template]:
    """The version in force of each code and channel, its wordings at hand; two queries."""
    found = Template.objects.adopted().filter(code__in=set(codes)).prefetch_related("wordings")
    return {(template.code, Channel(template.channel)): template for template in found}


def content_of(template: Template) -> Content:
    """What the version says, as a plain value."""
    return Content(
        template.code,
        Channel(template.channel),
        template.title,
        tuple(Field(each["name"], FieldType(each["type"]), each["sample"]) for each in template.fields),
        tuple(
            Wording(
                Language(row.language), tuple((name, text) for name, text in row.blocks), Translation(row.translation)
            )
            for row in sorted(template.wordings.all(), key=lambda row: row.pk)
        ),
        template.basis,
    )


def sample(template: Template, *, language: Language) -> Rendered:
    """The version filled with its sample values, to be read before it is adopted."""
    content = content_of(template)
    values = {field.name: field.sample_value for field in content.fields}
    line = adopted([LANGUAGE_LINE]).get((LANGUAGE_LINE, Channel.TEXT))
    standing = sender().standing
    return render(content, language=language, values=values, standing=standing, line=content_of(line) if line else None)


def sender() -> Sender:
    """The utility as it names itself; all blank until somebody has set it, and blank facts can't be said."""
    return Sender.objects.first() or Sender()
