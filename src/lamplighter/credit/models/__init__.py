"""Rows of credit: what protects, what was promised, what collection did, and the certificates."""

from lamplighter.credit.models.certificates import Certificate, ContactAttempt, Cover, WeatherReport
from lamplighter.credit.models.plans import ArrangedDebt, Arrangement, Extension, Instalment
from lamplighter.credit.models.processes import Process, Step
from lamplighter.credit.models.standing import Hold
from lamplighter.credit.models.writeoffs import (
    Agency,
    AgencyFile,
    AgencyNews,
    AgencyPayment,
    Recovery,
    Referral,
    WriteOff,
    WrittenOffPart,
)

__all__ = [
    "Agency",
    "AgencyFile",
    "AgencyNews",
    "AgencyPayment",
    "ArrangedDebt",
    "Arrangement",
    "Certificate",
    "ContactAttempt",
    "Cover",
    "Extension",
    "Hold",
    "Instalment",
    "Process",
    "Recovery",
    "Referral",
    "Step",
    "WeatherReport",
    "WriteOff",
    "WrittenOffPart",
]
