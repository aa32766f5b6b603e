"""The supervisor's addresses."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.lead.approvals import views as approvals

app_name = "lead"
urlpatterns = [
    path("approvals/", approvals.listed, name="approvals"),
    path("approvals/<int:pk>/", approvals.decide, name="approval"),
]
