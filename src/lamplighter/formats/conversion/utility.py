"""What a utility has before its first customer, as one text: who it is, its bank, who taxes, where it takes money."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from lamplighter.formats.conversion.tables import Cents, Key
from lamplighter.kernel.findings import Finding, Place
from lamplighter.kernel.money import Money

Name = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=23, strip_whitespace=True)]
"""As long as a name may be in an ACH file (Nacha: immediate origin name, 23 characters)."""

Login = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=60)]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]


Kind = Literal["drawer", "lockbox", "pay-station", "electronic"]
CLEARING: dict[Kind, str] = {
    "drawer": "cash-drawers", "lockbox": "lockbox-clearing", "pay-station": "lockbox-clearing",
    "electronic": "ach-clearing",
}  # fmt: skip


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Administrator(Part):
    """The first login: who adds all others."""

    login: Login
    name: Name
    email: Email


class Bank(Part):
    """Where deposits go and refunds come from. `company` is the identification that the bank gave for ACH files."""

    bank: Short
    routing: Annotated[str, StringConstraints(pattern=r"^\d{9}$")]
    number: Annotated[str, StringConstraints(pattern=r"^\d{4,17}$")]
    holder: Short
    company: Annotated[str, StringConstraints(min_length=1, max_length=10)]


class Jurisdiction(Part):
    """Who taxes service at a premise."""

    key: Key
    name: Name


class Source(Part):
    """Where payments come in. The books keep what it took under `gl_code` until it is at the bank."""

    key: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,30}$")]
    name: Name
    kind: Kind
    opening_float: Cents = Money(0)

    @property
    def gl_code(self) -> str:
        """The code of the general ledger (`ledger.chart`)."""
        return CLEARING[self.kind]


class Cycle(Part):
    """Accounts that are read and billed together."""

    code: Key
    name: Name


class Utility(Part):
    """Of each `jurisdiction`, `source` and `cycle` a table of its own, `[[cycle]]` and so on."""

    name: Name
    phone: Annotated[str, StringConstraints(min_length=1, max_length=30)]
    website: Name
    office: Annotated[str, StringConstraints(min_length=1, max_length=160)]
    email: Email
    administrator: Administrator | None = None
    bank: Bank | None = None
    jurisdiction: tuple[Jurisdiction, ...]
    source: tuple[Source, ...] = ()
    cycle: tuple[Cycle, ...]


class Refused(Exception):
    """The text says something that is not known, or leaves out what is needed: a finding for each."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(str(one) for one in findings))
        self.findings = findings


def utility_of(path: Path) -> Utility:
    """Read the text. Raises Refused."""
    try:
        return Utility.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise Refused([Finding("utility.file", f"{fault}.".capitalize(), place=Place(path.name))]) from fault
    except ValidationError as refused:
        raise Refused([
            Finding(
                "utility.value", f"{error['msg'].removeprefix('Value error, ')}.",
                place=Place(path.name, 0, ".".join(str(part) for part in error["loc"])),
            )
            for error in refused.errors(include_url=False)
        ]) from refused  # fmt: skip
