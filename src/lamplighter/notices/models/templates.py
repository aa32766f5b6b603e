"""Template versions, their wordings, and the utility as the sender."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.rules.wording import Translation
from lamplighter.platform.columns import ActorField


class TemplateQuerySet(models.QuerySet["Template"]):
    def adopted(self) -> TemplateQuerySet:
        return self.filter(state=Template.State.ADOPTED)


class Template(models.Model):
    """One version of a template. Its words never change: a correction is the next version.

    `fields` are `[{"name", "type", "sample"}]`; `basis` cites the law that asks for the notice, where one does.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PROPOSED = "proposed", "Proposed"
        ADOPTED = "adopted", "Adopted"
        RETIRED = "retired", "Retired"

    code = models.CharField(max_length=40)
    channel = models.CharField(max_length=6, choices=[(each.value, each.label) for each in Channel])
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=80)
    basis = models.CharField(max_length=120, blank=True)
    fields = models.JSONField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    drafted_by = ActorField()
    drafted_at = models.DateTimeField()
    proposed_by = ActorField(null=True)
    proposed_at = models.DateTimeField(null=True)
    adopted_by = ActorField(null=True)
    adopted_at = models.DateTimeField(null=True)
    retired_by = ActorField(null=True)
    retired_at = models.DateTimeField(null=True)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="template_version", fields=["code", "channel", "version"]),
            models.UniqueConstraint(
                name="template_adopted_once", fields=["code", "channel"], condition=Q(state="adopted")
            ),
            models.CheckConstraint(
                name="template_adopted_by_a_second_person",
                condition=Q(adopted_by__isnull=True)
                | (~Q(adopted_by=F("drafted_by")) & (Q(proposed_by__isnull=True) | ~Q(adopted_by=F("proposed_by")))),
            ),
            models.CheckConstraint(
                name="template_state_has_its_who_and_when",
                condition=Q(state="draft", proposed_at=None, adopted_at=None, retired_at=None)
                | Q(state="proposed", proposed_at__isnull=False, adopted_at=None, retired_at=None)
                | Q(state="adopted", adopted_at__isnull=False, retired_at=None)
                | Q(state="retired", retired_at__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title} ({self.get_channel_display().lower()}), version {self.version}"

    @property
    def key(self) -> str:
        """`kind:key` of this row, for events and approvals."""
        return f"notice-template:{self.pk}"


class WordingRow(models.Model):
    """A version's words in one language: `blocks` are `[[name, text]]` in reading order. Append-only."""

    template = models.ForeignKey(Template, models.PROTECT, related_name="wordings")
    language = models.CharField(max_length=7, choices=[(each.value, each.label) for each in Language])
    blocks = models.JSONField()
    translation = models.CharField(max_length=9, choices=[(each.value, each.value) for each in Translation])

    class Meta:
        db_table = "notices_wording"
        constraints = [models.UniqueConstraint(name="wording_of_template", fields=["template", "language"])]

    def __str__(self) -> str:
        return f"{self.template_id} {self.language}"


class Sender(models.Model):
    """The utility as it names itself on every notice. One row; what it was is in the history."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    utility = models.CharField(max_length=80)
    phone = models.CharField(max_length=30)
    website = models.CharField(max_length=80)
    office = models.CharField(max_length=160)
    email = models.EmailField()

    class Meta:
        constraints = [models.CheckConstraint(name="one_sender", condition=Q(id=1))]

    def __str__(self) -> str:
        return self.utility

    @property
    def standing(self) -> dict[str, str]:
        """What every template may say without declaring it (rules.fields.STANDING); what is not set is left out."""
        facts = {"utility": self.utility, "phone": self.phone, "website": self.website, "office": self.office}
        return {name: fact for name, fact in facts.items() if fact}
