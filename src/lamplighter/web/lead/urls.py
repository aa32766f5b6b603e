"""The supervisor's addresses."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.lead.approvals import views as approvals
from lamplighter.web.lead.conditions import views as conditions

app_name = "lead"
urlpatterns = [
    path("approvals/", approvals.listed, name="approvals"),
    path("approvals/<int:pk>/", approvals.decide, name="approval"),
    path("conditions/", conditions.listed, name="conditions"),
    path("conditions/do/weather/", conditions.weather, name="do-weather"),
    path("conditions/do/cover/", conditions.cover, name="do-cover"),
]
