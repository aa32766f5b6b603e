"""The shut-off certificate that a command to switch off must carry, as the network asks for it.

`credit` stands above the network: it issues certificates and registers how one is checked. Until it has done so, and
wherever the check finds anything against it, nothing is sent.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Check = Callable[[str, int | None, datetime], str]
_checks: list[Check] = []


def on_check(check: Check) -> Check:
    """Register how a certificate (by number) is checked for a point at an instant: why not, or nothing."""
    assert not _checks, "certificates are checked in one place"
    _checks.append(check)
    return check


def why_not(number: str, *, point: int | None, at: datetime) -> str:
    """Why nobody may be switched off on this certificate now, or nothing."""
    if not _checks:
        return "Shut-off certificates can't be checked here, so nobody is switched off."
    return _checks[0](number, point, at)
