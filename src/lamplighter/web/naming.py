"""Who it is, in lists and sentences: actors ("Dana Reyes", "bill run") and the customers of accounts."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, Trim
from django_tables2 import Column

from lamplighter.accounts.models import AccountRole, Agreement
from lamplighter.kernel.actors import Actor, ActorKind
from lamplighter.platform.models import User


def named(actor: str) -> Coalesce:
    """An expression for lists: the name of the login in the column `actor`, or what stands there."""
    key = Concat("kind", Value(":"), "username", output_field=CharField())
    logins: QuerySet[User] = User.objects.annotate(key=key).filter(key=OuterRef(actor))
    return Coalesce(Subquery(logins.values("name")[:1]), F(actor), output_field=CharField())


def customer_of(account: str) -> Coalesce:
    """An expression for lists: "Nguyen, Thi Hoa", the customer of the account in the column `account`, now or last."""
    roles = AccountRole.objects.filter(account=OuterRef(account), role=AccountRole.Role.MAIN).order_by("-period")
    return Coalesce(Subquery(roles.values("person__sort_name")[:1]), Value("No customer"), output_field=CharField())


def address_of(account: str) -> Coalesce:
    """An expression for lists: where the account in the column `account` has service, or had it last."""
    served = Agreement.objects.filter(account=OuterRef(account), premise__isnull=False).order_by("-period")
    place = Trim(Concat("premise__street", Value(" "), "premise__unit"))
    return Coalesce(Subquery(served.annotate(place=place).values("place")[:1]), Value(""), output_field=CharField())


def names_of(actors: Iterable[Actor | None]) -> dict[Actor, str]:
    """The name of each actor; one query, or none where no login is among them."""
    wanted = {actor for actor in actors if actor is not None}
    people = {actor.key for actor in wanted if actor.kind is not ActorKind.SYSTEM}
    known = dict(User.objects.filter(username__in=people).values_list("username", "name")) if people else {}
    return {actor: known.get(actor.key) or plain(actor) for actor in wanted}


def name_of(actor: Actor | None) -> str:
    """One actor's name; empty for nobody."""
    return names_of([actor]).get(actor, "") if actor else ""


def plain(actor: Actor | str) -> str:
    """What can be said of an actor without asking: "bill run" of `system:bill-run`."""
    return str(actor).partition(":")[2].replace("-", " ")


class ActorColumn(Column):  # type: ignore[misc]
    """A column over what `named` gave: a person's name, or the job that did it."""

    def render(self, value: str) -> str:
        return plain(value) if ":" in value else value

    def value(self, value: str) -> str:
        return self.render(value)
