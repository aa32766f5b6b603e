"""Organisations with their people, what was said and promised, and contracts."""

from lamplighter.keyaccounts.models.complaints import Correction, Investigation
from lamplighter.keyaccounts.models.developments import (
    AdoptedPlanning,
    Development,
    DevelopmentNeed,
    DevelopmentStage,
    LoadLetter,
)
from lamplighter.keyaccounts.models.negotiations import (
    AdoptedCosts,
    ContractAlarm,
    ContractSigning,
    Negotiation,
    TermsDraft,
)
from lamplighter.keyaccounts.models.obligations import Obligation, ObligationTest
from lamplighter.keyaccounts.models.organisations import Assignment, Membership, Organisation, Tie
from lamplighter.keyaccounts.models.papers import Paper, SlideTemplate
from lamplighter.keyaccounts.models.plans import Goal, GoalReading, Plan, Risk, Scenario
from lamplighter.keyaccounts.models.projects import Project
from lamplighter.keyaccounts.models.relations import Gathering, Issue, Step, Touch, TouchPhoto
from lamplighter.keyaccounts.models.releases import DataConsent, DataRelease
from lamplighter.keyaccounts.models.surroundings import AdoptedSurroundings
from lamplighter.keyaccounts.models.terms import Contract

__all__ = [
    "AdoptedCosts",
    "AdoptedPlanning",
    "AdoptedSurroundings",
    "Assignment",
    "Contract",
    "ContractAlarm",
    "ContractSigning",
    "Correction",
    "DataConsent",
    "DataRelease",
    "Development",
    "DevelopmentNeed",
    "DevelopmentStage",
    "Gathering",
    "Goal",
    "GoalReading",
    "Investigation",
    "Issue",
    "LoadLetter",
    "Membership",
    "Negotiation",
    "Obligation",
    "ObligationTest",
    "Organisation",
    "Paper",
    "Plan",
    "Project",
    "Risk",
    "Scenario",
    "SlideTemplate",
    "Step",
    "TermsDraft",
    "Tie",
    "Touch",
    "TouchPhoto",
]
