"""Rows of programs: what they are and by which terms, who asked, who has them, and who was looked into."""

from lamplighter.programs.models.applications import Application, Household, Offer, Paper
from lamplighter.programs.models.enrollments import Enrollment, Reminder
from lamplighter.programs.models.samples import Sample, SampleCase
from lamplighter.programs.models.terms import Budget, IncomeGuideline, Program, ProgramTerms

__all__ = [
    "Application",
    "Budget",
    "Enrollment",
    "Household",
    "IncomeGuideline",
    "Offer",
    "Paper",
    "Program",
    "ProgramTerms",
    "Reminder",
    "Sample",
    "SampleCase",
]
