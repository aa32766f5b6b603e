"""Who may open which view: every view declares its reach, and one guard enforces it before the view runs.

A view carries one declaration: `@public`, `@signed_in`, `@staff_only`, `@customers_only` or `@needs("context.verb")`.
A view that declares nothing can't be opened. What a person may see of an object is for the loader to say, and it
says no with `refuse`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar, cast
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from lamplighter.kernel.actors import Actor
from lamplighter.platform.access import PERMISSIONS, ROLES
from lamplighter.platform.models import User
from lamplighter.web.visits import visit

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Public:
    """Anybody, signed in or not."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Anybody with a login of one of these kinds."""

    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Needs:
    """Staff who hold all of these permissions today."""

    permissions: tuple[str, ...]

    def __post_init__(self) -> None:
        assert self.permissions, "a view needs something"
        assert set(self.permissions) <= set(PERMISSIONS), self.permissions

    def missing(self, held: frozenset[str]) -> str:
        """The first of them that is not held, or nothing."""
        return next((permission for permission in self.permissions if permission not in held), "")


@dataclass(frozen=True, slots=True)
class Closed:
    """Nobody: a third party's page that we do not offer."""


Reach = Public | SignedIn | Needs | Closed
PUBLIC = Public()
ANYBODY = SignedIn(frozenset(User.Kind.values))
STAFF = SignedIn(frozenset({User.Kind.STAFF.value}))
CUSTOMERS = SignedIn(frozenset({User.Kind.CUSTOMER.value}))
CLOSED = Closed()

_third_party: dict[str, Reach] = {}


class Refused(PermissionDenied):
    """A person may not do this; the page says why and who can. `because` is fit to be read aloud."""

    def __init__(self, permission: str, because: str = "") -> None:
        self.permission = permission
        self.because = because or f"You can't {PERMISSIONS[permission]}."
        super().__init__(self.because)

    @property
    def who_can(self) -> tuple[str, ...]:
        return who_can(self.permission)


def actor(request: HttpRequest) -> Actor:
    """Who is acting. Asking on a public page, where nobody may be signed in, is a fault."""
    user = visit(request).user
    assert user is not None, "nobody is signed in: the view's reach is too wide"
    return user.actor


def permissions(request: HttpRequest) -> frozenset[str]:
    """What the person signed in may do today, in the utility's zone; nothing for customers and the public."""
    return visit(request).permissions


def refuse(permission: str, because: str = "") -> NoReturn:
    """`refuse("adjustments.approve", "Refunds over $100 need a supervisor.")`"""
    raise Refused(permission, because)


def require(request: HttpRequest, permission: str, because: str = "") -> None:
    """Inside a view: go on only with this permission."""
    if permission not in permissions(request):
        refuse(permission, because)


def may_open(request: HttpRequest, url: str) -> bool:
    """Whether the person signed in reaches this page of ours: what leads elsewhere need not be shown."""
    try:
        match = resolve(urlsplit(url).path)
    except Resolver404:
        return False
    reach, user = reach_of(match.func, match.url_name), visit(request).user
    match reach:
        case Public():
            return True
        case SignedIn(kinds):
            return user is not None and user.kind in kinds
        case Needs():
            return not reach.missing(permissions(request))
    return False


def who_can(permission: str) -> tuple[str, ...]:
    """Labels of the roles that hold a permission, as an administrator grants them."""
    return tuple(role.label for role in ROLES.values() if permission in role.permissions)


def declare(reach: Reach) -> Callable[[View], View]:
    def mark(view: View) -> View:
        assert not hasattr(view, "reach"), f"{view} declares its reach twice"
        view.reach = reach  # type: ignore[attr-defined]
        return view

    return mark


def needs(*permissions: str) -> Callable[[View], View]:
    """All of these: what the view itself asks for, and what its loader does."""
    return declare(Needs(permissions))


public = declare(PUBLIC)
signed_in = declare(ANYBODY)
staff_only = declare(STAFF)
customers_only = declare(CUSTOMERS)


def declare_third_party(reach: Reach, *url_names: str) -> None:
    """Declare the views of a library by their URL names."""
    _third_party.update(dict.fromkeys(url_names, reach))


def reach_of(view: Callable[..., Any], url_name: str | None) -> Reach | None:
    return cast("Reach | None", getattr(view, "reach", None) or _third_party.get(url_name or ""))


@dataclass(frozen=True, slots=True)
class Surface:
    """One URL pattern with who may open it; `reach` is None where somebody forgot to say."""

    route: str
    name: str
    reach: Reach | None
    view: Callable[..., Any]


def surfaces() -> Iterator[Surface]:
    """Every URL pattern of the program, for the generated matrix of URL and role."""
    yield from _surfaces(get_resolver().url_patterns, "", "")


def _surfaces(patterns: list[URLPattern | URLResolver], route: str, space: str) -> Iterator[Surface]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _surfaces(pattern.url_patterns, here, inner)
        else:
            yield Surface(
                here, f"{space}{pattern.name or ''}", reach_of(pattern.callback, pattern.name), pattern.callback
            )


class Guard:
    """Middleware: nobody reaches a view beyond their reach, nor with an address that no database can be asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if _unaskable(request) and not (match and "api" in match.namespaces):  # which says so in its own form
            raise BadRequest("This address holds a character that is none.")
        reach = reach_of(view, match.url_name if match else None)
        user = visit(request).user
        match reach:
            case Public():
                return None
            case Closed():
                raise Http404
            case None:
                raise ImproperlyConfigured(f"{view.__module__}.{view.__name__} declares no reach (web.access)")
        if user is None:
            return _sign_in(request)
        match reach:
            case SignedIn(kinds) if user.kind not in kinds:
                raise PermissionDenied(_not_for(user.kind))
            case Needs() if missing := reach.missing(visit(request).permissions):
                raise Refused(missing)
        return None


def _unaskable(request: HttpRequest) -> bool:
    return "\x00" in request.path or any("\x00" in said for _, every in request.GET.lists() for said in every)


def _sign_in(request: HttpRequest) -> HttpResponse:
    """Who sent a form after their sign-in ended is told that nothing was done, and comes back to the form's page."""
    door = resolve_url("account_login") + ("" if request.method == "GET" else "?ended=1")
    if request.headers.get("HX-Request"):
        back = request.headers.get("HX-Current-URL", "/")
        return HttpResponse(headers={"HX-Redirect": redirect_to_login(back, door).url})
    return redirect_to_login(request.get_full_path(), door)


def _not_for(kind: str) -> str:
    return "This page is for staff." if kind == User.Kind.CUSTOMER else "This page is not for your kind of login."
