"""How `lamplighter price` says no: with findings, and an exit code that tells a refusal from an unreadable file."""

from __future__ import annotations

from collections.abc import Iterable

from lamplighter.kernel.findings import Finding, Place

REFUSED, UNREADABLE = 1, 2


class Refused(Exception):
    """Nothing was priced. `code` is the process's exit code."""

    def __init__(self, findings: Iterable[Finding], code: int = REFUSED) -> None:
        self.findings = tuple(findings)
        self.code = code
        super().__init__("; ".join(str(finding) for finding in self.findings))


def unreadable(file: str, message: str, remedy: str = "", line: int = 0) -> Refused:
    return Refused([Finding("price.unreadable", message, place=Place(file, line), remedy=remedy)], UNREADABLE)


def refused(code: str, message: str, remedy: str = "", file: str = "") -> Refused:
    return Refused([Finding(f"price.{code}", message, place=Place(file), remedy=remedy)])
