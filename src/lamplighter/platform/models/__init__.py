"""Rows of the platform."""

from lamplighter.platform.models.acts import Approval, RequestKey, Run, StoredFile
from lamplighter.platform.models.events import AccessRecord, Event, PastRow, Remark
from lamplighter.platform.models.legacy import LegacyKey
from lamplighter.platform.models.policies import PolicyTerms
from lamplighter.platform.models.retention import RetentionTerms
from lamplighter.platform.models.tokens import ApiToken
from lamplighter.platform.models.users import ApprovalLimit, RoleGrant, User

__all__ = [
    "AccessRecord",
    "ApiToken",
    "Approval",
    "ApprovalLimit",
    "Event",
    "LegacyKey",
    "PastRow",
    "PolicyTerms",
    "Remark",
    "RequestKey",
    "RetentionTerms",
    "RoleGrant",
    "Run",
    "StoredFile",
    "User",
]
