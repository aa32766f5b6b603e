"""A crew's way to an order: only to those that are, or were, on its route."""

from __future__ import annotations

from django.http import HttpRequest

from lamplighter.fieldwork.models import Crew, Order, Visit
from lamplighter.fieldwork.queries.orders import crew_of
from lamplighter.web.access import refuse
from lamplighter.web.desk.orders.loading import load_order
from lamplighter.web.visits import visit


def my_crew(request: HttpRequest) -> Crew | None:
    """The crew that the person signed in rides with today."""
    asking = visit(request)
    return crew_of(asking.user, on=asking.on) if asking.user else None


def load_mine(request: HttpRequest, number: str) -> Order:
    """An order of one's own crew. What was taken off its route stays open to it: it may have been there already."""
    found = load_order(request, number, to="orders.work")
    crew = my_crew(request)
    if crew is None or not Visit.objects.filter(order=found, shift__crew=crew).exists():
        refuse("orders.work", "This order is not on your crew's route. Ask the dispatcher.")
    return found
