"""The addresses of requests and of the search."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.desk.requests import acts, searching, views

REQUESTS = [
    path("requests/", views.listed, name="requests"),
    path("requests/do/ask/", acts.ask_anybody, name="do-ask-anybody"),
    path("requests/<int:pk>/", views.one, name="request"),
    path("requests/<int:pk>/do/<slug:to>/", acts.move, name="do-move-request"),
    path("accounts/<str:number>/do/ask/", acts.ask, name="do-ask"),
    path("history/", searching.search, name="history-search"),
]
