"""Rows of credit: what protects, what was promised, what collection did, and the certificates."""

from lamplighter.credit.models.bankruptcies import Bankruptcy, CaseStep, FiledDebt
from lamplighter.credit.models.certificates import Certificate, ContactAttempt, Cover, WeatherReport
from lamplighter.credit.models.claims import GuarantorClaim
from lamplighter.credit.models.deposits import CreditReport, DepositDecision, DepositPart, DepositTerms, Security
from lamplighter.credit.models.forgiveness import Forgiveness, ForgivenessTerms, JudgedBill, SetAside
from lamplighter.credit.models.furnishing import BureauFile, FurnishedDebt, FurnishingStop, FurnishingTerms
from lamplighter.credit.models.hardships import Hardship
from lamplighter.credit.models.investigations import Investigation, InvestigationStep
from lamplighter.credit.models.openitems import AgeingStyle, AgeingTerms, Match
from lamplighter.credit.models.plans import ArrangedDebt, Arrangement, Extension, Instalment
from lamplighter.credit.models.pledges import (
    AgencyWorker,
    AssistanceAgency,
    AssistanceCheck,
    AssistanceCheckLine,
    Pledge,
)
from lamplighter.credit.models.processes import Process, Step
from lamplighter.credit.models.searches import Search, SearchStep
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
    "AgeingStyle",
    "AgeingTerms",
    "Agency",
    "AgencyFile",
    "AgencyNews",
    "AgencyPayment",
    "AgencyWorker",
    "ArrangedDebt",
    "Arrangement",
    "AssistanceAgency",
    "AssistanceCheck",
    "AssistanceCheckLine",
    "Bankruptcy",
    "BureauFile",
    "CaseStep",
    "Certificate",
    "ContactAttempt",
    "Cover",
    "CreditReport",
    "DepositDecision",
    "DepositPart",
    "DepositTerms",
    "Extension",
    "FiledDebt",
    "Forgiveness",
    "ForgivenessTerms",
    "FurnishedDebt",
    "FurnishingStop",
    "FurnishingTerms",
    "GuarantorClaim",
    "Hardship",
    "Hold",
    "Instalment",
    "Investigation",
    "InvestigationStep",
    "JudgedBill",
    "Match",
    "Pledge",
    "Process",
    "Recovery",
    "Referral",
    "Search",
    "SearchStep",
    "Security",
    "SetAside",
    "Step",
    "WeatherReport",
    "WriteOff",
    "WrittenOffPart",
]
