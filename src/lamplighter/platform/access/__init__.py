"""Who may do what: permissions, the roles that hold them, and duties that nobody may hold together."""

from lamplighter.platform.access.duties import conflicts
from lamplighter.platform.access.roles import PERMISSIONS, ROLES, permissions_of

__all__ = ["PERMISSIONS", "ROLES", "conflicts", "permissions_of"]
