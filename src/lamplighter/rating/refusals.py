"""What is raised when a bill cannot be priced or a load cannot be measured; each message can be read aloud."""

from __future__ import annotations


class CannotPrice(Exception):
    """This account, period or load cannot be priced on this tariff. `code` names the reason for worklists."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class CannotMeasure(CannotPrice):
    """The load does not show what a tariff asks of it."""
