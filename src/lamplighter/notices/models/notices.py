"""What was composed for whom, its words, and each step of its delivery."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast, Upper

from lamplighter.notices.channels import WAYS
from lamplighter.notices.languages import Language
from lamplighter.notices.models.templates import Template
from lamplighter.notices.rules.rendering import Sheet
from lamplighter.notices.rules.steps import DeliveryStep
from lamplighter.platform.columns import ActorField
from lamplighter.platform.models import Remark

_LANGUAGES = [(each.value, each.label) for each in Language]


class Notice(models.Model):
    """One notice for one recipient. Append-only, and without personal data: words and address stand in NoticeWords.

    `source` names what caused it, so that it is composed once; `subject` is what it is about and `recipient` who
    gets it, each as `kind:key`. `wanted_language` differs from `language` when a translation was missing.
    `replaces` is the notice that came back and for which this one goes out.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=120, unique=True)
    template = models.ForeignKey(Template, models.PROTECT, related_name="notices")
    channel = models.CharField(max_length=6, choices=[(each.value, each.label) for each in WAYS])
    language = models.CharField(max_length=7, choices=_LANGUAGES)
    wanted_language = models.CharField(max_length=7, choices=_LANGUAGES)
    subject = models.CharField(max_length=80)
    account = models.BigIntegerField(null=True)
    recipient = models.CharField(max_length=80)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    composed_at = models.DateTimeField()
    composed_by = ActorField()

    class Meta:
        indexes = [
            models.Index(fields=["account", "-composed_at"], name="notice_of_account"),
            models.Index(fields=["subject"], name="notice_of_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                name="notice_in_its_language_or_english", condition=Q(language=F("wanted_language")) | Q(language="en"),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"N-{self.pk}"

    @property
    def key(self) -> str:
        """`kind:key` of this row, for events and worklists."""
        return f"notice:{self.pk}"

    @property
    def fallback(self) -> bool:
        return self.language != self.wanted_language


class NoticeWords(models.Model):
    """The words and the address exactly as sent, but for what only its reader may have. Never altered; retention erases
    them, and the notice stays.

    `sheets` are `[[language, [[block, text]]]]`, `lines` `[[language, text]]`, `address` the lines of it.
    """

    notice = models.OneToOneField(Notice, models.PROTECT, primary_key=True, related_name="words")
    address = models.JSONField()
    sheets = models.JSONField()
    lines = models.JSONField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="erased_words_are_gone",
                condition=Q(erased_at__isnull=True) | Q(address=[], sheets=[], lines=[]),
            )
        ]
        indexes = [
            GinIndex(OpClass(Upper(Cast("sheets", TextField())), name="gin_trgm_ops"), name="notice_words_trigrams")
        ]

    def __str__(self) -> str:
        return "(erased)" if self.erased_at else f"words of N-{self.notice_id}"

    @property
    def read(self) -> tuple[Sheet, ...]:
        """The sheets as they were sent; none once erased."""
        return tuple(Sheet(Language(tag), tuple((name, text) for name, text in blocks)) for tag, blocks in self.sheets)


class Outgoing(models.Model):
    """A notice that waits for a gateway: there from its queueing until it is handed over or fails. Its steps tell the
    rest, so that the outbox of a day is found among the notices of years."""

    notice = models.OneToOneField(Notice, models.PROTECT, primary_key=True, related_name="outgoing")
    channel = models.CharField(max_length=6, choices=[(each.value, each.label) for each in WAYS])

    class Meta:
        indexes = [models.Index(fields=["channel", "notice"], name="outgoing_of_channel")]

    def __str__(self) -> str:
        return f"N-{self.notice_id}"


class Delivery(models.Model):
    """One step on a notice's way: when it happened and by which proof (a file, a message id, a tray). Append-only."""

    id = models.BigAutoField(primary_key=True)
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="deliveries")
    step = models.CharField(max_length=11, choices=[(each.value, each.label) for each in DeliveryStep])
    happened_at = models.DateTimeField()
    proof = models.CharField(max_length=120, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()
    remark = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="delivery_step_once", fields=["notice", "step"]),
            models.CheckConstraint(name="delivery_has_proof", condition=Q(step="queued") | ~Q(proof="")),
        ]
        indexes = [models.Index(fields=["step", "happened_at"], name="delivery_of_step")]

    def __str__(self) -> str:
        return f"N-{self.notice_id} {self.step}"
