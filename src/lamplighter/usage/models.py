"""Publications of interval revisions, imported files, register reads, outages, and what waits for a decision."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from lamplighter.kernel.energy import Quality
from lamplighter.metering.models import Channel
from lamplighter.platform.columns import ActorField, PeriodField, SpanField
from lamplighter.platform.models import Remark, StoredFile
from lamplighter.premises.models import ServicePoint


class ImportedFile(models.Model):
    """A meter file taken in (of an archive one `member`), by its content and the options with which it was read.

    `readings` with a value were in it. Intervals and register reads that went in the first time or later are `taken`,
    those that were stored already `unchanged`; readings that were said twice are `duplicates`; `estimated` intervals
    were filled around them. `waiting` matters of the file keep something out: unknown meters, channels that don't fit,
    bad lines. `tally` has the true count of every kind of finding; `findings` lists the first of each. While something
    waits, the same file may come again.
    """

    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="imports")
    member = models.CharField(max_length=255, blank=True)
    name = models.CharField(max_length=255)
    options = models.JSONField(default=dict)
    options_key = models.CharField(max_length=64)
    format = models.CharField(max_length=20)
    channels = models.IntegerField(default=0)
    readings = models.BigIntegerField(default=0)
    taken = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    duplicates = models.BigIntegerField(default=0)
    estimated = models.BigIntegerField(default=0)
    waiting = models.IntegerField(default=0)
    exceptions = models.IntegerField(default=0)
    unknown = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    tally = models.JSONField(default=dict)
    attempts = models.IntegerField(default=0)
    imported_at = models.DateTimeField()
    imported_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="import_once", fields=["file", "member", "options_key"]),
        ]
        indexes: ClassVar = [models.Index(fields=["-imported_at"], name="import_by_time")]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"import:{self.pk}"


class Publication(models.Model):
    """A revision of the interval store that counts. The row is written after the store's own commit."""

    class Kind(models.TextChoices):
        IMPORT = "import", "Imported"
        VALIDATION = "validation", "Validated and estimated"
        EDIT = "edit", "Edited by a person"
        CORRECTION = "correction", "Corrected"

    revision = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    channel_days = models.BigIntegerField()
    imported = models.ForeignKey(ImportedFile, models.PROTECT, null=True, related_name="publications")
    published_at = models.DateTimeField()
    published_by = ActorField()

    def __str__(self) -> str:
        return f"revision {self.revision}"


class IgnoredRevision(models.Model):
    """A revision number that was allotted and never published: a crash, or a transaction that was undone."""

    revision = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return f"ignored {self.revision}"


class RegisterRead(models.Model):
    """What a register showed at an instant, raw. Append-only: a correction is a new row that supersedes the old."""

    class Kind(models.TextChoices):
        CYCLE = "cycle", "Cycle read"
        START = "start", "Start read"
        STOP = "stop", "Stop read"
        INSTALL = "install", "Installed"
        REMOVE = "remove", "Removed"
        CHECK = "check", "Check read"

    id = models.BigAutoField(primary_key=True)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="reads")
    at = models.DateTimeField()
    count = models.BigIntegerField()
    quality = models.SmallIntegerField(choices=[(q.value, q.name.replace("_", " ").capitalize()) for q in Quality])
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.CYCLE)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="superseded_by")
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="read_not_negative", condition=Q(count__gte=0)),
            models.UniqueConstraint(
                name="read_once", fields=["channel", "at", "kind"], condition=Q(supersedes__isnull=True)
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["channel", "-at"], name="read_of_channel")]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.at:%Y-%m-%d %H:%M} {self.count}"

    @property
    def estimated(self) -> bool:
        return Quality(self.quality).estimated


class RuleGroup(models.Model):
    """The rules by which readings of a role are judged, in their order, for a period; `citation` says by what.

    `steps` are as `intervals.vee.described` has them. Where none is adopted, those that are shipped hold. A role that
    is none of `vee.groups.Role` is `then-` and the name of a further group, which a step of another may run.
    """

    role = models.CharField(max_length=60)
    period = PeriodField()
    steps = models.JSONField()
    citation = models.CharField(max_length=200)
    set_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_rule_group_at_a_time",
                expressions=[("role", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.period}"


class EstimationScore(models.Model):
    """How well a method tells what is hidden from a channel's own readings, for gaps of up to `hours`. `error` is the
    mean error of a gap's energy in percent, `band` what nine of ten trials stay within. Found anew each time.

    The `best` method of a gap length is the one that the channel's gaps are filled with.
    """

    id = models.BigAutoField(primary_key=True)
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="scores")
    hours = models.SmallIntegerField()
    method = models.CharField(max_length=16)
    trials = models.SmallIntegerField()
    error = models.DecimalField(max_digits=7, decimal_places=1)
    band = models.DecimalField(max_digits=7, decimal_places=1)
    best = models.BooleanField(default=False)
    scored_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="score_once", fields=["channel", "hours", "method"]),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.hours} h {self.method}: {self.error}%"


class Outage(models.Model):
    """Power known to have been out at a point: its intervals are zero, never estimated."""

    point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="outages")
    span = SpanField()
    source = models.CharField(max_length=40)

    def __str__(self) -> str:
        return f"{self.point_id} out {self.span}"


class DayWeather(models.Model):
    """The lowest, mean and highest temperature of a local day at a station, in degrees Fahrenheit."""

    id = models.BigAutoField(primary_key=True)
    station = models.CharField(max_length=20)
    day = models.DateField()
    low = models.DecimalField(max_digits=5, decimal_places=1)
    mean = models.DecimalField(max_digits=5, decimal_places=1)
    high = models.DecimalField(max_digits=5, decimal_places=1)
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="weather_of_day_once", fields=["station", "day"])]

    def __str__(self) -> str:
        return f"{self.station} {self.day}"


class IntervalException(models.Model):
    """Something about the readings of a channel that a person must decide, with the evidence to decide it.

    It begins at slot `slot` of local `day` and runs for `slots` slots, in all `span`; of a register read, `slot` is
    the minute of its day. `measured` and `threshold` are counts of the channel's measure, or numbers of slots or days
    where the rule counts those. `publication` is the revision with which it was found (none: nothing changed),
    `decided_in` the one that carries the decision (none: the decision changed no value).
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ACCEPTED = "accepted", "Accepted as read"
        EDITED = "edited", "Edited"
        ESTIMATED = "estimated", "Estimated"
        RESOLVED = "resolved", "Resolved by later data"

    id = models.BigAutoField(primary_key=True)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="exceptions")
    rule = models.CharField(max_length=40)
    day = models.DateField()
    slot = models.IntegerField()
    slots = models.IntegerField()
    span = SpanField()
    severity = models.SmallIntegerField()
    message = models.TextField()
    measured = models.BigIntegerField(null=True)
    threshold = models.BigIntegerField(null=True)
    proposal = models.CharField(max_length=20)
    evidence = models.JSONField(default=dict)
    account = models.BigIntegerField(null=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    imported = models.ForeignKey(ImportedFile, models.PROTECT, null=True, related_name="+")
    publication = models.ForeignKey(Publication, models.PROTECT, null=True, related_name="exceptions")
    found_at = models.DateTimeField()
    decided_in = models.ForeignKey(Publication, models.PROTECT, null=True, related_name="+")
    decided_by = ActorField(null=True)
    decided_at = models.DateTimeField(null=True)
    remark = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="exception_once", fields=["channel", "rule", "day", "slot"], condition=Q(state="open")
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["channel", "state", "day"], name="exception_of_channel"),
            models.Index(fields=["day", "id"], name="exception_open", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.channel_id} {self.day}"

    @property
    def subject(self) -> str:
        return f"exception:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN
