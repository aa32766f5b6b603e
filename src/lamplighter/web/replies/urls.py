"""The addresses of links in our letters."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.replies import offers, surveys

app_name = "replies"
urlpatterns = [
    path("offer/<str:token>/", offers.show, name="offer"),
    path("offer/<str:token>/say/", offers.say, name="say"),
    path("survey/<str:token>/", surveys.survey, name="survey"),
]
