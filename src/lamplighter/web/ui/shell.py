"""What every staff page's shell shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def context(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001
    return {"utility": settings.UTILITY_NAME}
