"""Administration's addresses."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.administration.limits import views as limits
from lamplighter.web.administration.rates import views as rates

app_name = "admin-desk"
urlpatterns = [
    path("rules/", limits.listed, name="rules"),
    path("rules/do/set/", limits.change, name="do-set-limit"),
    path("rates/", rates.schedules, name="rates"),
    path("rates/do/draft/", rates.draft, name="do-draft"),
    path("rates/versions/<int:pk>/", rates.version, name="version"),
    path("rates/versions/<int:pk>/do/propose/", rates.propose, name="do-propose"),
    path("rates/schedules/<path:key>/", rates.schedule, name="schedule"),
]
