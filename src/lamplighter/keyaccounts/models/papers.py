"""Papers made of a customer's own data, as they left the house, and the template that the utility presents with."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lamplighter.accounts.models import Agreement
from lamplighter.keyaccounts.models.organisations import Organisation
from lamplighter.platform.columns import ActorField
from lamplighter.platform.models import StoredFile


class Paper(models.Model):
    """A deck or a letter as it was made on a day. Append-only: a newer one is another paper."""

    class Kind(models.TextChoices):
        DECK = "deck", "Slides (PowerPoint)"
        SLIDES = "slides", "Slides (PDF)"
        LETTER = "letter", "Letter (PDF)"

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="papers")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = ActorField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "-id"], name="paper_of_organisation")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.made_at:%Y-%m-%d}"


class SlideTemplate(models.Model):
    """The PowerPoint template that decks are made on, from a day on; the newest that has begun holds. Append-only."""

    id = models.BigAutoField(primary_key=True)
    since = models.DateField()
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField()
    adopted_by = ActorField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-since", "-id"], name="slide_template_newest")]

    def __str__(self) -> str:
        return f"template since {self.since}"
