"""Addresses of open items."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.desk.openitems import acts, views
from lamplighter.web.desk.openitems import happenings as told  # noqa: F401 - tells the timeline

OPEN_ITEMS = [
    path("accounts/<str:number>/open-items/", views.items, name="open-items"),
    path("accounts/<str:number>/open-items/do/style/", acts.style, name="do-ageing-style"),
    path("accounts/<str:number>/open-items/<int:pk>/do/match/", acts.match, name="do-match"),
    path("accounts/<str:number>/open-items/<int:pk>/do/unmatch/", acts.undo, name="do-unmatch"),
]
