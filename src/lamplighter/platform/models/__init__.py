"""Rows of the platform."""

from lamplighter.platform.models.acts import Approval, RequestKey, Run, StoredFile
from lamplighter.platform.models.events import AccessRecord, Event, PastRow, Remark
from lamplighter.platform.models.users import RoleGrant, User

__all__ = [
    "AccessRecord",
    "Approval",
    "Event",
    "PastRow",
    "Remark",
    "RequestKey",
    "RoleGrant",
    "Run",
    "StoredFile",
    "User",
]
