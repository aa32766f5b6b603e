"""One-time keys: a form posted twice, or a retried call, acts once and answers the same.

The key is claimed inside the acting transaction: a second request waits on the first and then finds its result.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection

from lamplighter.kernel.actors import Actor
from lamplighter.platform.models import RequestKey
from lamplighter.platform.transactions import in_transaction


class KeyReused(Exception):
    """The same key came with another request; nothing was done."""


@in_transaction
def claim(key: UUID, *, by: Actor, content: str, at: datetime) -> str | None:
    """None when the request is new and must act now; else the result of the first one.

    `content` is everything that the request asks for. Raises KeyReused when it differs from the first.
    """
    digest = hashlib.sha256(content.encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO platform_requestkey (key, actor, digest, result, at) VALUES (%s, %s, %s, '', %s) "
            "ON CONFLICT (key) DO NOTHING RETURNING key",
            [key, str(by), digest, at],
        )
        if cursor.fetchone():
            return None
    first = RequestKey.objects.get(key=key)
    if first.digest != digest or first.actor != by:
        raise KeyReused("This form was already used for something else. Open it again.")
    return first.result


@in_transaction
def claim_many(contents: Mapping[UUID, str], *, by: Actor, at: datetime) -> dict[UUID, str | KeyReused | None]:
    """The batch form of `claim`: for each key None, the earlier result, or that it came with something else."""
    digests = {key: hashlib.sha256(content.encode()).hexdigest() for key, content in contents.items()}
    ordered = sorted(digests)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO platform_requestkey (key, actor, digest, result, at) "
            "SELECT key, %s, digest, '', %s FROM unnest(%s::uuid[], %s::text[]) AS asked (key, digest) "
            "ON CONFLICT (key) DO NOTHING RETURNING key",
            [str(by), at, ordered, [digests[key] for key in ordered]],
        )
        new = {key for (key,) in cursor.fetchall()}
    found: dict[UUID, str | KeyReused | None] = dict.fromkeys(new)
    for first in RequestKey.objects.filter(pk__in=[key for key in ordered if key not in new]):
        same = first.digest == digests[first.key] and first.actor == by
        found[first.key] = first.result if same else KeyReused("This key was already used for something else.")
    return found


@in_transaction
def answer_many(results: Mapping[UUID, str]) -> None:
    """The batch form of `answer`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE platform_requestkey r SET result = given.result "
            "FROM unnest(%s::uuid[], %s::text[]) AS given (key, result) WHERE r.key = given.key",
            [list(results), list(results.values())],
        )


@in_transaction
def answer(key: UUID, *, result: str) -> None:
    """Keep what the request led to (a number, a URL path), for its repeats."""
    RequestKey.objects.filter(key=key).update(result=result)
