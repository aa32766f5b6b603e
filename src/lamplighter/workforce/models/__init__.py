"""Rows of the unit's own work."""

from lamplighter.workforce.models.duties import DeskDuty, DutyDone, DutyHandover, DutyReturn, ListFinish
from lamplighter.workforce.models.goals import Goal
from lamplighter.workforce.models.logs import Log, LogLine
from lamplighter.workforce.models.reviews import WorkReview
from lamplighter.workforce.models.training import Assignment, Attempt, Module

__all__ = [
    "Assignment",
    "Attempt",
    "DeskDuty",
    "DutyDone",
    "DutyHandover",
    "DutyReturn",
    "Goal",
    "ListFinish",
    "Log",
    "LogLine",
    "Module",
    "WorkReview",
]
