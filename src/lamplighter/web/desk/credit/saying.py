"""What the deposit policy says of somebody, as words on a form."""

from __future__ import annotations

from lamplighter.credit.queries.deposits import Standing
from lamplighter.web.ui.parts import Alert, Fact, Level


def says(standing: Standing) -> list[Alert]:
    """The policy's answer on top of a form: the amount, then why."""
    found = standing.recommendation
    title = f"The policy asks for a deposit of {found.amount}" if found.amount else "The policy asks for no deposit"
    return [Alert(Level.WATCH if found.amount else Level.KNOW, title, _why(standing))]


def policy_fact(standing: Standing) -> Fact:
    """The same in a line, where the amount is typed above it."""
    found = standing.recommendation
    return Fact("Deposit policy", f"{found.amount or 'None'}. {_why(standing)}")


def _why(standing: Standing) -> str:
    return " ".join(one.words for one in standing.recommendation.reasons)
