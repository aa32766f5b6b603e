"""Rows of rebates: programs with budgets, the manual, applications and what came of them, mandates and goals."""

from lamplighter.rebates.models.applications import AppliedIncentive, RebateApplication, RebatePaper
from lamplighter.rebates.models.mandates import ClimateGoal, Mandate
from lamplighter.rebates.models.manual import Incentive, ManualEntry, Measure
from lamplighter.rebates.models.programs import Commitment, RebateBudget, RebateProgram, RebateTerms
from lamplighter.rebates.models.results import Clawback, Inspection, RebatePayment, Saving

__all__ = [
    "AppliedIncentive",
    "Clawback",
    "ClimateGoal",
    "Commitment",
    "Incentive",
    "Inspection",
    "Mandate",
    "ManualEntry",
    "Measure",
    "RebateApplication",
    "RebateBudget",
    "RebatePaper",
    "RebatePayment",
    "RebateProgram",
    "RebateTerms",
    "Saving",
]
