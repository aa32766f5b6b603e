"""AutoPay: authorizations, holds, blocked bank accounts; drafts, their steps, and the files that carry them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account
from lamplighter.payments.models.tenders import PaymentEvent, TenderControl
from lamplighter.platform.columns import ActorField, MoneyField, PeriodField


class SavedCard(models.Model):
    """A card that the processor keeps for an account. `id` is its name for it, of no use without our key there; of the
    card itself only brand, last four digits and the last day of its validity are known here."""

    id = models.CharField(max_length=40, primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="saved_cards")
    brand = models.CharField(max_length=12)
    last_four = models.CharField(max_length=4)
    expires_on = models.DateField()
    saved_at = models.DateTimeField()
    updated_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.brand.capitalize()} …{self.last_four}"


class Autopay(models.Model):
    """An authorization to draw an account's bills from a bank account, or to charge them to a `card`; `words` are the
    customer's, as they were given.

    Bills issued from `begins` on are drawn. The bank account is sealed; `last_four` is shown. It runs until ended.
    """

    class Consent(models.TextChoices):
        RECORDED = "recorded", "Recorded call"
        SIGNED = "signed", "Signed"
        ONLINE = "online", "Agreed online"

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="autopays")
    card = models.ForeignKey(SavedCard, models.PROTECT, null=True, related_name="autopays")
    sealed = models.TextField()
    digest = models.CharField(max_length=64)
    last_four = models.CharField(max_length=4)
    savings = models.BooleanField(default=False)
    business = models.BooleanField(default=False)
    holder = models.CharField(max_length=22)
    consent = models.CharField(max_length=8, choices=Consent.choices)
    words = models.TextField()
    begins = models.DateField()
    begun_at = models.DateTimeField()
    begun_by = ActorField()
    ended_on = models.DateField(null=True)
    ended_by = ActorField(null=True)
    why_ended = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_autopay_at_a_time", fields=["account"], condition=Q(ended_on=None)),
            models.CheckConstraint(
                name="autopay_ended_whole",
                condition=Q(ended_on__isnull=True, ended_by__isnull=True, why_ended="")
                | (Q(ended_on__isnull=False, ended_by__isnull=False) & ~Q(why_ended="")),
            ),
            models.CheckConstraint(
                name="autopay_from_bank_or_card",
                condition=(Q(card__isnull=True) & ~Q(sealed="")) | Q(card__isnull=False, sealed="", digest=""),
            ),
        ]

    def __str__(self) -> str:
        if self.card is not None:
            return str(self.card)
        return f"{'savings' if self.savings else 'checking'} …{self.last_four}"

    @property
    def subject(self) -> str:
        return f"autopay:{self.pk}"


class AutopayHold(models.Model):
    """For a period nothing is drawn; `reason` says why."""

    autopay = models.ForeignKey(Autopay, models.PROTECT, related_name="holds")
    period = PeriodField()
    reason = models.CharField(max_length=120)
    begun_by = ActorField()
    ended_by = ActorField(null=True)

    def __str__(self) -> str:
        return f"{self.autopay_id} held {self.period}"


class BlockedBank(models.Model):
    """A bank account that its bank said is none to draw from; known again by its digest."""

    digest = models.CharField(max_length=64, primary_key=True)
    last_four = models.CharField(max_length=4)
    code = models.CharField(max_length=3)
    since = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    def __str__(self) -> str:
        return f"…{self.last_four} {self.code}"


class DraftFile(models.Model):
    """A file of drafts that went to the bank; its payments stand in a period of their own."""

    number = models.IntegerField(primary_key=True)
    file = models.CharField(max_length=64, unique=True)
    made_on = models.DateField()
    pays_on = models.DateField()
    entries = models.IntegerField()
    amount = MoneyField()
    control = models.OneToOneField(TenderControl, models.PROTECT, null=True, related_name="draft_file")
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    def __str__(self) -> str:
        return f"autopay file {self.number}"

    @property
    def subject(self) -> str:
        return f"draft-file:{self.number}"


class Draft(models.Model):
    """One bill to be drawn on a day, as it was announced; `attempt` 1 and 2 present it again. A prenote has no bill.

    `corrects`: the draft that came back as not in accordance with the authorization (R11), put right by this one.
    """

    id = models.BigAutoField(primary_key=True)
    autopay = models.ForeignKey(Autopay, models.PROTECT, related_name="drafts")
    bill = models.CharField(max_length=20, blank=True)
    attempt = models.SmallIntegerField(default=0)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="correction")
    amount = MoneyField()
    draw_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="bill_drawn_once", fields=["bill", "attempt"], condition=~Q(bill="") & Q(corrects=None)
            ),
            models.CheckConstraint(
                name="draft_has_an_amount", condition=Q(bill="", amount=0) | (~Q(bill="") & Q(amount__gt=0))
            ),
            models.CheckConstraint(name="draft_attempts", condition=Q(attempt__range=(0, 2))),
        ]

    def __str__(self) -> str:
        return f"{self.amount} on {self.draw_on}"

    @property
    def subject(self) -> str:
        return f"draft:{self.pk}"


class DraftStep(models.Model):
    """What became of a draft. Append-only; the newest is where it stands. `settled_on`: of a return, by its bank."""

    class Act(models.TextChoices):
        SENT = "sent", "Sent to the bank"
        CHARGED = "charged", "Charged to the card"
        DECLINED = "declined", "Declined"
        SKIPPED = "skipped", "Not drawn"
        RETURNED = "returned", "Returned"

    id = models.BigAutoField(primary_key=True)
    draft = models.ForeignKey(Draft, models.PROTECT, related_name="steps")
    act = models.CharField(max_length=8, choices=Act.choices)
    on = models.DateField()
    why = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=3, blank=True)
    settled_on = models.DateField(null=True)
    trace = models.CharField(max_length=15, blank=True, db_index=True)
    file = models.ForeignKey(DraftFile, models.PROTECT, null=True, related_name="steps")
    event = models.OneToOneField(PaymentEvent, models.PROTECT, null=True, related_name="draft_step")
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="draft_settled_once", fields=["draft"],
                                    condition=Q(act__in=["sent", "charged", "declined", "skipped"])),
            models.UniqueConstraint(name="draft_returned_once", fields=["draft"], condition=Q(act="returned")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.draft_id} {self.act}"
