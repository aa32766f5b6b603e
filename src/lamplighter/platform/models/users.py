"""Logins and the roles that they hold. A customer's login holds none: it reaches its own accounts only."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.utils import timezone

from lamplighter.kernel.actors import Actor, ActorKind
from lamplighter.platform.columns import ActorField, MoneyField, PeriodField


class User(AbstractBaseUser):
    """Somebody, or some system, that signs in. `username` is what the audit trail names."""

    class Kind(models.TextChoices):
        STAFF = ActorKind.STAFF.value, "Staff"
        CUSTOMER = ActorKind.CUSTOMER.value, "Customer"
        PARTNER = ActorKind.PARTNER.value, "Partner system"

    username = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=120)
    title = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    single_keys = models.BooleanField(default=True)  # WCAG 2.1.4: shortcuts can be switched off
    theme = models.CharField(max_length=6, default="system")
    joined_at = models.DateTimeField(default=timezone.now)

    objects = DjangoUserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "kind"]

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind(self.kind), self.username)

    @property
    def short_name(self) -> str:
        first, _, last = self.name.partition(" ")
        return f"{first} {last[:1]}." if last else first

    # Django asks these of a user model; permissions are ours (platform.access), so its own grant nothing.
    is_staff = False
    is_superuser = False

    def has_perm(self, perm: str, obj: object = None) -> bool:  # noqa: ARG002
        return False

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002
        return False


class RoleGrant(models.Model):
    """A role held by a login for a period. Ended; deleted only when it is taken back before a day of it is over."""

    user = models.ForeignKey(User, models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=40)
    period = PeriodField()
    granted_by = ActorField()
    ended_by = ActorField(null=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="role_held_once",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="role_named", condition=~Q(role="")),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} as {self.role} {self.period}"


class ApprovalLimit(models.Model):
    """The highest amount that a role may decide under a permission, for a period; no row, no authority."""

    role = models.CharField(max_length=40)
    permission = models.CharField(max_length=60)
    amount = MoneyField()
    period = PeriodField()
    set_by = ActorField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_limit_at_a_time",
                expressions=[
                    ("role", RangeOperators.EQUAL),
                    ("permission", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="limit_is_an_amount", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.permission} to {self.amount}"
