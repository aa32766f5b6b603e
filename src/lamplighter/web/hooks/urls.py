"""The addresses that gateways are given."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.hooks import views
from lamplighter.web.hooks.cards import cards

app_name = "hooks"
urlpatterns = [
    path("cards/", cards, name="cards"),
    path("calls/", views.calls, name="calls"),
    path("texts/", views.texts, name="texts"),
    path("texts/told/", views.told, name="texts-told"),
]
