"""Act once: a form that is sent twice, by hand or by a shaky line, does its work one time and answers the same."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest

from lamplighter.platform.operations.requests import answer, claim
from lamplighter.platform.transactions import unit_of_work
from lamplighter.web.access import actor
from lamplighter.web.visits import visit

NOT_CONTENT = frozenset({"csrfmiddlewaretoken", "request_key", "confirmed"})


def once(request: HttpRequest, *, key: UUID, act: Callable[[], str]) -> str:
    """Run `act` in one unit of work, or give the result that the same request had before.

    `act` returns a short result that its repeats can be answered with (a number, a path; at most 200 characters).
    Raises platform's KeyReused when the key came with other content.
    """
    by, at = actor(request), visit(request).at
    with unit_of_work(by):
        earlier = claim(key, by=by, content=content(request), at=at)
        if earlier is not None:
            return earlier
        result = act()
        answer(key, result=result)
        return result


def content(request: HttpRequest) -> str:
    """Everything that a POST asks for, as one text: its address, its fields and the names of its files."""
    asked = [(name, value) for name, values in sorted(request.POST.lists()) for value in values]
    files = [(name, file.name or "") for name, files in sorted(request.FILES.lists()) for file in files]
    return f"{request.path}?{urlencode([pair for pair in [*asked, *files] if pair[0] not in NOT_CONTENT])}"
