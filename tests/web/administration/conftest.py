"""Ada, an administrator at her desk, and how she fills forms."""

from __future__ import annotations

from html import unescape
from uuid import uuid4

import pytest
from django.test import Client

from lamplighter.kernel.actors import staff
from lamplighter.platform.models import User

ADA = staff("administrator")


@pytest.fixture
def ada(signed_in) -> Client:
    return signed_in("administrator")


@pytest.fixture
def ada_herself(ada) -> User:
    return User.objects.get(username="administrator")


def text(response) -> str:
    return unescape(response.content.decode())


def send(client: Client, path: str, **fields):
    """Fill in and send a form as a page of its own."""
    return client.post(path, {"request_key": str(uuid4()), **fields})
