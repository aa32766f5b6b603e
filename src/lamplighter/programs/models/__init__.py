"""Rows of programs: what they are, by which terms, who asked, has them and was looked into; funds, gifts and grants."""

from lamplighter.programs.models.applications import Application, Household, Offer, Paper
from lamplighter.programs.models.enrollments import Enrollment, Reminder
from lamplighter.programs.models.funds import AssistanceFund, FundMove, FundTerms, Gift, Grant
from lamplighter.programs.models.samples import Sample, SampleCase
from lamplighter.programs.models.shares import BorneShare, IncomePlan
from lamplighter.programs.models.terms import Budget, IncomeGuideline, Program, ProgramTerms

__all__ = [
    "Application",
    "AssistanceFund",
    "BorneShare",
    "Budget",
    "Enrollment",
    "FundMove",
    "FundTerms",
    "Gift",
    "Grant",
    "Household",
    "IncomeGuideline",
    "IncomePlan",
    "Offer",
    "Paper",
    "Program",
    "ProgramTerms",
    "Reminder",
    "Sample",
    "SampleCase",
]
